import { z } from 'zod';
import type { Answers } from '../openapi/operation.js';

const retryAfter = z.string().meta({ description: 'Seconds.', example: '5' });

const message = z.object({ message: z.string() });

/** What a caller can do about, all with status 404. */
const callerErrorSchema = z
  .union([
    z
      .object({ message: z.string() })
      .meta({ description: 'What is wrong: programs may compare the text.' }),
    z
      .object({ secret_key: z.string(), message: z.literal('Unknown secret') })
      .meta({ description: 'Gone, never there, or a wrong passphrase: nobody can tell which.' }),
    z.object({ error: z.literal('Not Found') }).meta({ description: 'No such route.' }),
  ])
  .meta({ id: 'V1CallerError', example: { message: 'Not authorized' } });

const messageSchema = message.meta({ id: 'V1Message' });

const faultSchema = z
  .object({ error: z.literal('Internal Server Error'), message: z.string() })
  .meta({ id: 'V1Fault' });

/** The errors of every route of v1. */
export const V1_ERRORS: Answers = {
  404: {
    id: 'V1CallerErrorAnswer',
    description:
      'Every error of the caller. `X-OTS-Intended-Status` tells which kind. Over a limit, `Retry-After` says when to try again.',
    schema: callerErrorSchema,
    headers: z.object({
      'X-OTS-Intended-Status': z.enum(['400', '401', '429']).optional(),
      'Retry-After': retryAfter.optional(),
    }),
  },
  500: { id: 'V1FaultAnswer', description: 'A fault of the service.', schema: faultSchema },
  503: {
    id: 'V1UnavailableAnswer',
    description: 'Temporarily unavailable. Nothing was read or deleted.',
    schema: messageSchema,
    headers: z.object({ 'Retry-After': retryAfter }),
  },
};

/** Of the routes that read a body, as well. */
export const V1_BODY_ERRORS: Answers = {
  408: {
    id: 'V1LateAnswer',
    description: 'The body did not arrive in time.',
    schema: messageSchema,
  },
  413: {
    id: 'V1TooLargeAnswer',
    description: 'The body is larger than 1 MiB.',
    schema: messageSchema,
  },
  415: {
    id: 'V1EncodedAnswer',
    description: 'The body has a Content-Encoding.',
    schema: messageSchema,
    headers: z.object({ 'Accept-Encoding': z.literal('identity') }),
  },
};
