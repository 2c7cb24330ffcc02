import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AccountId } from '../account.js';
import { AccountEntity } from '../account.entity.js';
import type { Actor } from '../activity/activity.js';
import { writeActivity } from '../activity/write-activity.js';
import type { EmailAddress, EmailKey } from '../email-address.js';
import { lockAccount } from '../lock-account.js';
import { AccountMail } from './account-mail.js';
import { hashConfirmationCode } from './confirmation-code.js';
import type { Confirmed, EmailChange } from './email-change.js';

const VALID_FOR = `interval '1 day'`;
const TRIES = 10;

export interface RequestedChange {
  readonly email: EmailAddress;
  readonly emailKey: EmailKey;
  readonly oldCode: string;
  readonly newCode: string;
}

interface StoredChange extends EmailChange {
  readonly newEmailKey: EmailKey;
  readonly oldCodeHash: Buffer;
  readonly newCodeHash: Buffer;
}

const COLUMNS = `
  new_email as "newEmail", new_email_key as "newEmailKey", old_code_hash as "oldCodeHash", new_code_hash as "newCodeHash",
  old_confirmed_at as "oldConfirmedAt", new_confirmed_at as "newConfirmedAt", tries_left as "triesLeft",
  expires_at as "expiresAt"`;

const FIND = `select ${COLUMNS} from email_changes where account_id = $1 and expires_at > now()`;

// A later request takes the place of an earlier one, whose codes are void.
const REPLACE = `
  insert into email_changes
    (account_id, new_email, new_email_key, old_code_hash, new_code_hash, tries_left, expires_at)
  values ($1, $2, $3, $4, $5, ${TRIES}, now() + ${VALID_FOR})
  on conflict (account_id) do update set
    new_email = excluded.new_email, new_email_key = excluded.new_email_key,
    old_code_hash = excluded.old_code_hash, new_code_hash = excluded.new_code_hash,
    old_confirmed_at = null, new_confirmed_at = null, tries_left = excluded.tries_left,
    created_at = now(), expires_at = excluded.expires_at
  returning ${COLUMNS}`;

const CONFIRM = `
  update email_changes set
    old_confirmed_at = case when $2 then coalesce(old_confirmed_at, now()) else old_confirmed_at end,
    new_confirmed_at = case when $3 then coalesce(new_confirmed_at, now()) else new_confirmed_at end
  where account_id = $1 returning ${COLUMNS}`;

/** Pending changes of address. Each step is one transaction with its line of activity and its messages. */
@Injectable()
export class EmailChangeStore {
  constructor(
    private readonly dataSource: DataSource,
    private readonly mail: AccountMail,
  ) {}

  async find(id: AccountId): Promise<EmailChange | null> {
    const [change] = await this.dataSource.query<StoredChange[]>(FIND, [id]);
    if (change === undefined) return null;
    const { oldCodeHash: _old, newCodeHash: _new, newEmailKey: _key, ...shown } = change;
    return shown;
  }

  /** A code goes to each address; to a new one that has an account, a message without a code. */
  begin(id: AccountId, requested: RequestedChange, actor: Actor): Promise<EmailChange> {
    const { email, emailKey, oldCode, newCode } = requested;
    return this.dataSource.transaction(async (manager) => {
      const account = await lockAccount(manager, id, actor);
      const hashes = [hashConfirmationCode(oldCode), hashConfirmationCode(newCode)];
      const [change] = await manager.query<[StoredChange]>(REPLACE, [
        id,
        email,
        emailKey,
        ...hashes,
      ]);
      const subject = { email };
      await writeActivity(manager, id, actor, { action: 'email.change_requested', subject });
      const { expiresAt } = change;
      const about = { accountId: id, expiresAt };
      await this.mail.accept(manager, {
        kind: 'email_change_old',
        ...about,
        to: account.email,
        code: oldCode,
        newEmail: email,
      });
      const isTaken = await manager.getRepository(AccountEntity).existsBy({ emailKey });
      await this.mail.accept(
        manager,
        isTaken
          ? { kind: 'email_in_use', accountId: id, to: email }
          : { kind: 'email_change_new', ...about, to: email, code: newCode },
      );
      return change;
    });
  }

  /** A wrong code is counted. The second of two right ones changes the address. */
  confirm(id: AccountId, code: string, actor: Actor): Promise<Confirmed> {
    return this.dataSource.transaction(async (manager) => {
      const { email: oldEmail } = await lockAccount(manager, id, actor);
      const [pending] = await manager.query<StoredChange[]>(FIND, [id]);
      if (pending === undefined) return { outcome: 'none' };
      if (pending.triesLeft <= 0) return { outcome: 'wrong', triesLeft: 0 };
      const hash = hashConfirmationCode(code);
      const isOld = timingSafeEqual(hash, pending.oldCodeHash);
      const isNew = timingSafeEqual(hash, pending.newCodeHash);
      if (!isOld && !isNew) return countWrong(manager, id, pending);
      const change = await confirmOne(manager, id, { isOld, isNew });
      const subject = { address: isOld ? 'old' : 'new' };
      await writeActivity(manager, id, actor, { action: 'email.address_confirmed', subject });
      if (change.oldConfirmedAt === null || change.newConfirmedAt === null)
        return { outcome: 'confirmed', change };
      await applyChange(manager, id, change, actor);
      const { newEmail } = change;
      await this.mail.accept(manager, {
        kind: 'email_changed',
        accountId: id,
        to: oldEmail,
        newEmail,
      });
      return { outcome: 'changed', email: newEmail };
    });
  }

  /** Returns whether there was a change to cancel. */
  cancel(id: AccountId, actor: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      await lockAccount(manager, id, actor);
      const [cancelled] = await manager.query<[unknown[], number]>(
        'delete from email_changes where account_id = $1 and expires_at > now() returning 1',
        [id],
      );
      if (cancelled.length === 0) return false;
      await writeActivity(manager, id, actor, { action: 'email.change_cancelled', subject: {} });
      return true;
    });
  }
}

async function countWrong(
  manager: EntityManager,
  id: AccountId,
  { triesLeft }: StoredChange,
): Promise<Confirmed> {
  await manager.query(
    'update email_changes set tries_left = tries_left - 1 where account_id = $1',
    [id],
  );
  return { outcome: 'wrong', triesLeft: triesLeft - 1 };
}

async function confirmOne(
  manager: EntityManager,
  id: AccountId,
  { isOld, isNew }: { readonly isOld: boolean; readonly isNew: boolean },
): Promise<StoredChange> {
  const [[change]] = await manager.query<[[StoredChange], number]>(CONFIRM, [id, isOld, isNew]);
  return change;
}

/** Throws a unique violation when the address was taken meanwhile. */
async function applyChange(
  manager: EntityManager,
  id: AccountId,
  { newEmail, newEmailKey }: StoredChange,
  actor: Actor,
): Promise<void> {
  await manager.query('delete from email_changes where account_id = $1', [id]);
  // They were mailed to the address before.
  await manager.query('delete from account_links where account_id = $1', [id]);
  const columns = { email: newEmail, emailKey: newEmailKey };
  await manager.getRepository(AccountEntity).update({ id }, columns);
  const subject = { email: newEmail };
  await writeActivity(manager, id, actor, { action: 'email.changed', subject });
}
