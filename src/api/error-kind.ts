import { AppError, type ErrorCode } from '../shared/app-error.js';

/** What an error means to a caller: a code of AppError, or `unexpected` for a fault of ours. */
export type ErrorKind = ErrorCode | 'unexpected';

/** The kind of anything thrown: by our code, by Nest's router, or by Fastify. */
export function errorKindOf(error: unknown): ErrorKind {
  if (error instanceof AppError) return error.code;
  const status = statusOf(error);
  if (status === 404) return 'not_found';
  if (status === 413) return 'payload_too_large';
  return status !== null && status >= 400 && status < 500 ? 'invalid_request' : 'unexpected';
}

/** The HTTP status of an exception of Nest or an error of Fastify; null for anything else. */
export function statusOf(error: unknown): number | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('getStatus' in error && typeof error.getStatus === 'function')
    return Number(error.getStatus());
  return 'statusCode' in error ? Number(error.statusCode) : null;
}

/** The text for the caller: an AppError's message. Any other error may quote the request, so it gets `otherwise`. */
export function messageFor(error: unknown, otherwise: string): string {
  return error instanceof AppError ? error.message : otherwise;
}
