import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../account.js';
import { AccountEntity } from '../account.entity.js';
import type { Actor } from '../activity/activity.js';
import { writeActivity } from '../activity/write-activity.js';
import { requireSignedIn } from '../lock-account.js';
import { ApiTokenEntity } from '../tokens/api-token.entity.js';

/** A request that was let in before the closing has ended by then. */
const FINISHED_AFTER = `interval '1 minute'`;
const ACTIVITY_BATCH = 5000;

// `closing_at`: when the removal goes on. One that fails is tried again a minute later, and the others do not wait for it.
const TAKE_DUE = `
  update accounts set closing_at = clock_timestamp() + ${FINISHED_AFTER}
  where id = any(array(
    select id from accounts where closing_at <= now() and state = 'closing'
    order by closing_at limit $1 for update skip locked
  )) returning id`;

const DELETE_ACTIVITY = `
  delete from account_activity where id = any(array(
    select id from account_activity where account_id = $1 order by id desc limit ${ACTIVITY_BATCH}
  ))`;

/** What signs in to the account or changes it, beside its tokens. */
const OF_SIGN_IN = [
  'email_changes',
  'sessions',
  'pending_sign_ins',
  'account_passwords',
  'account_links',
  'passkeys',
  'second_factors',
  'recovery_codes',
];

/**
 * The removal of an account, in steps that a killed process leaves to the next: begin() decides and refuses all who sign in;
 * secrets are burned and domains released by the rooms that have them; finish() deletes the row. Nothing goes back.
 */
@Injectable()
export class ClosingStore {
  constructor(private readonly dataSource: DataSource) {}

  /** Returns whether this call decided: false when the account is gone or closing already. Throws AppError `not_authorized` as lockAccount() does. */
  begin(id: AccountId, actor: Actor): Promise<boolean> {
    return this.dataSource.transaction(async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(AccountEntity)
        .set({ state: 'closing', closingAt: () => `now() + ${FINISHED_AFTER}` })
        .where(`id = :id and state <> 'closing'`, { id })
        .execute();
      if (affected !== 1) return false;
      await requireSignedIn(manager, actor);
      await manager.getRepository(ApiTokenEntity).delete({ accountId: id });
      for (const table of OF_SIGN_IN)
        await manager.query(`delete from ${table} where account_id = $1`, [id]);
      await writeActivity(manager, id, actor, { action: 'account.closing', subject: {} });
      return true;
    });
  }

  /** The accounts whose removal goes on now. No other process takes the same ones within a minute. */
  async takeDue(limit: number): Promise<AccountId[]> {
    const [rows] = await this.dataSource.query<[{ id: AccountId }[], number]>(TAKE_DUE, [limit]);
    return rows.map(({ id }) => id);
  }

  /** Deletes a closing account and all that this room has of it. The caller has burned its secrets. */
  async finish(id: AccountId): Promise<void> {
    let deleted = ACTIVITY_BATCH;
    while (deleted === ACTIVITY_BATCH)
      [, deleted] = await this.dataSource.query<[unknown[], number]>(DELETE_ACTIVITY, [id]);
    await this.dataSource.getRepository(AccountEntity).delete({ id, state: 'closing' });
  }

  /** Microseconds since 1970, by the clock of the database. */
  async now(): Promise<string> {
    const [row] = await this.dataSource.query<[{ now: string }]>(
      'select (extract(epoch from now()) * 1000000)::bigint::text as now',
    );
    return row.now;
  }
}
