import { Body, Get, HttpCode, Post } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import type { Grantor } from '../../accounts/tokens/tokens.service.js';
import { FreshSignIn } from '../../auth/fresh-sign-in.decorator.js';
import { AccountClosing } from '../../secrets/account-closing.js';
import { Limited } from '../../limits/limited.decorator.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import type { ClosedAnswer, ClosingAnswer } from './account-answers.js';
import { closeSchema, type CloseRequest } from './account-requests.js';
import { AccountRoutes } from './account-routes.decorator.js';
import { Acting } from './acting.decorator.js';

/** What closing the account destroys, and closing it. */
@AccountRoutes('/closing')
export class AccountClosingController {
  constructor(private readonly closing: AccountClosing) {}

  @Get()
  @Limited('account read')
  async preview(@SignedIn() account: Account): Promise<ClosingAnswer> {
    const preview = await this.closing.preview(account);
    return {
      user_id: account.id,
      record: {
        unread_secrets: preview.unread.count,
        unread_secrets_is_minimum: preview.unread.isMinimum,
        domains: [...preview.domains],
        domain_count: preview.domainCount,
        api_tokens: preview.tokenCount,
        confirmation: preview.confirmation.text,
        expires_at: preview.confirmation.expiresAt.toISOString(),
      },
    };
  }

  @Post()
  @FreshSignIn('browsers')
  @HttpCode(200)
  async close(
    @SignedIn() account: Account,
    @Acting() { actor }: Grantor,
    @Body({ schema: closeSchema }) { confirmation }: CloseRequest,
  ): Promise<ClosedAnswer> {
    const isBurned = await this.closing.close(account, confirmation, actor);
    const { id, email } = account;
    return { user_id: id, record: { email, state: isBurned ? 'closed' : 'closing' } };
  }
}
