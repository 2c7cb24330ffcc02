import { randomUUID } from 'node:crypto';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ChangeFeed } from '../../database/change-feed.js';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { CertificateSettings } from '../certificate-settings.js';
import { HeldIssuance } from '../stores/held-issuance.js';
import { LeaseLostError, type LeasedIssuance } from '../issuance.js';
import { IssuanceRunner } from './issuance-runner.js';
import { IssuanceStore } from '../stores/issuance.store.js';
import { Upkeep } from './upkeep.js';

/** How many changed names are looked at one by one; with more all are. */
const CHANGED_MAX = 500;

/** Works on due issuances, in every process of the region: who takes a row decides the database. */
@Injectable()
export class IssuanceJob implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(IssuanceJob.name);
  readonly #owner = randomUUID();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #loop = new DueLoop({ name: IssuanceJob.name, round: () => this.#round() });
  #revoking: Promise<void> | null = null;
  #changed: Set<Hostname> | null = null;

  constructor(
    private readonly store: IssuanceStore,
    private readonly runner: IssuanceRunner,
    private readonly upkeep: Upkeep,
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

  /** Stops what is under way where it is, and gives it back: another process goes on at once. */
  async onModuleDestroy(): Promise<void> {
    this.#stopping.abort();
    await this.#loop.stop();
    await Promise.all([...this.#running, this.#revoking]);
  }

  /** Whether there may be more that is due. What takes long goes on beside the next rounds. */
  async #round(): Promise<boolean> {
    await this.#keepUp();
    this.#revoking ??= this.upkeep
      .revokeDue()
      .catch((error: unknown) => this.#logger.warn(`not revoked yet: ${String(error)}`))
      .finally(() => {
        this.#revoking = null;
      });
    while (this.#running.size < this.settings.timing.parallel && !this.#stopping.signal.aborted) {
      const row = await this.store.takeDue(this.#owner, this.settings.timing.lease / SECOND);
      if (row === null) break;
      const running = this.#work(row).finally(() => {
        this.#running.delete(running);
        this.#loop.wake();
      });
      this.#running.add(running);
    }
    return false;
  }

  async #keepUp(): Promise<void> {
    const changed = this.#changed;
    this.#changed = new Set();
    try {
      await this.upkeep.run(changed === null ? null : [...changed]);
    } catch (error) {
      // Which ones were missed is not worth remembering.
      this.#changed = null;
      throw error;
    }
  }

  async #work(row: LeasedIssuance): Promise<void> {
    const lost = new AbortController();
    const signal = AbortSignal.any([lost.signal, this.#stopping.signal]);
    const { lease } = this.settings.timing;
    const renewal = setInterval(() => void this.#renew(row, lost), lease / 3).unref();
    try {
      await this.runner.run(new HeldIssuance(row, this.store, signal));
    } catch (error) {
      await this.#report(row, lost.signal.aborted ? new LeaseLostError(row.hostname) : error);
    } finally {
      clearInterval(renewal);
    }
  }

  async #renew(row: LeasedIssuance, lost: AbortController): Promise<void> {
    try {
      const isHeld = await this.store.renewLease(row, this.settings.timing.lease / SECOND);
      if (!isHeld) lost.abort();
    } catch {
      // The database is away. The fence decides in the end.
    }
  }

  /** Nothing is lost: the row stays due, and its lease runs out. */
  async #report(row: LeasedIssuance, error: unknown): Promise<void> {
    const { hostname } = row;
    if (this.#stopping.signal.aborted) {
      await this.store.giveBack(row).catch(() => {});
    } else if (error instanceof LeaseLostError) {
      this.#logger.warn(`${hostname}: another process has taken the issuance over`);
    } else {
      this.#logger.error(
        `${hostname}: the issuance stopped, and is taken up again: ${String(error)}`,
      );
    }
  }

  #remember(hostname: Hostname | null): void {
    if (hostname === null || (this.#changed?.size ?? 0) >= CHANGED_MAX) this.#changed = null;
    else this.#changed?.add(hostname);
  }
}
