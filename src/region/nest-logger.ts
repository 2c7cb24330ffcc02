import type { LoggerService } from '@nestjs/common';
import type { Logger } from '../shared/logger.js';

/** Nest's own log lines, and those of `new Logger(name)` in the rooms, as events of the process's logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    // Nest tells every route that it maps; that is for whoever debugs it.
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

  private write(
    level: 'debug' | 'warn' | 'error' | 'fatal',
    message: unknown,
    rest: unknown[],
  ): void {
    // Nest appends the context's name as the last argument, and to errors a stack before it.
    const context = rest.findLast((item) => typeof item === 'string' && !item.includes('\n'));
    const err = [message, ...rest].find((item) => item instanceof Error);
    const fields = {
      ...(context === undefined ? {} : { context }),
      ...(err === undefined ? {} : { err }),
    };
    this.logger[level](fields, typeof message === 'string' ? message : 'an event without words');
  }
}
