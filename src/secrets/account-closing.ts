import { Injectable } from '@nestjs/common';
import type { Account } from '../accounts/account.js';
import type { Actor } from '../accounts/activity/activity.js';
import {
  ClosingConfirmations,
  type Confirmation,
} from '../accounts/closing/closing-confirmation.js';
import { ClosingStore } from '../accounts/closing/closing.store.js';
import { TokensService } from '../accounts/tokens/tokens.service.js';
import { DomainsService } from '../domains/domains.service.js';
import type { UnreadCount } from './receipt.store.js';
import { ReceiptsService } from './receipts.service.js';
import { AppError } from '../shared/app-error.js';
import { loggerFor } from '../shared/log-scope.js';

const DOMAINS_SHOWN_MAX = 200;
/** Of 500 unread secrets each: what is left goes in the background, and so do the receipts. */
const BATCHES_MAX = 20;

/** What a closing destroys. */
export interface ClosingPreview {
  readonly confirmation: Confirmation;
  readonly unread: UnreadCount;
  /** The host names, claimed and proven. */
  readonly domains: readonly string[];
  readonly domainCount: number;
  readonly tokenCount: number;
}

/** Closes an account, after its owner has seen what goes. */
@Injectable()
export class AccountClosing {
  readonly #logger = loggerFor(AccountClosing.name);

  constructor(
    private readonly confirmations: ClosingConfirmations,
    private readonly closings: ClosingStore,
    private readonly tokens: TokensService,
    private readonly domains: DomainsService,
    private readonly receipts: ReceiptsService,
  ) {}

  async preview({ id }: Account): Promise<ClosingPreview> {
    const confirmation = await this.confirmations.issue(id);
    const request = { state: null, limit: DOMAINS_SHOWN_MAX, cursor: null };
    const { domains, count } = await this.domains.list(id, request);
    const tokens = await this.tokens.list(id);
    return {
      confirmation,
      unread: await this.receipts.countUnread(id),
      domains: domains.map(({ hostname }) => hostname),
      domainCount: count,
      tokenCount: tokens.filter(({ replacedBy }) => replacedBy === null).length,
    };
  }

  /**
   * From the first step on every token is refused and no domain serves; a killed process leaves the rest to
   * ClosedAccountsJob and AccountChangesJob. Returns whether all unread secrets are burned.
   * @throws AppError `invalid_request` for a confirmation that is not valid, or when something was added since
   */
  async close({ id }: Account, confirmation: string, actor: Actor): Promise<boolean> {
    const { seenAt } = await this.confirmations.read(id, confirmation);
    const hasNew =
      (await this.domains.hasClaimsSince(id, seenAt)) ||
      (await this.receipts.hasUnreadSince(id, seenAt));
    if (hasNew) throw changed();
    if (await this.closings.begin(id, actor))
      this.#logger.info({ accountId: id, network: actor.network }, 'account closed by its owner');
    return this.receipts.burnUnreadOf(id, BATCHES_MAX);
  }
}

function changed(): AppError {
  return new AppError('invalid_request', 'Something was added since: look again at what goes.', {
    field: 'confirmation',
    reason: 'CLOSING_CHANGED',
  });
}
