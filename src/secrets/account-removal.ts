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
   * Refuses all tokens first. Requests that were let in before may still add secrets: ClosedAccountsJob burns those a minute
   * later and deletes the account, also after an interrupted removal. Throws AppError `not_found`.
   */
  async remove(email: string, actor: Actor): Promise<AccountRecord> {
    const account = await this.accounts.get(email);
    await this.closings.begin(account.id, actor);
    await this.receipts.burnAllOf(account.id);
    return account;
  }
}
