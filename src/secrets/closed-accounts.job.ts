import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { AccountId } from '../accounts/account.js';
import { ClosingStore } from '../accounts/closing/closing.store.js';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { ReceiptStore } from './receipt.store.js';

const EVERY = 5 * SECOND;
const ACCOUNTS = 20;

/**
 * Ends the removal of accounts, a minute after it began: burns what requests of that time have added, or what a killed
 * process has left, and deletes the account. Its domains are released by AccountChangesJob meanwhile.
 */
@Injectable()
export class ClosedAccountsJob extends BackgroundJob implements OnModuleDestroy {
  readonly #logger = loggerFor(ClosedAccountsJob.name);
  readonly #loop = new DueLoop({
    name: ClosedAccountsJob.name,
    round: () => this.round(),
    everyMs: EVERY,
  });

  constructor(
    private readonly closings: ClosingStore,
    private readonly receipts: ReceiptStore,
  ) {
    super();
  }

  protected override begin(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Returns whether more accounts may be due. */
  async round(): Promise<boolean> {
    const due = await this.closings.takeDue(ACCOUNTS);
    for (const accountId of due) await this.#end(accountId);
    return due.length === ACCOUNTS;
  }

  async #end(accountId: AccountId): Promise<void> {
    try {
      await this.receipts.burnAllOf(accountId);
      await this.closings.finish(accountId);
      this.#logger.info({ accountId }, 'account removed');
    } catch (err) {
      this.#logger.warn({ accountId, err }, 'account not removed, will retry');
    }
  }
}
