import { Injectable } from '@nestjs/common';
import { CellConfig } from '../../config/cell-config.js';
import { AppError } from '../../shared/app-error.js';
import { emailExists } from '../duplicate-email.js';
import { PasswordHashes } from '../password/password-hashes.js';
import { requirePassword } from '../password/password-rules.js';
import type { SignedInBrowser } from '../sign-in/sign-in.store.js';
import type { Visitor } from '../sign-in/visitor.js';
import { AccountLinkStore, type AccountLink } from './account-link.store.js';
import { linkInvalid } from './link-invalid.js';
import { LinkCompletions, type FirstCredential } from './link-completions.js';
import { LinkRequests } from './link-requests.js';

/** Accounts that people make by themselves, with proof that they read the address. */
@Injectable()
export class SignUps {
  constructor(
    private readonly config: CellConfig,
    private readonly requests: LinkRequests,
    private readonly links: AccountLinkStore,
    private readonly completions: LinkCompletions,
    private readonly hashes: PasswordHashes,
  ) {}

  get isOpen(): boolean {
    return this.config.isSignUpOpen;
  }

  /**
   * Mails a link to the address. Whether it has an account already is not told.
   * @throws AppError `forbidden` where sign-up is closed, and what LinkRequests throws
   */
  async request(email: string, visitor: Visitor): Promise<void> {
    this.#requireOpen();
    await this.requests.request(email, visitor, (address, key) =>
      this.links.mailSignUp(address, key, visitor),
    );
  }

  /** Whose link it is, for the page that it opens. Uses nothing up. Throws AppError `not_found`. */
  async find(token: string): Promise<AccountLink> {
    this.#requireOpen();
    const link = await this.links.find(token, 'sign_up');
    if (link === null) throw linkInvalid();
    return link;
  }

  /**
   * Makes the account and signs its owner in. A refused password does not use the link up.
   * @throws AppError `not_found`, `invalid_request`, `busy`, `account_exists` when the operator made one meanwhile
   */
  async complete(token: string, typed: string, visitor: Visitor): Promise<SignedInBrowser> {
    const link = await this.find(token);
    const password = await this.hashes.make(requirePassword(typed, link.email), visitor.client);
    return this.completeWith(token, link, { accountId: undefined, password }, visitor);
  }

  /** complete() with what signs the owner in. @param link found by the same token before */
  async completeWith(
    token: string,
    link: AccountLink,
    first: FirstCredential,
    visitor: Visitor,
  ): Promise<SignedInBrowser> {
    const opened = await this.completions
      .signUp(token, link, first, visitor)
      .catch((error: unknown) => {
        throw emailExists(error, link.email) ?? error;
      });
    if (opened === null) throw linkInvalid();
    return opened;
  }

  #requireOpen(): void {
    if (this.isOpen) return;
    throw new AppError('forbidden', 'Accounts are made by the operator of this service.', {
      reason: 'SIGN_UP_CLOSED',
    });
  }
}
