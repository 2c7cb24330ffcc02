import { AppError, retryAfterSecondsOf } from '../../shared/app-error.js';
import { ACCEPTED_ENCODING, type ErrorAnswer, type ErrorPlace } from '../error-answer.js';
import { SCOPE_MISSING } from '../../auth/scope.guard.js';
import { errorKindOf, messageFor, type ErrorKind } from '../error-kind.js';
import { readLinkKey } from '../../secrets/link-key.js';
import { CORS_HEADERS, isOpenToOtherSites } from '../cors.js';

/**
 * The answer of API v1 to anything thrown. Every error of the caller is 404; its text tells which, and the header
 * `X-OTS-Intended-Status` has the intended status. Faults and outages keep their status: an outage must not read as "gone".
 */
export function v1ErrorAnswer(error: unknown, place: ErrorPlace): ErrorAnswer {
  const answer = ANSWERS[errorKindOf(error)](error, place);
  if (!isOpenToOtherSites(place.path)) return answer;
  return { ...answer, headers: { ...answer.headers, ...CORS_HEADERS } };
}

const ANSWERS: Record<ErrorKind, (error: unknown, place: ErrorPlace) => ErrorAnswer> = {
  not_found: () => jsonAnswer(404, { error: 'Not Found' }),
  secret_gone: (_error, { keyParam }) =>
    jsonAnswer(404, { secret_key: readLinkKey(keyParam ?? ''), message: 'Unknown secret' }),
  not_authorized: () => callerError(401, 'Not authorized'),
  forbidden: (error) =>
    error instanceof AppError && error.reason === SCOPE_MISSING
      ? callerError(403, error.message)
      : invalid(error),
  wrong_passphrase: () => callerError(400, 'Double check that passphrase'),
  invalid_request: invalid,
  account_exists: invalid,
  in_progress: invalid,
  plan_required: () => callerError(401, 'Not authorized'),
  rate_limited: rateLimited,
  payload_too_large: (error) =>
    jsonAnswer(413, { message: messageFor(error, 'The request body is too large') }),
  request_timeout: (error) =>
    jsonAnswer(408, { message: messageFor(error, 'The request did not arrive in time') }),
  unsupported_encoding: (error) => ({
    status: 415,
    headers: ACCEPTED_ENCODING,
    body: { message: messageFor(error, 'The request body is encoded') },
  }),
  misdirected: (error) => callerError(421, messageFor(error, 'Misdirected')),
  busy: tryAgain,
  unavailable: tryAgain,
  unexpected: () =>
    jsonAnswer(500, { error: 'Internal Server Error', message: 'An unexpected error occurred' }),
};

function jsonAnswer(status: number, body: object): ErrorAnswer {
  return { status, headers: {}, body };
}

function rateLimited(error: unknown): ErrorAnswer {
  const answer = callerError(429, 'Apologies dear citizen! You have been rate limited.');
  return { ...answer, headers: { ...answer.headers, ...retryAfter(error) } };
}

function tryAgain(error: unknown): ErrorAnswer {
  const body = { message: messageFor(error, 'Temporarily unavailable') };
  return { status: 503, headers: retryAfter(error), body };
}

function retryAfter(error: unknown): Readonly<Record<string, string>> {
  return { 'retry-after': String(retryAfterSecondsOf(error)) };
}

function callerError(intendedStatus: 400 | 401 | 403 | 421 | 429, message: string): ErrorAnswer {
  return {
    status: 404,
    headers: { 'x-ots-intended-status': String(intendedStatus) },
    body: { message },
  };
}

function invalid(error: unknown): ErrorAnswer {
  return callerError(400, messageFor(error, 'The request is not valid'));
}
