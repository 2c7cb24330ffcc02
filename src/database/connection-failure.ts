import { types } from 'node:util';

/** The server answers, and says that it cannot serve: connection lost, out of resources, shutting down, over its time. */
const SQLSTATES = /^(?:08...|53...|57P0.|57014|25006)$/;

const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

// pg gives these no code, only a text.
const PG_MESSAGES =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Query read timeout|Cannot use a pool after calling end)/;

// TypeORM's words for "no pool": before the first connection and after the last.
const TYPEORM_NAMES = new Set([
  'ConnectionIsNotSetError',
  'CannotExecuteNotConnectedError',
  'DriverNotConnectedError',
]);

/**
 * Whether `error` means "the database cannot be reached or cannot serve now", as against "it refused this statement".
 * Takes pg's errors, sockets' errors and TypeORM's wrappers round them.
 */
export function isConnectionFailure(error: unknown): boolean {
  // Errors of sockets come from another realm under jest, where instanceof fails.
  if (!types.isNativeError(error)) return false;
  const { code, syscall, driverError } = error as Partial<
    Record<'code' | 'syscall' | 'driverError', unknown>
  >;
  if (driverError !== undefined && driverError !== error) return isConnectionFailure(driverError);
  if (typeof code === 'string') {
    // ENOENT and EACCES: the unix socket of a server that is not there.
    return (
      SOCKET_CODES.has(code) ||
      SQLSTATES.test(code) ||
      (syscall === 'connect' && code.startsWith('E'))
    );
  }
  return TYPEORM_NAMES.has(error.name) || PG_MESSAGES.test(error.message);
}
