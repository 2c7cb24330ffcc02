import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AppError } from '../../shared/app-error.js';
import type { AccountId } from '../account.js';
import { requireFresh } from '../sessions/fresh.js';
import { endSessions } from '../sessions/session.store.js';
import { ProtectedChanges, type Changed, type Owner } from '../sign-in/protected-changes.js';
import { PasswordHashes } from './password-hashes.js';
import { requirePassword } from './password-rules.js';
import { findPassword, storePassword } from './store-password.js';

/** The password of an account, as its signed-in owner sees and sets it. */
@Injectable()
export class Passwords {
  constructor(
    private readonly dataSource: DataSource,
    private readonly hashes: PasswordHashes,
    private readonly changes: ProtectedChanges,
  ) {}

  /** When it was set; null: the account has none. */
  async changedAt(accountId: AccountId): Promise<Date | null> {
    return (await findPassword(this.dataSource.manager, accountId))?.changedAt ?? null;
  }

  /**
   * Sets the password and ends all other sessions.
   * @throws AppError `forbidden` when the sign-in is not fresh, `invalid_request`, `busy`
   */
  async set(owner: Owner, typed: string): Promise<Changed<void>> {
    const { account, session, visitor } = owner;
    requireFresh(session);
    const password = await this.hashes.make(requirePassword(typed, account.email), visitor.client);
    return this.changes.make(owner, async (manager, id) => {
      await endSessions(manager, id, session.id);
      await storePassword(manager, id, password);
      await manager.query('delete from account_links where account_id = $1', [id]);
      return {
        result: undefined,
        entry: { action: 'password.set', subject: { by: 'session' } },
        notice: { kind: 'password_changed' },
      };
    });
  }

  /** For whoever signs in with a passkey. @throws AppError `forbidden`, `not_found`, `invalid_request` without a passkey */
  remove(owner: Owner): Promise<Changed<void>> {
    return this.changes.make(owner, async (manager, id) => {
      if (!(await hasPasskey(manager, id))) throw passkeyNeeded();
      const [, removed] = await manager.query<[unknown[], number]>(
        'delete from account_passwords where account_id = $1',
        [id],
      );
      if (removed === 0) throw new AppError('not_found', 'The account has no password.');
      await endSessions(manager, id, owner.session.id);
      return {
        result: undefined,
        entry: { action: 'password.removed', subject: {} },
        notice: { kind: 'password_removed' },
      };
    });
  }
}

async function hasPasskey(manager: EntityManager, accountId: AccountId): Promise<boolean> {
  const rows = await manager.query<unknown[]>(
    'select 1 from passkeys where account_id = $1 limit 1',
    [accountId],
  );
  return rows.length > 0;
}

function passkeyNeeded(): AppError {
  return new AppError('invalid_request', 'Add a passkey first: without one nothing signs in.', {
    reason: 'PASSKEY_NEEDED',
  });
}
