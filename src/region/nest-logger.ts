import type { LoggerService } from '@nestjs/common';
import { scopedLogger } from '../shared/log-scope.js';
import type { Logger } from '../shared/logger.js';

type Level = 'debug' | 'warn' | 'error' | 'fatal';
type Fields = Readonly<Record<string, unknown>>;

/**
 * Writes the log lines of Nest itself. Nest has one logger for the process, that of the cell which started last: so a line
 * goes to the cell in whose scope it is written (log-scope.ts), else to the process's logger. Both forms of a call become
 * an event with fields: `warn('text', error)` and `warn({ hostname, err }, 'text')`. The rooms use loggerFor() instead.
 */
export class NestLogger implements LoggerService {
  /** @param logger the process's: without a region */
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    // Nest logs every route that it maps: too much for `info`.
    this.write('debug', message, rest);
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.write('warn', message, rest);
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.write('error', message, rest);
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.write('fatal', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    // Nest appends the logger's name, and puts a stack before it for some errors.
    const context = rest.findLast((item) => typeof item === 'string' && !item.includes('\n'));
    const err = [message, ...rest].find((item) => item instanceof Error);
    const fields = {
      ...(isFields(message) ? message : {}),
      ...(context === undefined ? {} : { context }),
      ...(err === undefined ? {} : { err }),
    };
    const logger = scopedLogger() ?? this.logger;
    logger[level](fields, textOf(message, rest) ?? 'log call without a message');
  }
}

function isFields(message: unknown): message is Fields {
  return typeof message === 'object' && message !== null && !(message instanceof Error);
}

/** The message, or after fields the argument that follows them. The last argument is the logger's name. */
function textOf(message: unknown, rest: readonly unknown[]): string | null {
  const text = isFields(message) && rest.length > 1 ? rest[0] : message;
  return typeof text === 'string' ? text : null;
}
