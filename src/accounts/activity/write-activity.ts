import type { EntityManager } from 'typeorm';
import type { AccountId } from '../account.js';
import type { ActivityEntry, Actor } from './activity.js';

const INSERT = `
  insert into account_activity (account_id, actor, actor_name, token_id, network, action, subject)
  select id, $2, $3, $4, $5, $6, $7 from accounts where id = $1 for key share`;

/** Adds a line to an account's activity, in the transaction of the change. An account that is gone has none. */
export async function writeActivity(
  manager: EntityManager,
  accountId: AccountId,
  { kind, name, tokenId, network }: Actor,
  { action, subject }: ActivityEntry,
): Promise<void> {
  await manager.query(INSERT, [accountId, kind, name, tokenId, network, action, subject]);
}
