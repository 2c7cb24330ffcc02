import { AppError } from '../../shared/app-error.js';
import type { ErrorAnswer, ErrorPlace } from '../error-answer.js';
import { errorKindOf, type ErrorKind } from '../error-kind.js';
import { readLinkKey } from './link-key.js';
import { isOpenToOtherSites, V1_CORS_HEADERS } from './v1-cors.js';

const RETRY_AFTER_SECONDS = 5;

/**
 * The answer of API v1 to anything thrown. The caller's mistakes are all 404, told apart by their text, and what was
 * meant is in a header; trouble of ours keeps its status, because an outage must not read as "gone".
 */
export function v1ErrorAnswer(error: unknown, place: ErrorPlace): ErrorAnswer {
  const { headers, ...answer } = answerByKind(errorKindOf(error), error, place);
  return isOpenToOtherSites(place.path)
    ? { ...answer, headers: { ...headers, ...V1_CORS_HEADERS } }
    : { ...answer, headers };
}

function answerByKind(kind: ErrorKind, error: unknown, { keyParam }: ErrorPlace): ErrorAnswer {
  switch (kind) {
    case 'not_found':
      return { status: 404, headers: {}, body: { error: 'Not Found' } };
    case 'secret_gone':
      return {
        status: 404,
        headers: {},
        body: { secret_key: readLinkKey(keyParam ?? ''), message: 'Unknown secret' },
      };
    case 'not_authorized':
      return callerError(401, 'Not authorized');
    case 'wrong_passphrase':
      return callerError(400, 'Double check that passphrase');
    case 'invalid_request':
    case 'account_exists':
      return callerError(400, messageOf(error, 'The request is not valid'));
    case 'payload_too_large':
      return ownError(413, messageOf(error, 'The request body is too large'));
    case 'busy':
    case 'unavailable':
      return {
        ...ownError(503, messageOf(error, 'Temporarily unavailable')),
        headers: { 'retry-after': String(retryAfterSeconds(error)) },
      };
    case 'unexpected':
      return {
        status: 500,
        headers: {},
        body: { error: 'Internal Server Error', message: 'An unexpected error occurred' },
      };
  }
}

function callerError(intendedStatus: 400 | 401, message: string): ErrorAnswer {
  return {
    status: 404,
    headers: { 'x-ots-intended-status': String(intendedStatus) },
    body: { message },
  };
}

function ownError(status: 413 | 503, message: string): ErrorAnswer {
  return { status, headers: {}, body: { message } };
}

/** Only our own messages are written for callers. */
function messageOf(error: unknown, otherwise: string): string {
  return error instanceof AppError ? error.message : otherwise;
}

function retryAfterSeconds(error: unknown): number {
  const seconds = error instanceof AppError ? error.retryAfterSeconds : undefined;
  return Math.max(1, Math.ceil(seconds ?? RETRY_AFTER_SECONDS));
}
