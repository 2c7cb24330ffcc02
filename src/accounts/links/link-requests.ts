import { Injectable } from '@nestjs/common';
import { networkCharges } from '../../limits/network-charges.js';
import { isExceeded, RateLimits } from '../../limits/rate-limits.js';
import { mailNotConfigured, notAnAddress } from '../address-errors.js';
import {
  emailKeyOf,
  parseEmailAddress,
  type EmailAddress,
  type EmailKey,
} from '../email-address.js';
import { AccountMail } from '../email-change/account-mail.js';
import type { Visitor } from '../sign-in/visitor.js';

/** Who may ask for a link by mail, and how often. */
@Injectable()
export class LinkRequests {
  constructor(
    private readonly limits: RateLimits,
    private readonly mail: AccountMail,
  ) {}

  /**
   * Has `send` mail a link to the address, unless it was sent many already: the answer is the same.
   * @throws AppError `invalid_request` for what is no address, `rate_limited` by network, `unavailable` without mail
   */
  async request(
    text: string,
    { client }: Visitor,
    send: (email: EmailAddress, emailKey: EmailKey) => Promise<void>,
  ): Promise<void> {
    if (!this.mail.isConfigured) throw mailNotConfigured();
    const email = parseEmailAddress(text);
    if (email === null) throw notAnAddress();
    await this.limits.spend(networkCharges(client, 'ACCOUNT_LINKS', 'ACCOUNT_LINKS_WIDE'));
    const emailKey = emailKeyOf(email);
    const ofAddress = await this.limits.charge([
      { limit: 'ACCOUNT_LINKS_ADDRESS', subject: emailKey },
    ]);
    if (ofAddress === null || !isExceeded(ofAddress)) await send(email, emailKey);
  }
}
