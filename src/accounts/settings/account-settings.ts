import { Injectable } from '@nestjs/common';
import type { AccountRecord } from '../account-details.js';
import type { Account, AccountId } from '../account.js';
import { AccountsService } from '../accounts.service.js';
import type { Actor } from '../activity/activity.js';
import { ActivityStore } from '../activity/activity.store.js';
import type { Subscription } from '../../mail/mail-list.js';
import { MailRefusals } from '../../mail/mail-refusals.js';
import type { Language } from '../../shared/language.js';

export interface SettledAccount extends AccountRecord {
  /** Whether notices are mailed to its address. */
  readonly notices: boolean;
}

/** What is absent stays. */
export interface SettingsChange {
  /** Null: the default. */
  readonly language?: Language | null | undefined;
  readonly notices?: boolean | undefined;
}

/** What an owner chooses about the mails to the account's address. */
@Injectable()
export class AccountSettings {
  constructor(
    private readonly accounts: AccountsService,
    private readonly refusals: MailRefusals,
    private readonly activity: ActivityStore,
  ) {}

  async get(id: AccountId): Promise<SettledAccount> {
    const account = await this.accounts.getById(id);
    return { ...account, notices: !(await this.refusals.has(noticesTo(account))) };
  }

  async change(
    account: Account,
    { language, notices }: SettingsChange,
    actor: Actor,
  ): Promise<void> {
    if (language !== undefined) await this.accounts.changeLanguage(account.email, language, actor);
    if (notices === undefined) return;
    const subscription = noticesTo(account);
    const isChanged = notices
      ? await this.refusals.remove(subscription)
      : await this.refusals.add(subscription);
    if (!isChanged) return;
    const entry = { action: 'account.notices_changed', subject: { notices } } as const;
    await this.activity.add(account.id, actor, entry);
  }
}

function noticesTo({ email }: Pick<Account, 'email'>): Subscription {
  return { list: 'notices', address: email };
}
