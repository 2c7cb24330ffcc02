import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CellConfig } from '../../config/cell-config.js';
import type { Account, AccountId } from '../account.js';
import { browserActor, type ActivityEntry } from '../activity/activity.js';
import { writeActivity } from '../activity/write-activity.js';
import { AccountMail } from '../email-change/account-mail.js';
import { lockAccount } from '../lock-account.js';
import { requireFresh, signInAgain } from '../sessions/fresh.js';
import type { SessionIdentity } from '../sessions/session.js';
import { hashSessionValue, newSessionValue, type SessionValue } from '../sessions/session-value.js';
import { renewSession } from '../sessions/session.store.js';
import type { NoticeContent } from './sign-in-message.js';
import type { Visitor } from './visitor.js';

/** Whoever changes what protects their account, by which browser. */
export interface Owner {
  readonly account: Account;
  readonly session: SessionIdentity;
  readonly visitor: Visitor;
}

export interface ProtectedChange<Result> {
  readonly result: Result;
  readonly entry: ActivityEntry;
  readonly notice: NoticeContent;
}

export interface Changed<Result> {
  readonly result: Result;
  /** The new value of the session, for the cookie. */
  readonly sessionValue: SessionValue;
}

/**
 * Changes of what protects an account: passwords, passkeys, second factors. Each needs a fresh sign-in, is one transaction
 * with its line of activity and its mail, and gives the session a new value.
 */
@Injectable()
export class ProtectedChanges {
  constructor(
    private readonly config: CellConfig,
    private readonly dataSource: DataSource,
    private readonly mail: AccountMail,
  ) {}

  /**
   * @param work throws to refuse
   * @throws AppError `forbidden` when the sign-in is not fresh, and what `work` throws
   */
  async make<Result>(
    { account, session, visitor }: Owner,
    work: (manager: EntityManager, accountId: AccountId) => Promise<ProtectedChange<Result>>,
  ): Promise<Changed<Result>> {
    requireFresh(session);
    const sessionValue = newSessionValue();
    const valueHash = hashSessionValue(sessionValue, this.config.region);
    const result = await this.dataSource.transaction(async (manager) => {
      const actor = browserActor(visitor.agent, visitor.network);
      const locked = await lockAccount(manager, account.id, actor);
      // Whoever has revoked it meanwhile decides.
      if (!(await renewSession(manager, session.id, valueHash))) throw signInAgain();
      const change = await work(manager, locked.id);
      await writeActivity(manager, locked.id, actor, change.entry);
      await tellOwner(this.mail, manager, locked, { notice: change.notice, visitor });
      return change.result;
    });
    return { result, sessionValue };
  }
}

/** Mails the owner what was changed, by which browser. */
export async function tellOwner(
  mail: AccountMail,
  manager: EntityManager,
  { id, email }: Pick<Account, 'id' | 'email'>,
  told: { readonly notice: NoticeContent; readonly visitor: Visitor },
): Promise<void> {
  // Without mail there is nobody to tell, and the change stands.
  if (!mail.isConfigured) return;
  const { agent, network, language } = told.visitor;
  const about = { accountId: id, to: email, language, by: { agent, network } };
  await mail.accept(manager, { ...told.notice, ...about });
}
