import type { Config } from '../config/config.js';
import { hasCluster } from '../database/embedded/cluster.js';
import { openDatabases, type Databases } from '../database/embedded/open-databases.js';
import { withLogger } from '../shared/log-scope.js';
import {
  EXIT_FAILED,
  onHangUp,
  openOutput,
  StopRequest,
  warnWithoutCa,
  warnWithoutLimits,
  type ProcessOutput,
} from './process-end.js';

/** A process that serves alone cannot be replaced while it serves. */
const NOBODY_ELSE_SERVES =
  'SIGHUP is ignored with GATEWAY_WORKERS=1: a new version is loaded by a restart of the process';

/** What runs before most of the program is loaded. */
export interface BegunRun {
  readonly output: ProcessOutput;
  readonly stopRequested: StopRequest;
  readonly databases: OpenedOnce;
}

/** The databases, whose opening may have begun. */
export class OpenedOnce {
  #opening: Promise<Databases> | null = null;

  constructor(private readonly openAll: () => Promise<Databases>) {}

  open(): Promise<Databases> {
    if (this.#opening === null) {
      this.#opening = this.openAll();
      // Thrown to whoever waits for it, even if nobody does yet.
      this.#opening.catch(() => undefined);
    }
    return this.#opening;
  }

  /** Also while they open. */
  async close(): Promise<void> {
    const opened = await this.#opening?.catch(() => null);
    await opened?.close();
  }
}

/**
 * Begins a process that serves alone: an embedded PostgreSQL starts beside the loading of the program. One that has to be
 * made first waits until the listeners are open, so that a start that fails makes nothing. From here on a signal asks for
 * a graceful stop, so that no server is left behind.
 */
export function beginRun(config: Config): BegunRun {
  const output = openOutput(config);
  const { logger, exit } = output;
  const stopRequested = new StopRequest((reason) => {
    logger.error({ reason }, 'forced to exit before the stop was complete');
    exit(EXIT_FAILED);
  });
  onHangUp(stopRequested, () => logger.warn(NOBODY_ELSE_SERVES));
  warnWithoutLimits(config, logger);
  warnWithoutCa(config, logger);
  const databases = new OpenedOnce(() =>
    withLogger(logger, () => openDatabases(config, 'gateway')),
  );
  if (hasCluster(config.dataDir)) void databases.open();
  return { output, stopRequested, databases };
}
