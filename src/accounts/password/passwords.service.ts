import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CellConfig } from '../../config/cell-config.js';
import { unavailable } from '../../shared/app-error.js';
import type { Account, AccountId } from '../account.js';
import { browserActor } from '../activity/activity.js';
import { writeActivity } from '../activity/write-activity.js';
import { AccountMail } from '../email-change/account-mail.js';
import { lockAccount } from '../lock-account.js';
import type { SessionIdentity } from '../sessions/session.js';
import { requireFresh } from '../sessions/fresh.js';
import { hashSessionValue, newSessionValue, type SessionValue } from '../sessions/session-value.js';
import { endSessions, renewSession } from '../sessions/session.store.js';
import type { Visitor } from '../sign-in/visitor.js';
import { PasswordHashes } from './password-hashes.js';
import { requirePassword } from './password-rules.js';
import { findPassword, storePassword } from './store-password.js';

/** The password of an account, as its signed-in owner sees and sets it. */
@Injectable()
export class Passwords {
  constructor(
    private readonly config: CellConfig,
    private readonly dataSource: DataSource,
    private readonly hashes: PasswordHashes,
    private readonly mail: AccountMail,
  ) {}

  /** When it was set; null: the account has none. */
  async changedAt(accountId: AccountId): Promise<Date | null> {
    return (await findPassword(this.dataSource.manager, accountId))?.changedAt ?? null;
  }

  /**
   * Sets the password, ends all other sessions and gives this one a new value, which is returned.
   * @throws AppError `forbidden` when the sign-in is not fresh, `invalid_request`, `busy`
   */
  async set(
    account: Account,
    session: SessionIdentity,
    typed: string,
    visitor: Visitor,
  ): Promise<SessionValue> {
    requireFresh(session);
    const password = await this.hashes.make(requirePassword(typed, account.email), visitor.client);
    const value = newSessionValue();
    await this.dataSource.transaction(async (manager) => {
      const { agent, network, language } = visitor;
      const actor = browserActor(agent, network);
      const { id, email } = await lockAccount(manager, account.id, actor);
      const valueHash = hashSessionValue(value, this.config.region);
      await endSessions(manager, id, session.id);
      // It was revoked while the password was hashed: whoever revoked it decides.
      if (!(await renewSession(manager, session.id, valueHash)))
        throw unavailable(new Error('the session ended while its password was set'));
      await storePassword(manager, id, password);
      await manager.query('delete from account_links where account_id = $1', [id]);
      const entry = { action: 'password.set', subject: { by: 'session' } } as const;
      await writeActivity(manager, id, actor, entry);
      await this.mail.accept(manager, {
        kind: 'password_changed',
        accountId: id,
        to: email,
        language,
        by: { agent, network },
      });
    });
    return value;
  }
}
