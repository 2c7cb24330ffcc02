import type { Config } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import { BufferedOutput } from '../shared/buffered-output.js';
import { SECOND } from '../shared/durations.js';
import { createLogger, type Logger } from '../shared/logger.js';
import { standardOutput } from '../shared/standard-output.js';

/** How long requests in flight have to finish. */
export const STOP_DEADLINE = 20 * SECOND;
/** A terminal and a supervisor may both send the signal for one stop. */
const SAME_SIGNAL_WITHIN = SECOND;

export const EXIT_FAILED = 1;
export const EXIT_CONFIGURATION = 2;

export interface ProcessOutput {
  readonly logger: Logger;
  /** Writes the lines that are still buffered. */
  readonly flush: () => void;
  readonly exit: (code: number) => never;
}

/** The logger of the process, whose last lines are written before it exits. An uncaught exception ends it with 1. */
export function openOutput({
  logLevel,
  workers,
}: Pick<Config, 'logLevel' | 'workers'>): ProcessOutput {
  const output = new BufferedOutput(standardOutput(), { isShared: workers > 1 });
  const logger = createLogger({
    destination: output,
    level: logLevel,
    isReadable: process.stdout.isTTY,
  });
  const exit = (code: number): never => {
    output.flush();
    process.exit(code);
  };
  process.on('uncaughtException', (err) => {
    logger.fatal({ err }, 'uncaught exception');
    exit(EXIT_FAILED);
  });
  return { logger, flush: () => output.flush(), exit };
}

/** One sentence for each problem, and no stack: the operator's environment is at fault, not the program. */
export function refuse({ message }: Pick<ConfigError, 'message'>): never {
  console.error(message);
  process.exit(EXIT_CONFIGURATION);
}

export function warnWithoutLimits({ limits }: Pick<Config, 'limits'>, logger: Logger): void {
  if (limits === null)
    logger.warn(
      'limits are off (GATEWAY_LIMITS=off): neither requests nor connections are limited',
    );
}

/** With a database of its own, and nobody who certifies: browsers would refuse it. */
export function warnWithoutCa(
  { cas, served }: Pick<Config, 'cas' | 'served'>,
  logger: Logger,
): void {
  if (cas.length === 0 && served.some(({ databaseUrl }) => databaseUrl !== null))
    logger.warn(
      'no CA is configured, so clients do not trust the certificates: set GATEWAY_ACME_DIRECTORY, unless a proxy in front ends TLS',
    );
}

/** Ends the process by what its run has thrown: 2 with the sentences of a refused configuration, else 1. */
export function endBy(err: unknown, { logger, flush, exit }: ProcessOutput): never {
  if (err instanceof ConfigError) {
    flush();
    return refuse(err);
  }
  logger.fatal({ err }, 'gateway failed');
  return exit(EXIT_FAILED);
}

/** Waits for SIGTERM or SIGINT. Calls `force` at the deadline, or on another signal more than a second after the first. */
export class StopRequest {
  readonly #received = Promise.withResolvers<void>();
  #firstAt: number | null = null;

  constructor(
    private readonly force: (reason: string) => void,
    private readonly deadline = STOP_DEADLINE,
  ) {
    process.on('SIGTERM', () => this.request());
    process.on('SIGINT', () => this.request());
  }

  get received(): Promise<void> {
    return this.#received.promise;
  }

  /** What a signal does. */
  request(): void {
    if (this.#firstAt === null) {
      this.#firstAt = performance.now();
      setTimeout(() => this.force('stop deadline exceeded'), this.deadline).unref();
      this.#received.resolve();
    } else if (performance.now() - this.#firstAt > SAME_SIGNAL_WITHIN) {
      this.force('second signal');
    }
  }
}

/** SIGHUP. A terminal that closes sends it too, and then nobody is left to stop the gateway. */
export function onHangUp(stopRequested: StopRequest, restart: () => void): void {
  process.on('SIGHUP', () => {
    if (process.stdin.isTTY || process.stdout.isTTY) stopRequested.request();
    else restart();
  });
}
