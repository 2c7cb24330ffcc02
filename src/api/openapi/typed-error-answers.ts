import { z } from 'zod';
import { typedErrorSchema } from '../typed-errors.js';
import type { Answer, Answers } from './operation.js';

const schema = typedErrorSchema;
const retryAfter = z.object({
  'Retry-After': z.string().meta({ description: 'Seconds.', example: '5' }),
});

export const INVALID_REQUEST: Answer = {
  id: 'Invalid',
  description: 'The request is not valid: see `field` and `code`.',
  schema,
};

/** An answer that says when to try again. */
export function tryLaterAnswer(id: string, description: string): Answer {
  return { id, description, schema, headers: retryAfter };
}

const ALWAYS: Answers = {
  429: tryLaterAnswer('LimitExceeded', 'A limit is used up.'),
  500: { id: 'Fault', description: 'A fault of the service.', schema },
  503: tryLaterAnswer('Unavailable', 'Temporarily unavailable.'),
};

/** Of files that are the same for everybody: credentials that are not valid are refused there too. */
export const TYPED_FILE_ERRORS: Answers = {
  ...ALWAYS,
  401: {
    id: 'Unauthorized',
    description: 'The credentials are missing or not valid.',
    schema,
    headers: z.object({ 'WWW-Authenticate': z.string() }),
  },
};

/** Of routes that need an account, as well. */
export const TYPED_ACCOUNT_ERRORS: Answers = {
  ...TYPED_FILE_ERRORS,
  404: {
    id: 'NotFound',
    description: 'There is no such record, or no such route on this host.',
    schema,
  },
  403: { id: 'Forbidden', description: 'The account may not do this.', schema },
};

/** Of routes that read a body, as well. */
export const TYPED_BODY_ERRORS: Answers = {
  408: { id: 'Late', description: 'The body did not arrive in time.', schema },
  413: { id: 'TooLarge', description: 'The body is larger than 1 MiB.', schema },
  415: {
    id: 'Encoded',
    description: 'The body has a Content-Encoding.',
    schema,
    headers: z.object({ 'Accept-Encoding': z.literal('identity') }),
  },
  422: INVALID_REQUEST,
};
