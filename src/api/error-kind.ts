import { isConnectionFailure } from '../database/connection-failure.js';
import { AppError, type ErrorCode } from '../shared/app-error.js';

/** What an error is to a caller: one of the product's codes, or something that should not have happened. */
export type ErrorKind = ErrorCode | 'unexpected';

/** The kind of anything thrown: by our code, by Nest's router, or by Fastify before either of them. */
export function errorKindOf(error: unknown): ErrorKind {
  if (error instanceof AppError) return error.code;
  if (isConnectionFailure(error)) return 'unavailable';
  const status = statusOf(error);
  if (status === 404) return 'not_found';
  if (status === 413) return 'payload_too_large';
  return status !== null && status >= 400 && status < 500 ? 'invalid_request' : 'unexpected';
}

/** Nest's exceptions say it by `getStatus()`, Fastify's errors by `statusCode`. */
function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('getStatus' in error && typeof error.getStatus === 'function')
    return Number(error.getStatus());
  return 'statusCode' in error ? Number(error.statusCode) : null;
}
