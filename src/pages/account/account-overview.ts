import { Injectable } from '@nestjs/common';
import type { Account } from '../../accounts/account.js';
import { PLANS } from '../../accounts/plans.js';
import { AccountSettings } from '../../accounts/settings/account-settings.js';
import { TokensService, TOKENS_MAX } from '../../accounts/tokens/tokens.service.js';
import { DomainsService } from '../../domains/domains.service.js';
import { ReceiptsService } from '../../secrets/receipts.service.js';
import { AccountSecurity } from './account-security.js';
import type { AccountPageProps } from './views/account-page.js';

/** What an account is, what its plan allows, and what of that is used. */
@Injectable()
export class AccountOverview {
  constructor(
    private readonly settings: AccountSettings,
    private readonly tokens: TokensService,
    private readonly domains: DomainsService,
    private readonly receipts: ReceiptsService,
    private readonly security: AccountSecurity,
  ) {}

  async of({ id, plan }: Account): Promise<Omit<AccountPageProps, 'offer'>> {
    const [account, tokens, domains, unread, security] = await Promise.all([
      this.settings.get(id),
      this.tokens.list(id),
      this.domains.count(id),
      this.receipts.countUnread(id),
      this.security.factsOf(id),
    ]);
    const limits = PLANS[plan];
    const { length } = tokens.filter(({ replacedBy }) => replacedBy === null);
    return {
      account,
      use: { domains, unread, tokens: length, tokensMax: TOKENS_MAX },
      limits,
      security,
    };
  }
}
