import { AsyncLocalStorage } from 'node:async_hooks';
import type { Logger } from 'pino';
import { createLogger } from './logger.js';

const scope = new AsyncLocalStorage<Logger>();

/**
 * Gives every object that `work` makes the logger of its cell: loggerFor() within it returns a child of `logger`. One
 * process runs several cells, so no logger may be the process's own (Nest's `Logger` is: docs/decisions/0019).
 */
export function withLogger<Result>(logger: Logger, work: () => Result): Result {
  return scope.run(logger, work);
}

/**
 * The logger for an object under construction; `context` is the name in its lines. It keeps the cell in which it was
 * made, whoever calls later. Outside of every scope, as in a test: the standard error stream.
 */
export function loggerFor(context: string): Logger {
  return (scopedLogger() ?? createLogger({ destination: process.stderr })).child({ context });
}

/** Null outside of every scope. */
export function scopedLogger(): Logger | null {
  return scope.getStore() ?? null;
}
