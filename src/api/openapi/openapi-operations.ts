import { z } from 'zod';
import type { Operation } from './operation.js';

/** The document itself. */
export const OPENAPI_OPERATIONS: readonly Operation[] = [
  {
    method: 'get',
    path: '/api/openapi.json',
    operationId: 'getOpenApiDocument',
    summary: 'This document',
    credentials: 'none',
    headers: z.object({
      'If-None-Match': z.string().optional().meta({ description: 'The ETag of a stored copy.' }),
    }),
    answers: {
      200: {
        description: 'The OpenAPI document.',
        schema: z
          .looseObject({ openapi: z.string(), info: z.looseObject({}), paths: z.looseObject({}) })
          .meta({ id: 'OpenApiDocument' }),
        headers: z.object({ ETag: z.string() }),
      },
      304: { description: 'The stored copy is the current document.' },
    },
  },
];
