import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Account, AccountId } from '../account.js';
import { insertAccount } from '../account.store.js';
import { browserActor } from '../activity/activity.js';
import { writeActivity } from '../activity/write-activity.js';
import { AccountMail } from '../email-change/account-mail.js';
import type { EmailKey } from '../email-address.js';
import type { NewCredential } from '../passkeys/passkey.js';
import { passkeyRefused } from '../passkeys/passkey-ceremonies.js';
import { insertPasskey } from '../passkeys/passkey.store.js';
import type { PasswordHash } from '../password/password-hashes.js';
import { storePassword } from '../password/store-password.js';
import { endSessions } from '../sessions/session.store.js';
import { SignInMetrics } from '../sign-in/sign-in-metrics.js';
import { tellOwner } from '../sign-in/protected-changes.js';
import {
  lockActive,
  SignInStore,
  type SignedInBrowser,
  type SignInOutcome,
} from '../sign-in/sign-in.store.js';
import type { Visitor } from '../sign-in/visitor.js';
import { takeLink, type AccountLink } from './account-link.store.js';

/** By which the owner of a new account signs in. */
export type FirstCredential =
  | { readonly accountId: undefined; readonly password: PasswordHash }
  | {
      /** The one that the passkey was made for. */
      readonly accountId: AccountId;
      readonly passkey: NewCredential;
      readonly name: string;
    };

/** What a mailed link is used for. It is used up in the transaction of what it does, so a killed process does both or none. */
@Injectable()
export class LinkCompletions {
  constructor(
    private readonly dataSource: DataSource,
    private readonly signIns: SignInStore,
    private readonly mail: AccountMail,
    private readonly metrics: SignInMetrics,
  ) {}

  /**
   * Null when the link was used. Throws a unique violation when the address has an account.
   * @param found by the same token before
   */
  signUp(
    token: string,
    { email, emailKey }: AccountLink,
    first: FirstCredential,
    visitor: Visitor,
  ): Promise<SignedInBrowser | null> {
    return this.#signIn(async (manager) => {
      // First of all: two who use two links of one address would else wait for each other.
      await lockAddress(manager, emailKey);
      if ((await takeLink(manager, token, 'sign_up')) === null) return null;
      const actor = browserActor(visitor.agent, visitor.network);
      const account = {
        id: first.accountId,
        email,
        emailKey,
        plan: 'basic',
        language: visitor.language,
      } as const;
      const { id, plan, state } = await insertAccount(manager, account, actor);
      await storeFirst(manager, id, first);
      await manager.query(
        `delete from account_links where email_key = $1 and purpose = 'sign_up'`,
        [emailKey],
      );
      const proof = { method: 'link', secondFactor: null } as const;
      return this.signIns.open(manager, { id, email, plan, state }, proof, visitor);
    });
  }

  /**
   * Null when the link was used, or the account is not active.
   * @param found by the same token before
   */
  newPassword(
    token: string,
    { accountId }: AccountLink,
    password: PasswordHash,
    visitor: Visitor,
  ): Promise<SignInOutcome | null> {
    return this.#signIn(async (manager) => {
      const account = accountId && (await lockActive(manager, accountId));
      if (account === null || (await takeLink(manager, token, 'password')) === null) return null;
      await storePassword(manager, account.id, password);
      await manager.query('delete from account_links where account_id = $1', [account.id]);
      await endSessions(manager, account.id, null);
      await this.#tellPasswordSet(manager, account, visitor);
      return this.signIns.proceed(manager, account, 'link', visitor);
    });
  }

  async #signIn<Outcome extends SignInOutcome>(
    work: (manager: EntityManager) => Promise<Outcome | null>,
  ): Promise<Outcome | null> {
    const outcome = await this.dataSource.transaction(work);
    this.metrics.count('link', outcome?.kind ?? 'refused');
    return outcome;
  }

  async #tellPasswordSet(
    manager: EntityManager,
    account: Account,
    visitor: Visitor,
  ): Promise<void> {
    const { agent, network } = visitor;
    const entry = { action: 'password.set', subject: { by: 'link' } } as const;
    await writeActivity(manager, account.id, browserActor(agent, network), entry);
    await tellOwner(this.mail, manager, account, { notice: { kind: 'password_changed' }, visitor });
  }
}

async function storeFirst(
  manager: EntityManager,
  id: AccountId,
  first: FirstCredential,
): Promise<void> {
  if ('password' in first) await storePassword(manager, id, first.password);
  else if ((await insertPasskey(manager, id, first.name, first.passkey)) === null)
    throw passkeyRefused();
}

async function lockAddress(manager: EntityManager, emailKey: EmailKey): Promise<void> {
  await manager.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `sign-up ${emailKey}`,
  ]);
}
