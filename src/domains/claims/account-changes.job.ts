import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJob } from '../../database/background-job.js';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import type { DomainId } from '../domain.js';
import { AccountEffects, type AccountChange, type AffectedClaim } from './account-effects.js';
import { DomainLifecycle } from './domain-lifecycle.js';
import { loggerFor } from '../../shared/log-scope.js';

const EVERY = 5 * SECOND;
const CHANGES = 20;
const PAGE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000' as DomainId;

/**
 * Applies the removal of an account and changes of its plan to its domains. FIND_SERVED reads the account itself, so
 * serving does not wait for this job; the job writes columns and events. It works from the queue of changed accounts; a
 * pass over all claims, one page in a round, finds what the queue has missed, such as a claim made during the change.
 */
@Injectable()
export class AccountChangesJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(AccountChangesJob.name);
  readonly #loop = new DueLoop({
    name: AccountChangesJob.name,
    round: () => this.round(),
    everyMs: EVERY,
  });
  // Ids are random: processes that restart often see all pages in time nevertheless.
  #pageAfter = randomUUID() as string as DomainId;

  constructor(
    private readonly effects: AccountEffects,
    private readonly lifecycle: DomainLifecycle,
  ) {
    super();
  }

  protected override begin(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Processes one batch of changes and one page of the pass. Returns whether more changes may be due. */
  async round(): Promise<boolean> {
    const changes = await this.effects.takeChanges(CHANGES);
    for (const change of changes) await this.#process(change);
    await this.#reviewPage();
    return changes.length === CHANGES;
  }

  async #process(change: AccountChange): Promise<void> {
    try {
      const claims = await this.effects.ofAccount(change.accountId);
      if (await this.#applyAll(claims)) await this.effects.complete(change);
    } catch (err) {
      const { accountId } = change;
      this.#logger.warn({ accountId, err }, 'account change not applied, will retry');
    }
  }

  async #reviewPage(): Promise<void> {
    const { affected, next } = await this.effects.page(this.#pageAfter, PAGE);
    await this.#applyAll(affected);
    this.#pageAfter = next ?? FIRST_ID;
  }

  /** A claim that fails does not keep the others waiting. Returns whether all succeeded. */
  async #applyAll(claims: readonly AffectedClaim[]): Promise<boolean> {
    let isDone = true;
    for (const claim of claims) {
      try {
        await this.#apply(claim);
      } catch (err) {
        isDone = false;
        const { hostname, effect } = claim;
        this.#logger.warn({ hostname, effect, err }, 'account change not applied, will retry');
      }
    }
    return isDone;
  }

  async #apply(claim: AffectedClaim): Promise<void> {
    switch (claim.effect) {
      case 'release':
        await this.lifecycle.release(claim, 'account_removed');
        return;
      case 'lapse':
        return this.lifecycle.lapsePlan(claim);
      case 'restore':
        return this.lifecycle.restorePlan(claim);
    }
  }
}
