import { Body, Delete, Get, HttpCode, Post, UseInterceptors } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { EmailChange } from '../../accounts/email-change/email-change.js';
import { EmailChanges } from '../../accounts/email-change/email-changes.service.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { Limited } from '../../limits/limited.decorator.js';
import { IdempotencyInterceptor } from '../domains/idempotency.interceptor.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import type { CancelledAnswer, EmailChangeAnswer } from './account-answers.js';
import {
  emailChangeSchema,
  emailCodeSchema,
  type EmailChangeRequest,
  type EmailCodeRequest,
} from './account-requests.js';
import { AccountRoutes, ReadOnly } from './account-routes.decorator.js';
import { Acting } from './acting.decorator.js';

/** The address of the account. A change needs the codes that were sent to the old address and to the new one. */
@AccountRoutes('/email-change')
export class AccountEmailController {
  constructor(private readonly changes: EmailChanges) {}

  @Post()
  @HttpCode(202)
  @Limited('email change')
  @FreshSignIn('browsers')
  @UseInterceptors(IdempotencyInterceptor)
  async request(
    @SignedIn() account: Account,
    @Acting() { actor }: Grantor,
    @Body({ schema: emailChangeSchema }) { email }: EmailChangeRequest,
  ): Promise<EmailChangeAnswer> {
    return presentPending(account, await this.changes.request(account, email, actor));
  }

  @Get()
  @ReadOnly()
  async show(@SignedIn() account: Account): Promise<EmailChangeAnswer> {
    return presentPending(account, await this.changes.get(account));
  }

  @Post('confirm')
  @HttpCode(200)
  async confirm(
    @SignedIn() account: Account,
    @Acting() { actor }: Grantor,
    @Body({ schema: emailCodeSchema }) { code }: EmailCodeRequest,
  ): Promise<EmailChangeAnswer> {
    const confirmed = await this.changes.confirm(account, code, actor);
    if (typeof confirmed !== 'string') return presentPending(account, confirmed);
    return {
      user_id: account.id,
      record: {
        state: 'changed',
        email: confirmed,
        old_confirmed: true,
        new_confirmed: true,
        expires_at: null,
      },
    };
  }

  @Delete()
  async cancel(
    @SignedIn() account: Account,
    @Acting() { actor }: Grantor,
  ): Promise<CancelledAnswer> {
    await this.changes.cancel(account, actor);
    return { user_id: account.id, record: {} };
  }
}

function presentPending({ id }: Account, change: EmailChange): EmailChangeAnswer {
  return {
    user_id: id,
    record: {
      state: 'pending',
      email: change.newEmail,
      old_confirmed: change.oldConfirmedAt !== null,
      new_confirmed: change.newConfirmedAt !== null,
      expires_at: change.expiresAt.toISOString(),
    },
  };
}
