import { withLogger } from '../../src/shared/log-scope.js';
import { createLogger, type Logger } from '../../src/shared/logger.js';

/** A logger whose lines a test reads. */
export class LogLines {
  readonly #lines: Record<string, unknown>[] = [];
  readonly logger: Logger = createLogger({
    destination: { write: (line) => this.#lines.push(JSON.parse(line) as Record<string, unknown>) },
    level: 'debug',
  });

  /** The lines so far, without their time. */
  get all(): readonly Record<string, unknown>[] {
    return this.#lines.map(({ time: _time, ...line }) => line);
  }

  /** What `work` makes logs here. */
  capture<Result>(work: () => Result): Result {
    return withLogger(this.logger, work);
  }
}
