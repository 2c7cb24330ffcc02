import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CellConfig } from '../../config/cell-config.js';
import { AppError } from '../../shared/app-error.js';
import type { Account, AccountId } from '../account.js';
import { browserActor } from '../activity/activity.js';
import { lockAccount } from '../lock-account.js';
import { requireFresh } from '../sessions/fresh.js';
import { ProtectedChanges, type Changed, type Owner } from '../sign-in/protected-changes.js';
import { CodeTries } from './code-tries.js';
import { countRecoveryCodes, renewRecoveryCodes } from './recovery-codes.js';
import { SecondFactorStore } from './second-factor.store.js';
import { parseTotpCode, totpUri } from './totp.js';

export interface SecondFactorState {
  /** Since when a code is asked for at sign-in; null: none is. */
  readonly confirmedAt: Date | null;
  readonly recoveryCodesLeft: number;
}

/** What an authenticator app needs; shown this once. */
export interface TotpSetUp {
  /** In base32, for typing. */
  readonly secret: string;
  /** For a QR code. */
  readonly uri: string;
}

/** The authenticator app of an account, which is asked for beside the password, and the codes for when it is lost. */
@Injectable()
export class SecondFactors {
  constructor(
    private readonly config: CellConfig,
    private readonly dataSource: DataSource,
    private readonly store: SecondFactorStore,
    private readonly changes: ProtectedChanges,
    private readonly tries: CodeTries,
  ) {}

  async state(accountId: AccountId): Promise<SecondFactorState> {
    const { manager } = this.dataSource;
    const confirmedAt = await this.store.confirmedAt(manager, accountId);
    const recoveryCodesLeft = await countRecoveryCodes(manager, accountId);
    return { confirmedAt, recoveryCodesLeft };
  }

  /**
   * A new secret, in place of one that was not confirmed. It does not count before a code of it is shown.
   * @throws AppError `forbidden` when the sign-in is not fresh, `invalid_request` when there is one that counts
   */
  async begin({ account, session, visitor }: Owner): Promise<TotpSetUp> {
    requireFresh(session);
    const secret = await this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, account.id, browserActor(visitor.agent, visitor.network));
      return this.store.begin(manager, account.id);
    });
    if (secret === null) throw alreadyOn();
    return this.#setUp(account, secret);
  }

  /**
   * What begin() has returned, until a code confirms it: for the page that is loaded again. Null: nothing waits.
   * @throws AppError `forbidden` when the sign-in is not fresh
   */
  async begun({ account, session }: Pick<Owner, 'account' | 'session'>): Promise<TotpSetUp | null> {
    requireFresh(session);
    const secret = await this.store.unconfirmed(this.dataSource.manager, account.id);
    return secret === null ? null : this.#setUp(account, secret);
  }

  /**
   * Makes the app count, by a code of it. Returns the recovery codes, which are shown this once.
   * @throws AppError `forbidden`, `invalid_request` for a wrong code, `rate_limited`
   */
  async confirm(owner: Owner, text: string): Promise<Changed<string[]>> {
    requireFresh(owner.session);
    await this.tries.spend(owner.account.id, owner.visitor.network);
    const code = parseTotpCode(text);
    return this.changes.make(owner, async (manager, id) => {
      if (code === null || !(await this.store.use(manager, id, code, false))) throw wrongCode();
      return {
        result: await renewRecoveryCodes(manager, id),
        entry: { action: 'second_factor.confirmed', subject: {} },
        notice: { kind: 'second_factor_on' },
      };
    });
  }

  /** @throws AppError `forbidden`, `not_found` */
  remove(owner: Owner): Promise<Changed<void>> {
    return this.changes.make(owner, async (manager, id) => {
      if (!(await this.store.remove(manager, id))) throw isOff();
      return {
        result: undefined,
        entry: { action: 'second_factor.removed', subject: {} },
        notice: { kind: 'second_factor_off' },
      };
    });
  }

  /** Ten new recovery codes, shown this once; those before are void. @throws AppError `forbidden`, `not_found` */
  renewCodes(owner: Owner): Promise<Changed<string[]>> {
    return this.changes.make(owner, async (manager, id) => {
      if ((await this.store.confirmedAt(manager, id)) === null) throw isOff();
      return {
        result: await renewRecoveryCodes(manager, id),
        entry: { action: 'recovery_codes.renewed', subject: {} },
        notice: { kind: 'recovery_codes_renewed' },
      };
    });
  }

  #setUp({ email }: Account, secret: string): TotpSetUp {
    return { secret, uri: totpUri(secret, this.config.host, email) };
  }
}

function alreadyOn(): AppError {
  return new AppError('invalid_request', 'The account has an authenticator app already.', {
    reason: 'SECOND_FACTOR_ON',
    hint: 'Remove it first.',
  });
}

function isOff(): AppError {
  return new AppError('not_found', 'The account has no authenticator app.');
}

function wrongCode(): AppError {
  return new AppError('invalid_request', 'This is not the code that the app shows now.', {
    field: 'code',
    reason: 'CODE_WRONG',
  });
}
