import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import { CertificateSettings } from '../certificate-settings.js';
import { LeaseLostError, type LeasedIssuance } from '../issuance.js';
import { IssuanceLease } from '../stores/issuance-lease.js';
import { IssuanceStore } from '../stores/issuance.store.js';
import { IssuanceFailures } from '../orders/issuance-failures.js';
import { IssuanceRunner } from './issuance-runner.js';
import { loggerFor } from '../../shared/log-scope.js';

/** Takes the lease on a due row, renews it while the work runs, and reports how the work ended. */
@Injectable()
export class IssuanceWorker {
  readonly #logger = loggerFor(IssuanceWorker.name);
  readonly #owner = randomUUID();

  constructor(
    private readonly store: IssuanceStore,
    private readonly runner: IssuanceRunner,
    private readonly settings: CertificateSettings,
    private readonly failures: IssuanceFailures,
  ) {}

  /** Null: no row is due. */
  take(): Promise<LeasedIssuance | null> {
    return this.store.takeDue(this.#owner, this.#leaseSeconds);
  }

  /**
   * Never rejects. Resolves to the seconds until the row is due again; null: not known.
   * @param stopping aborted when the process stops: the work ends and the lease is given back
   */
  async work(row: LeasedIssuance, stopping: AbortSignal): Promise<number | null> {
    const lost = new AbortController();
    const signal = AbortSignal.any([lost.signal, stopping]);
    const renewal = new DueLoop({
      name: 'lease renewal',
      everyMs: this.settings.timing.lease / 3,
      round: () => this.#renew(row, lost),
    });
    renewal.start();
    try {
      const lease = new IssuanceLease(row, this.store, signal);
      await this.runner.run(lease);
      return lease.dueInSeconds;
    } catch (err) {
      if (stopping.aborted) await this.store.giveBack(row).catch(() => {});
      else this.#report(row, lost.signal.aborted ? new LeaseLostError(row.hostname) : err);
      return null;
    } finally {
      await renewal.stop();
    }
  }

  /** Rejects while the database is unreachable: a write under a lost lease fails on the fence. */
  async #renew(row: LeasedIssuance, lost: AbortController): Promise<void> {
    const isOurs = await this.store.renewLease(row, this.#leaseSeconds);
    if (!isOurs) lost.abort();
  }

  /** The row stays due: it is taken again when its lease ends. */
  #report({ hostname, ca }: LeasedIssuance, err: unknown): void {
    if (err instanceof LeaseLostError) {
      this.#logger.warn({ hostname, err }, 'issuance lease lost to another process');
    } else {
      this.failures.countUnexpected(ca);
      this.#logger.error({ hostname, err }, 'issuance failed, will retry when its lease ends');
    }
  }

  get #leaseSeconds(): number {
    return this.settings.timing.lease / SECOND;
  }
}
