import { types } from 'node:util';

/**
 * SQLSTATE: connection exception, a login or a database that the server refuses, read-only standby, time limits of a
 * session, a statement that gave way to another (deadlock, recovery), insufficient resources, query_canceled, shutdown or
 * start, errors of the server's disk.
 */
const SQLSTATES = /^(?:08...|28...|3D000|25006|25P0[34]|40001|40P01|53...|57014|57P0.|58...)$/;

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

// pg gives these errors no code.
const PG_MESSAGES =
  /^(?:Connection terminated|Client has encountered a connection error|Client was closed|timeout exceeded when trying to connect|timeout expired|Query read timeout|Cannot use a pool after calling end)/;

// TypeORM's errors without a pool: before initialize() and after destroy(). And in a transaction whose connection was
// lost between two statements: TypeORM has given it back.
const TYPEORM_NAMES = new Set([
  'QueryRunnerAlreadyReleasedError',
  'QueryRunnerProviderAlreadyReleasedError',
  'ConnectionIsNotSetError',
  'CannotExecuteNotConnectedError',
  'DriverNotConnectedError',
]);

const NOT_CONNECTED = new WeakSet<Error>();

/**
 * Marks the error of a connection that could not be made, and returns it. Its kinds are without number: the resolver, the
 * network, the server's certificate, its TLS, the login.
 */
export function notConnected(error: Error): Error {
  NOT_CONNECTED.add(error);
  return error;
}

/**
 * True when the database cannot be reached or cannot serve now; false when it refused this statement.
 * Takes errors of pg, errors of sockets, and TypeORM's wrappers of both.
 */
export function isConnectionFailure(error: unknown): boolean {
  // Under jest, errors of sockets come from another realm, and instanceof is false.
  if (!types.isNativeError(error)) return false;
  if (NOT_CONNECTED.has(error)) return true;
  const { code, syscall, driverError } = error as Partial<
    Record<'code' | 'syscall' | 'driverError', unknown>
  >;
  if (driverError !== undefined && driverError !== error) return isConnectionFailure(driverError);
  if (typeof code === 'string') {
    // ENOENT and EACCES: no unix socket, because the server is not running.
    return (
      SOCKET_CODES.has(code) ||
      SQLSTATES.test(code) ||
      (syscall === 'connect' && code.startsWith('E'))
    );
  }
  return TYPEORM_NAMES.has(error.name) || PG_MESSAGES.test(error.message);
}

const QUERY_CANCELED = '57014';

/**
 * True of a statement that our own time limit cancelled: the server answered, so this says nothing about whether it
 * can be reached.
 */
export function isCancelledStatement(error: unknown): boolean {
  if (!types.isNativeError(error)) return false;
  const { code, driverError } = error as Partial<Record<'code' | 'driverError', unknown>>;
  if (driverError !== undefined && driverError !== error) return isCancelledStatement(driverError);
  return code === QUERY_CANCELED;
}
