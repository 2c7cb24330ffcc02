import { Injectable } from '@nestjs/common';
import { PasswordLimits } from '../../limits/password-limits.js';
import { AppError } from '../../shared/app-error.js';
import { emailKeyOf, type EmailKey } from '../email-address.js';
import { PasswordHashes, type PasswordHash } from '../password/password-hashes.js';
import { preparePassword } from '../password/password-rules.js';
import { SignInMetrics } from './sign-in-metrics.js';
import { SignInStore, type SignInOutcome } from './sign-in.store.js';
import type { Visitor } from './visitor.js';

/** Signs browsers in. */
@Injectable()
export class SignIns {
  constructor(
    private readonly limits: PasswordLimits,
    private readonly hashes: PasswordHashes,
    private readonly store: SignInStore,
    private readonly metrics: SignInMetrics,
  ) {}

  /**
   * Opens a session with a new value, in place of the browser's session until now, or asks for the second factor. For an unknown address, an account
   * without a password, one that is not active and a wrong password the answer and the work are the same.
   * @throws AppError `invalid_request` with the reason SIGN_IN_REFUSED, `rate_limited`, `busy`
   */
  async byPassword(email: string, password: string, visitor: Visitor): Promise<SignInOutcome> {
    const emailKey = emailKeyOf(email);
    await this.#admit(visitor, emailKey);
    const login = await this.store.find(emailKey);
    const stored = login?.password ?? null;
    const { isRight, isOutdated } = await this.hashes.verify(password, stored, visitor.client);
    if (login === null || stored === null || !isRight) throw this.#refused();
    const renewed = isOutdated ? await this.#rehash(password, visitor) : null;
    const opened = await this.store.openByPassword(login.accountId, stored, renewed, visitor);
    if (opened === null) throw this.#refused();
    this.metrics.count('password', opened.kind);
    return opened;
  }

  async #admit({ client }: Visitor, emailKey: EmailKey): Promise<void> {
    try {
      await this.limits.admit(client, emailKey);
    } catch (error) {
      this.metrics.count('password', 'limited');
      throw error;
    }
  }

  /** With the parameters of today; null: it can wait for the next sign-in. */
  async #rehash(typed: string, { client }: Visitor): Promise<PasswordHash | null> {
    const password = preparePassword(typed);
    // What is right was set once, so it needs no check of the rules.
    return password === null ? null : this.hashes.make(password, client).catch(() => null);
  }

  #refused(): AppError {
    this.metrics.count('password', 'refused');
    return new AppError('invalid_request', 'The address or the password is not right.', {
      field: 'password',
      reason: 'SIGN_IN_REFUSED',
    });
  }
}
