import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJob } from '../../database/background-job.js';
import { ChangeFeed } from '../../database/change-feed.js';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import { CertificateSettings } from '../certificate-settings.js';
import { CertificateRevoker } from './certificate-revoker.js';
import { IssuanceWorker } from './issuance-worker.js';
import { Upkeep } from './upkeep.js';
import { loggerFor } from '../../shared/log-scope.js';

const SOON_SECONDS = 60;

/** Works on due issuances. The lease in the database decides who works on a row. */
@Injectable()
export class IssuanceJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(IssuanceJob.name);
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #loop = new DueLoop({ name: IssuanceJob.name, round: () => this.#round() });
  // A loop of its own: neither an error in upkeep nor its duration keeps due work waiting.
  readonly #upkeepLoop = new DueLoop({ name: Upkeep.name, round: () => this.#keepUp() });
  #revoking: Promise<void> | null = null;

  constructor(
    private readonly worker: IssuanceWorker,
    private readonly upkeep: Upkeep,
    private readonly revoker: CertificateRevoker,
    private readonly settings: CertificateSettings,
    feed: ChangeFeed,
  ) {
    super();
    feed.on(() => this.#upkeepLoop.wake());
  }

  protected override begin(): void {
    this.#loop.start();
    this.#upkeepLoop.start();
  }

  /** Aborts the work in progress and gives the leases back, so that another process can continue at once. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await Promise.all([this.#loop.stop(), this.#upkeepLoop.stop()]);
    await Promise.all([...this.#running, this.#revoking]);
  }

  /** Starts work and does not wait for it: the end of each work wakes the loop. */
  async #round(): Promise<boolean> {
    const { signal } = this.#stopping;
    this.#revoking ??= this.revoker
      .revokeDue(signal)
      .catch((err: unknown) =>
        this.#logger.warn({ err }, 'certificate revocations stopped, will retry'),
      )
      .finally(() => {
        this.#revoking = null;
      });
    while (this.#running.size < this.settings.timing.parallel && !signal.aborted) {
      const row = await this.worker.take();
      if (row === null) break;
      const running = this.worker.work(row, signal).then((dueInSeconds) => {
        this.#running.delete(running);
        this.#loop.wake();
        this.#wakeIn(dueInSeconds);
      });
      this.#running.add(running);
    }
    return false;
  }

  /** For a row that waits for its CA for a moment: the loop's own pause would add to it. */
  #wakeIn(seconds: number | null): void {
    if (seconds === null || seconds > SOON_SECONDS) return;
    setTimeout(() => this.#loop.wake(), seconds * SECOND).unref();
  }

  async #keepUp(): Promise<boolean> {
    const { hasMore, hasWorked } = await this.upkeep.round();
    if (hasWorked) this.#loop.wake();
    return hasMore;
  }
}
