import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CellConfig } from '../../config/cell-config.js';
import type { Account, AccountId } from '../account.js';
import { AccountEntity } from '../account.entity.js';
import type { EmailKey } from '../email-address.js';
import {
  findPassword,
  PASSWORD_COLUMNS,
  rehashPassword,
  type StoredPassword,
} from '../password/store-password.js';
import type { PasswordHash } from '../password/password-hashes.js';
import { beginPending, type PendingValue } from '../second-factor/pending-sign-in.js';
import { SecondFactorStore } from '../second-factor/second-factor.store.js';
import type { NewSession, SecondFactor, SignInMethod } from '../sessions/session.js';
import { hashSessionValue, newSessionValue } from '../sessions/session-value.js';
import { openSession } from '../sessions/session.store.js';
import type { Visitor } from './visitor.js';

/** What a password is compared with. */
export interface PasswordLogin {
  readonly accountId: AccountId;
  /** Null: the account has no password. */
  readonly password: StoredPassword | null;
}

export interface SignedInBrowser {
  readonly kind: 'signed_in';
  readonly account: Account;
  readonly session: NewSession;
}

/** What a right first factor leads to. `second_factor`: a code is asked for, and nothing is open before. */
export type SignInOutcome =
  SignedInBrowser | { readonly kind: 'second_factor'; readonly pending: PendingValue };

export interface Proof {
  readonly method: SignInMethod;
  readonly secondFactor: SecondFactor | null;
}

const FIND = `
  select a.id as "accountId", ${PASSWORD_COLUMNS}
  from accounts a left join account_passwords p on p.account_id = a.id
  where a.email_key = $1 and a.state = 'active'`;

/** Sign-ins by browsers. */
@Injectable()
export class SignInStore {
  constructor(
    private readonly config: CellConfig,
    private readonly dataSource: DataSource,
    private readonly secondFactors: SecondFactorStore,
  ) {}

  /** Null when no active account has the address. */
  async find(emailKey: EmailKey): Promise<PasswordLogin | null> {
    const [row] = await this.dataSource.query<
      (StoredPassword & { readonly accountId: AccountId })[]
    >(FIND, [emailKey]);
    if (row === undefined) return null;
    const { accountId, ...password } = row;
    return { accountId, password: password.hash === null ? null : password };
  }

  /**
   * Signs in whoever has shown the password. Null when the password was changed meanwhile, or the account is
   * not active any more.
   * @param renewed the same password with the parameters of today; null: it has them
   */
  openByPassword(
    accountId: AccountId,
    shown: PasswordHash,
    renewed: PasswordHash | null,
    visitor: Visitor,
  ): Promise<SignInOutcome | null> {
    return this.dataSource.transaction(async (manager) => {
      const account = await lockActive(manager, accountId);
      const password = account && (await findPassword(manager, accountId));
      if (account === null || password?.hash.equals(shown.hash) !== true) return null;
      if (renewed !== null) await rehashPassword(manager, accountId, password, renewed);
      return this.proceed(manager, account, 'password', visitor);
    });
  }

  /** Opens a session for whoever has shown a passkey. Null when `use` says no, or the account is not active. */
  openByPasskey(
    accountId: AccountId,
    use: (manager: EntityManager) => Promise<boolean>,
    visitor: Visitor,
  ): Promise<SignedInBrowser | null> {
    return this.dataSource.transaction(async (manager) => {
      const account = await lockActive(manager, accountId);
      if (account === null || !(await use(manager))) return null;
      return this.open(manager, account, { method: 'passkey', secondFactor: null }, visitor);
    });
  }

  /** Opens a session, or asks for the second factor first. The caller has locked the account and found it active. */
  async proceed(
    manager: EntityManager,
    account: Account,
    method: Exclude<SignInMethod, 'passkey'>,
    visitor: Visitor,
  ): Promise<SignInOutcome> {
    if ((await this.secondFactors.confirmedAt(manager, account.id)) === null)
      return this.open(manager, account, { method, secondFactor: null }, visitor);
    const pending = await beginPending(manager, { accountId: account.id, method });
    return { kind: 'second_factor', pending };
  }

  /** Opens a session with a new value. The caller has locked the account and found it active. */
  async open(
    manager: EntityManager,
    account: Account,
    { method, secondFactor }: Proof,
    { agent, network, sessionId }: Visitor,
  ): Promise<SignedInBrowser> {
    const value = newSessionValue();
    const id = await openSession(manager, account.id, {
      valueHash: hashSessionValue(value, this.config.region),
      method,
      secondFactor,
      agent,
      network,
      replaces: sessionId,
    });
    return { kind: 'signed_in', account, session: { id, value } };
  }
}

/** Locks an account until the transaction ends; null when it is not active. */
export async function lockActive(manager: EntityManager, id: AccountId): Promise<Account | null> {
  const found = await manager.getRepository(AccountEntity).findOne({
    where: { id, state: 'active' },
    lock: { mode: 'pessimistic_write' },
  });
  if (found === null) return null;
  const { email, plan, state } = found;
  return { id, email, plan, state };
}
