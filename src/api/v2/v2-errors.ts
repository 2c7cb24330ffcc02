import { z } from 'zod';
import { UNDECRYPTABLE } from '../../secrets/undecryptable.js';
import { AppError } from '../../shared/app-error.js';
import { CORS_HEADERS, isOpenToOtherSites } from '../cors.js';
import type { ErrorAnswer, ErrorPlace } from '../error-answer.js';
import { errorKindOf } from '../error-kind.js';
import { typedErrorAnswer, typedErrorSchema } from '../typed-errors.js';

/** The shape of the other typed APIs; a 401 has the time too. */
export const v2ErrorSchema = typedErrorSchema
  .extend({
    timestamp: z.int().optional(),
    upgrade_to: z.string().nullable().optional(),
  })
  .meta({ id: 'V2Error' });

/** The answer of API v2 to anything thrown. */
export function v2ErrorAnswer(error: unknown, place: ErrorPlace): ErrorAnswer {
  const answer = answerTo(error, place);
  const { status, headers } = answer;
  // Last in each, so that two answers differ in their ends only.
  const { request_id: _, ...rest } = fieldsOf(answer);
  return {
    status,
    headers: isOpenToOtherSites(place.path) ? { ...headers, ...CORS_HEADERS } : headers,
    body: { ...rest, request_id: place.requestId },
  };
}

function answerTo(error: unknown, place: ErrorPlace): ErrorAnswer {
  const answer = typedErrorAnswer(error, place);
  const kind = errorKindOf(error);
  if (kind === 'not_authorized') return { ...answer, body: notAuthorizedBody(place) };
  if (kind === 'plan_required') {
    const entitlement = { entitlement: 'audit_logs', upgrade_to: null };
    return { ...answer, body: { ...fieldsOf(answer), ...entitlement } };
  }
  if (error instanceof AppError && error.reason === UNDECRYPTABLE) {
    const type = { error_type: 'SecretUndecryptable', code: 'secret_undecryptable' };
    return { ...answer, body: { ...fieldsOf(answer), ...type } };
  }
  const isRefusal = kind === 'invalid_request' && error instanceof AppError;
  return isRefusal ? refusal(error, answer) : answer;
}

function fieldsOf({ body }: ErrorAnswer): Record<string, unknown> {
  return typeof body === 'string' ? {} : { ...body };
}

/** The tags are upstream's. A signed-in caller has no tag: the credentials are valid. */
function notAuthorizedBody({ hasCredentials, plan }: ErrorPlace): object {
  const tagged = hasCredentials
    ? '[CREDENTIALS_INVALID] Invalid credentials'
    : '[AUTH_HEADER_MISSING] No credentials';
  return {
    error: 'Authentication Required',
    error_type: 'Unauthorized',
    message: plan === null ? tagged : 'Not authorized for this record',
    timestamp: Math.floor(Date.now() / 1000),
  };
}

/** The words that upstream has for a refusal; 422, but for malformed JSON and for a recipient of a guest. */
function refusal(error: AppError, answer: ErrorAnswer): ErrorAnswer {
  const { field, reason, limit } = error;
  const { code: _, ...body } = fieldsOf(answer);
  if (reason === 'malformed') {
    return { ...answer, status: 400, body: { ...body, error_type: 'BadRequest' } };
  }
  if (reason === 'requires_account') {
    return { ...answer, status: 401, body: { ...body, error_type: 'Unauthorized' } };
  }
  if (reason === 'missing' || reason === 'invalid_email') {
    return { ...answer, body: { ...body, error_type: reason } };
  }
  if (reason === 'too_long' && field === 'secret' && limit !== undefined) {
    const text = `Secret content must be no more than ${limit} bytes long`;
    return { ...answer, body: { ...body, error: text } };
  }
  return { ...answer, body };
}
