import type { EntityManager } from 'typeorm';
import type { AccountId } from '../account.js';
import type { ActivityEntry, Actor } from './activity.js';

const INSERT = `
  insert into account_activity (account_id, actor, actor_name, token_id, network, action, subject)
  values ($1, $2, $3, $4, $5, $6, $7)`;

/** Adds a line to an account's activity, in the transaction of the change. */
export async function writeActivity(
  manager: EntityManager,
  accountId: AccountId,
  { kind, name, tokenId, network }: Actor,
  { action, subject }: ActivityEntry,
): Promise<void> {
  await manager.query(INSERT, [accountId, kind, name, tokenId, network, action, subject]);
}
