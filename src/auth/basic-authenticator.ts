import type { IncomingMessage } from 'node:http';
import { callbackify } from 'node:util';
import { Injectable } from '@nestjs/common';
import passport from 'passport';
import type { Account } from '../accounts/account.js';
import { AccountsService } from '../accounts/accounts.service.js';
import { AppError } from '../shared/app-error.js';
import { isAnonymous } from './basic-credentials.js';
import { StrictBasicStrategy } from './strict-basic.strategy.js';

/** Who sent a request, for the guard and for routes that are served without Nest. */
@Injectable()
export class BasicAuthenticator {
  // Passport's default instance is one for the whole process: a second cell that registered there would verify the
  // first one's requests against its own accounts. So each cell has an instance of its own.
  private readonly passport = new passport.Authenticator();

  constructor(accounts: AccountsService) {
    const verify = (email: string, token: string): Promise<Account | null> =>
      accounts.authenticate(email, token);
    this.passport.use(new StrictBasicStrategy(callbackify(verify)));
  }

  /**
   * The account of a request, null when it carries no Authorization header at all.
   * Throws AppError `not_authorized` for any other header that does not sign in: none falls back to anonymous.
   */
  async authenticate(request: IncomingMessage): Promise<Account | null> {
    if (isAnonymous(request)) return null;
    const account = await this.#runStrategy(request);
    if (account === null) throw notAuthorized();
    return account;
  }

  #runStrategy(request: IncomingMessage): Promise<Account | null> {
    return new Promise((resolve, reject) => {
      const answer = (error: unknown, account?: Account | false): void => {
        if (error) reject(error);
        else resolve(account || null);
      };
      // Given a callback, passport leaves the response alone.
      this.passport.authenticate('basic', { session: false }, answer)(request, null, reject);
    });
  }
}

export function notAuthorized(): AppError {
  return new AppError('not_authorized', 'Not authorized');
}
