import { Injectable } from '@nestjs/common';
import { PasswordHashes } from '../password/password-hashes.js';
import { requirePassword } from '../password/password-rules.js';
import type { SignInOutcome } from '../sign-in/sign-in.store.js';
import type { Visitor } from '../sign-in/visitor.js';
import { AccountLinkStore, type AccountLink } from './account-link.store.js';
import { LinkCompletions } from './link-completions.js';
import { linkInvalid } from './link-invalid.js';
import { LinkRequests } from './link-requests.js';

/** New passwords by mail: for one that is forgotten, and the first one of an account that the operator made. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly requests: LinkRequests,
    private readonly links: AccountLinkStore,
    private readonly completions: LinkCompletions,
    private readonly hashes: PasswordHashes,
  ) {}

  /** Mails a link to the address. Whether it has an account is not told. @throws what LinkRequests throws */
  request(email: string, visitor: Visitor): Promise<void> {
    return this.requests.request(email, visitor, (address, key) =>
      this.links.mailPassword(address, key, visitor),
    );
  }

  /** Whose link it is, for the page that it opens. Uses nothing up. Throws AppError `not_found`. */
  async find(token: string): Promise<AccountLink> {
    const link = await this.links.find(token, 'password');
    if (link === null) throw linkInvalid();
    return link;
  }

  /**
   * Sets the password, ends all sessions and signs the owner in, or asks for the second factor. A refused password does not use the link up.
   * @throws AppError `not_found`, `invalid_request`, `busy`
   */
  async complete(token: string, typed: string, visitor: Visitor): Promise<SignInOutcome> {
    const link = await this.find(token);
    const password = await this.hashes.make(requirePassword(typed, link.email), visitor.client);
    const opened = await this.completions.newPassword(token, link, password, visitor);
    if (opened === null) throw linkInvalid();
    return opened;
  }
}
