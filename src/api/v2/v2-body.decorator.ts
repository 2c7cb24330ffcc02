import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { readNestedBody } from '../body/nested-body.js';
import { LIST_NAMES, validated } from './v2-requests.js';

/** `@V2Body(schema) request: Request` on a controller's parameter: the body in any of its formats, by its schema. */
export function V2Body(schema: z.ZodType): ParameterDecorator {
  // The schema is no data of the decorator: Nest would take it for a pipe.
  const decorator = createParamDecorator((_: unknown, context: ExecutionContext) => {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const source = {
      url: request.raw.url ?? '',
      contentType: request.headers['content-type'],
      body: Buffer.isBuffer(request.body) ? request.body : undefined,
    };
    return validated(schema, readNestedBody(source, LIST_NAMES));
  });
  return decorator();
}
