import { Injectable } from '@nestjs/common';
import type { AccountRecord } from '../accounts/account-details.js';
import { AccountsService } from '../accounts/accounts.service.js';
import type { Actor } from '../accounts/activity/activity.js';
import { ClosingStore } from '../accounts/closing/closing.store.js';
import { ReceiptStore } from './receipt.store.js';

/** Removes an account with what it has: its unread secrets are burned; a job of the domains room releases its names. */
@Injectable()
export class AccountRemoval {
  constructor(
    private readonly accounts: AccountsService,
    private readonly closings: ClosingStore,
    private readonly receipts: ReceiptStore,
  ) {}

  /**
   * Refuses all tokens first, so that no secret is added. An interrupted removal can be asked for again; ClosedAccountsJob
   * ends it too. Throws AppError `not_found`.
   */
  async remove(email: string, actor: Actor): Promise<AccountRecord> {
    const account = await this.accounts.get(email);
    await this.closings.begin(account.id, actor);
    await this.receipts.burnAllOf(account.id);
    await this.closings.finish(account.id);
    return account;
  }
}
