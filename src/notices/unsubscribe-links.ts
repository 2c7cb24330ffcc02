import { Injectable } from '@nestjs/common';
import type { StatementRunner } from '../database/statements.js';
import type { Subscription } from '../mail/mail-list.js';
import { MailRefusals } from '../mail/mail-refusals.js';
import { UnsubscribeTokens } from '../mail/unsubscribe-tokens.js';
import type { Language } from '../shared/language.js';

/** The links by which a reader refuses mails of a list. */
@Injectable()
export class UnsubscribeLinks {
  constructor(
    private readonly refusals: MailRefusals,
    private readonly tokens: UnsubscribeTokens,
  ) {}

  /**
   * The page of `pages/unsubscribe-page.controller.ts`; null: they are refused already, so no mail goes out.
   * @param at the origin of the link
   */
  async linkFor(
    subscription: Subscription,
    at: { readonly origin: string; readonly language: Language },
    statements?: StatementRunner,
  ): Promise<string | null> {
    if (await this.refusals.has(subscription, statements)) return null;
    const token = this.tokens.tokenFor(subscription);
    return `${at.origin}/unsubscribe/${token}?lang=${at.language}`;
  }
}
