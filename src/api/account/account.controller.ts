import { Body, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import type { Account, AccountId } from '../../accounts/account.js';
import { ActivityStore } from '../../accounts/activity/activity.store.js';
import { TokensService, type Grantor } from '../../accounts/tokens/tokens.service.js';
import { DomainsService } from '../../domains/domains.service.js';
import { ReceiptsService } from '../../secrets/receipts.service.js';
import { AppError } from '../../shared/app-error.js';
import { SignedIn } from '../domains/signed-in.decorator.js';
import type { AccountAnswer, ActivityAnswer, ApiTokenAnswer } from './account-answers.js';
import { presentAccount, presentActivity } from './account-presenter.js';
import {
  activityQuerySchema,
  changeAccountSchema,
  type ActivityQuery,
  type ChangeAccountRequest,
} from './account-requests.js';
import { AccountRoutes, ReadOnly } from './account-routes.decorator.js';
import { AccountSettings } from '../../accounts/settings/account-settings.js';
import { Acting } from './acting.decorator.js';

/** The caller's account: what it is, what it may, what of that is used, and what was done to it. */
@AccountRoutes()
export class AccountController {
  constructor(
    private readonly settings: AccountSettings,
    private readonly tokens: TokensService,
    private readonly activity: ActivityStore,
    private readonly domains: DomainsService,
    private readonly receipts: ReceiptsService,
  ) {}

  @Get()
  @ReadOnly()
  show(@SignedIn() { id }: Account): Promise<AccountAnswer> {
    return this.#answer(id);
  }

  @Patch()
  async change(
    @SignedIn() account: Account,
    @Acting() { actor }: Grantor,
    @Body({ schema: changeAccountSchema }) request: ChangeAccountRequest,
  ): Promise<AccountAnswer> {
    await this.settings.change(account, request, actor);
    return this.#answer(account.id);
  }

  async #answer(id: AccountId): Promise<AccountAnswer> {
    const [account, tokens, domains, unread] = await Promise.all([
      this.settings.get(id),
      this.tokens.list(id),
      this.domains.count(id),
      this.receipts.countUnread(id),
    ]);
    return presentAccount(account, { tokens, domains, unread });
  }

  @Get('activity')
  @ReadOnly()
  async listActivity(
    @SignedIn() account: Account,
    @Query({ schema: activityQuerySchema }) request: ActivityQuery,
  ): Promise<ActivityAnswer> {
    return presentActivity(account, await this.activity.page(account.id, request));
  }

  /** Upstream's renewal of "the" token: a new value of the one that signed in, in place of the old at once. */
  @Post('apitoken')
  @HttpCode(200)
  async renewApiToken(
    @SignedIn() { id }: Account,
    @Acting() acting: Grantor,
  ): Promise<ApiTokenAnswer> {
    const { tokenId } = acting.actor;
    if (tokenId === null) throw new AppError('invalid_request', 'No token signed this request in.');
    const { value } = await this.tokens.rotate(id, tokenId, { overlapSeconds: 0 }, acting);
    return { user_id: id, record: { apitoken: value, active: true }, details: {} };
  }
}
