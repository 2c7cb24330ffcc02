import { types } from 'node:util';
import { AppError } from '../shared/app-error.js';
import { isConnectionFailure } from './connection-failure.js';

/** Why the database does not take a write. */
export type WriteFailure =
  'unreachable' | 'out of connections' | 'read-only' | 'disk full' | 'refuses writes';

const BY_SQLSTATE: Readonly<Record<string, WriteFailure>> = {
  // read_only_sql_transaction: a standby, or default_transaction_read_only.
  '25006': 'read-only',
  '53100': 'disk full',
  // Of the server, the database or the role; and what is left for superusers only.
  '53300': 'out of connections',
};

/** Of resources that the server lacks, and of its system, such as a disk that fails: it is reached. */
const OF_THE_SERVER = /^(?:53|58)/;

/** Takes the errors that isConnectionFailure() takes; `refuses writes` is the rest, such as a lost permission. */
export function writeFailureOf(error: unknown): WriteFailure {
  if (!types.isNativeError(error)) return 'refuses writes';
  const { code } = error as { readonly code?: unknown };
  if (typeof code === 'string') {
    const named = BY_SQLSTATE[code];
    if (named !== undefined) return named;
    if (OF_THE_SERVER.test(code)) return 'refuses writes';
  }
  return isConnectionFailure(error) ? 'unreachable' : 'refuses writes';
}

/** Of what Statements throws: a server that is reached did not take it. It is read-only, or lacks room or another resource. */
export function takesNoWrites(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const { cause } = error;
  return isConnectionFailure(cause) && writeFailureOf(cause) !== 'unreachable';
}
