import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ChangeFeed } from '../../database/change-feed.js';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { CertificateSettings } from '../certificate-settings.js';
import { CertificateRevoker } from './certificate-revoker.js';
import { IssuanceWorker } from './issuance-worker.js';
import { Upkeep } from './upkeep.js';

const SOON_SECONDS = 60;
/** Up to this many changed names are checked one by one; above it, all names are. */
const CHANGED_MAX = 500;

/** Works on due issuances. Runs in every process of the region; the lease in the database decides who works on a row. */
@Injectable()
export class IssuanceJob implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(IssuanceJob.name);
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #loop = new DueLoop({ name: IssuanceJob.name, round: () => this.#round() });
  #revoking: Promise<void> | null = null;
  /** Names that changed since the last round; null: check all. */
  #changed: Set<Hostname> | null = null;

  constructor(
    private readonly worker: IssuanceWorker,
    private readonly upkeep: Upkeep,
    private readonly revoker: CertificateRevoker,
    private readonly settings: CertificateSettings,
    feed: ChangeFeed,
  ) {
    feed.on((hostname) => {
      this.#remember(hostname);
      this.#loop.wake();
    });
  }

  onModuleInit(): void {
    this.#loop.start();
  }

  /** Aborts the work in progress and gives the leases back, so that another process can continue at once. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#loop.stop();
    await Promise.all([...this.#running, this.#revoking]);
  }

  /** Starts work and does not wait for it: the end of each work wakes the loop. */
  async #round(): Promise<boolean> {
    await this.#keepUp();
    this.#revoking ??= this.revoker
      .revokeDue()
      .catch((err: unknown) =>
        this.#logger.warn({ err }, 'certificate revocations stopped, will retry'),
      )
      .finally(() => {
        this.#revoking = null;
      });
    const { signal } = this.#stopping;
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

  async #keepUp(): Promise<void> {
    const changed = this.#changed;
    this.#changed = new Set();
    try {
      await this.upkeep.run(changed === null ? null : [...changed]);
    } catch (error) {
      // The next round checks all names instead.
      this.#changed = null;
      throw error;
    }
  }

  #remember(hostname: Hostname | null): void {
    if (hostname === null || (this.#changed?.size ?? 0) >= CHANGED_MAX) this.#changed = null;
    else this.#changed?.add(hostname);
  }
}
