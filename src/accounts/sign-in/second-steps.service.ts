import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../shared/app-error.js';
import { CodeTries } from '../second-factor/code-tries.js';
import {
  endPending,
  takeTry,
  waysOn,
  type PendingSignIn,
  type WaysOn,
} from '../second-factor/pending-sign-in.js';
import { takeRecoveryCode } from '../second-factor/recovery-codes.js';
import { SecondFactorStore } from '../second-factor/second-factor.store.js';
import { parseTotpCode } from '../second-factor/totp.js';
import type { SecondFactor } from '../sessions/session.js';
import { SignInReports } from './sign-in-reports.js';
import { lockActive, SignInStore, type SignedInBrowser } from './sign-in.store.js';
import type { Visitor } from './visitor.js';

/** The second factor of a sign-in whose first one was right. */
@Injectable()
export class SecondSteps {
  constructor(
    private readonly dataSource: DataSource,
    private readonly signIns: SignInStore,
    private readonly factors: SecondFactorStore,
    private readonly tries: CodeTries,
    private readonly told: SignInReports,
  ) {}

  /** How the sign-in with this value of a cookie may go on; null when it does not wait any more. */
  waysOn(pending: string): Promise<WaysOn | null> {
    return waysOn(this.dataSource.manager, pending);
  }

  /**
   * Opens the session for a code of the authenticator app, or for a recovery code.
   * @throws AppError `invalid_request` with the reason CODE_WRONG, `not_found` when the sign-in does not wait any more,
   * `rate_limited`
   */
  async complete(pending: string, text: string, visitor: Visitor): Promise<SignedInBrowser> {
    const waiting = await takeTry(this.dataSource.manager, pending);
    if (waiting === null) throw signInEnded();
    const code = parseTotpCode(text);
    if (code !== null) await this.tries.spend(waiting.accountId, visitor.network);
    const factor = code === null ? 'recovery_code' : 'totp';
    const opened = await this.dataSource.transaction(async (manager) => {
      const account = await lockActive(manager, waiting.accountId);
      if (account === null) throw signInEnded();
      const codesLeft = await this.#takeCode(manager, waiting, { factor, text: code ?? text });
      if (codesLeft === null) return null;
      // A change of the account has ended it meanwhile. The throw leaves the code unused.
      if (!(await endPending(manager, pending))) throw signInEnded();
      if (factor === 'recovery_code')
        await this.told.recoveryCodeUsed(manager, account, codesLeft, visitor);
      const proof = { method: waiting.method, secondFactor: factor } as const;
      return this.signIns.open(manager, account, proof, visitor);
    });
    this.told.count(waiting.method, opened?.kind ?? 'refused');
    if (opened === null) throw wrongCode();
    return opened;
  }

  /** Null: it is wrong, or was used. Returns how many recovery codes are left. */
  async #takeCode(
    manager: EntityManager,
    { accountId }: PendingSignIn,
    { factor, text }: { readonly factor: SecondFactor; readonly text: string },
  ): Promise<number | null> {
    if (factor === 'recovery_code') return takeRecoveryCode(manager, accountId, text);
    return (await this.factors.use(manager, accountId, text, true)) ? 0 : null;
  }
}

function wrongCode(): AppError {
  return new AppError('invalid_request', 'This code is not right, or was used already.', {
    field: 'code',
    reason: 'CODE_WRONG',
  });
}

function signInEnded(): AppError {
  return new AppError('not_found', 'This sign-in has ended. Sign in again.', {
    reason: 'SIGN_IN_ENDED',
  });
}
