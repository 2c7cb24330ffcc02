import { types } from 'node:util';
import { AppError, unavailable } from '../shared/app-error.js';
import { isConnectionFailure } from './connection-failure.js';

/** SQLSTATE of NUL, which the texts of PostgreSQL cannot hold: as it is, and escaped in JSON. */
const UNSTORABLE = new Set(['22021', '22P05']);

/**
 * What the failure of a statement means to the caller of a request: `unavailable`, or `invalid_request` for a text that
 * cannot be stored. Anything else stays what it is.
 */
export function knownError(thrown: unknown): unknown {
  // Statements throws `unavailable` itself; a repository throws what the driver threw.
  if (isConnectionFailure(thrown)) return unavailable(thrown);
  if (!isUnstorable(thrown)) return thrown;
  return new AppError(
    'invalid_request',
    'A text of the request has a character that is not allowed',
    {
      cause: thrown,
    },
  );
}

function isUnstorable(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { code, driverError } = error as Partial<Record<'code' | 'driverError', unknown>>;
  if (driverError !== undefined && driverError !== error) return isUnstorable(driverError);
  return typeof code === 'string' && UNSTORABLE.has(code);
}
