import { IsNull, Not, Raw, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Hostname } from '../../shared/hostname.js';
import { DomainEntity } from '../domain.entity.js';
import { isProven } from '../ownership.js';

/** Days after another account released or lost a name in which the TXT record alone does not prove it. */
const QUARANTINE_DAYS = 30;

/**
 * All claims to a name, except removed ones, with their rows locked until the transaction ends. The locks serialise the
 * transitions of a name.
 */
export function lockClaims(manager: EntityManager, hostname: Hostname): Promise<DomainEntity[]> {
  return manager.getRepository(DomainEntity).find({
    where: { hostname, removedAt: IsNull() },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
}

/** The proven claim of another account; null if there is none. */
export function holderAmong(
  claims: readonly DomainEntity[],
  accountId: AccountId,
): DomainEntity | null {
  return claims.find((claim) => isProven(claim) && claim.accountId !== accountId) ?? null;
}

/** Whether another account released or lost the name lately, or has a lapsed claim to it. */
export function isInQuarantine(
  manager: EntityManager,
  hostname: Hostname,
  accountId: AccountId,
): Promise<boolean> {
  const lately = Raw((column) => `${column} > now() - interval '${QUARANTINE_DAYS} days'`);
  const other = { hostname, accountId: Not(accountId) };
  return manager.getRepository(DomainEntity).existsBy([
    { ...other, lostAt: lately },
    { ...other, ownership: 'lapsed', removedAt: IsNull() },
  ]);
}

/** The name may be free: makes the unproven claims of other accounts due now. */
export async function checkRivalsSoon(
  manager: EntityManager,
  { id, hostname }: Pick<DomainEntity, 'id' | 'hostname'>,
): Promise<void> {
  // A statement: an update of the query builder has no `skip locked`. A check in progress holds the row lock and waits
  // for the locks of this transaction.
  await manager.query(
    `update domains set next_check_at = now(), check_attempts = 0 where id = any(array(
       select id from domains
       where hostname = $1 and id <> $2 and removed_at is null and ownership in ('pending', 'conflict')
       for no key update skip locked
     ))`,
    [hostname, id],
  );
}
