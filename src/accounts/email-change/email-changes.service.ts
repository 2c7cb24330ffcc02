import { Injectable } from '@nestjs/common';
import { AppError } from '../../shared/app-error.js';
import type { Account } from '../account.js';
import { mailNotConfigured, notAnAddress } from '../address-errors.js';
import type { Actor } from '../activity/activity.js';
import { emailExists } from '../duplicate-email.js';
import { emailKeyOf, parseEmailAddress } from '../email-address.js';
import { AccountMail } from './account-mail.js';
import { newConfirmationCode } from './confirmation-code.js';
import type { EmailChange } from './email-change.js';
import { EmailChangeStore } from './email-change.store.js';

/** The address of an account, with proof that both the old and the new one are read by its owner. */
@Injectable()
export class EmailChanges {
  constructor(
    private readonly store: EmailChangeStore,
    private readonly mail: AccountMail,
  ) {}

  /**
   * Sends a code to each address. Whether the new one has an account already is not told.
   * @throws AppError `unavailable` when no mail is configured, `invalid_request` for an address that is none or the old one
   */
  request(account: Account, text: string, actor: Actor): Promise<EmailChange> {
    const email = parseEmailAddress(text);
    if (email === null) throw notAnAddress();
    const emailKey = emailKeyOf(email);
    if (emailKey === emailKeyOf(account.email))
      throw invalid('This is the address of the account already.', 'email', 'EMAIL_UNCHANGED');
    if (!this.mail.isConfigured) throw mailNotConfigured();
    const codes = { oldCode: newConfirmationCode(), newCode: newConfirmationCode() };
    return this.store.begin(account.id, { email, emailKey, ...codes }, actor);
  }

  /** Null when none is pending. */
  find({ id }: Account): Promise<EmailChange | null> {
    return this.store.find(id);
  }

  /** Throws AppError `not_found`, as cancel() does. */
  async get(account: Account): Promise<EmailChange> {
    const change = await this.find(account);
    if (change === null) throw nonePending();
    return change;
  }

  /**
   * Confirms the address that the code was sent to. Returns the new address once both are confirmed, and what is still
   * pending before.
   * @throws AppError `invalid_request` for a wrong code, `not_found`, `account_exists` when the address was taken meanwhile
   */
  async confirm({ id }: Account, code: string, actor: Actor): Promise<EmailChange | string> {
    const confirmed = await this.store.confirm(id, code, actor).catch((error: unknown) => {
      throw emailExists(error, 'the new address') ?? error;
    });
    switch (confirmed.outcome) {
      case 'confirmed':
        return confirmed.change;
      case 'changed':
        return confirmed.email;
      case 'none':
        throw nonePending();
      case 'wrong':
        if (confirmed.triesLeft > 0) throw invalid('This is not the code.', 'code', 'CODE_WRONG');
        throw invalid(
          'Too many wrong codes: ask for a new change of address.',
          'code',
          'CODE_TRIES_USED_UP',
        );
    }
  }

  async cancel({ id }: Account, actor: Actor): Promise<void> {
    if (!(await this.store.cancel(id, actor))) throw nonePending();
  }
}

function nonePending(): AppError {
  return new AppError('not_found', 'No change of address is pending');
}

function invalid(message: string, field: string, reason: string): AppError {
  return new AppError('invalid_request', message, { field, reason });
}
