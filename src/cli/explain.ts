import { ConfigError } from '../config/config-error.js';
import { isCancelledStatement, isConnectionFailure } from '../database/connection-failure.js';
import { writeFailureOf, type WriteFailure } from '../database/write-failure.js';
import { AppError } from '../shared/app-error.js';
import { describeError } from '../shared/logger.js';
import { RegionFailed } from './command-context.js';

/** One sentence for an expected failure; for others the stack, without messages that may quote a value. */
export function explain(error: unknown): string {
  if (error instanceof RegionFailed) return `${error.region}: ${explain(error.cause)}`;
  if (error instanceof ConfigError) return error.message;
  if (isRefusal(error)) return `The database refuses the connection: ${reason(error)}`;
  const { cause } = error as Error;
  if (isConnectionFailure(error)) return `${stateSaid(error)}: ${reason(error)}`;
  if (isConnectionFailure(cause)) return `${stateSaid(cause)}: ${reason(error)}`;
  if (error instanceof AppError) return error.message;
  const unfit = UNFIT[codeOf(error)];
  if (unfit !== undefined) return `${reason(error)}: ${unfit}`;
  return `Unexpected failure: ${JSON.stringify(describeError(error), null, 2)}`;
}

const STATES: Readonly<Record<WriteFailure, string>> = {
  unreachable: 'The database cannot be reached',
  'out of connections': 'The database has no connection left',
  'read-only': 'The database is read-only, as a standby is',
  'disk full': 'The disk of the database is full',
  'refuses writes': 'The database lacks a resource',
};

/** Takes what isConnectionFailure() takes. */
function stateSaid(error: unknown): string {
  if (isCancelledStatement(error)) return 'The database took too long';
  if (codeOf(error).startsWith('40')) return 'The database gave way to others, repeat the command';
  return STATES[writeFailureOf(error)];
}

/** What to do about a database that answers, by SQLSTATE. */
const UNFIT: Readonly<Record<string, string>> = {
  '42P01': 'the database is not migrated: run gateway migrate, or check the URL',
  '42501': "this command needs the login of the database's owner",
  '55P03':
    'another session holds a table that this needs: see pg_locks, and repeat the command when it has ended',
};

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code);
}

/** SQLSTATE class 28 (wrong role or password) or 3D (no such database). */
function isRefusal(error: unknown): boolean {
  return /^(?:28|3D)/.test(codeOf(error));
}

function reason(error: unknown): string {
  const { message, code, cause } = error as Error & { code?: string };
  return cause instanceof Error ? reason(cause) : message || (code ?? 'no reason given');
}
