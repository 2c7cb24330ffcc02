import type { EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Hostname } from '../../shared/hostname.js';
import { DomainEntity } from '../domain.entity.js';
import { isProven } from '../ownership.js';

/** For so long after another account released or lost a name, the TXT record alone does not win it. */
export const QUARANTINE_DAYS = 30;

/** The row of every live claim of a name, locked until the transaction ends: what decides about a name is decided one after another. */
export function lockClaims(manager: EntityManager, hostname: Hostname): Promise<DomainEntity[]> {
  return manager
    .createQueryBuilder(DomainEntity, 'domain')
    .where('domain.hostname = :hostname and domain.removed_at is null', { hostname })
    .orderBy('domain.id')
    .setLock('for_no_key_update')
    .getMany();
}

/** The one claim that is proven, if it is another account's. */
export function holderAmong(
  claims: readonly DomainEntity[],
  accountId: AccountId,
): DomainEntity | null {
  return claims.find((claim) => isProven(claim) && claim.accountId !== accountId) ?? null;
}

/** Whether another account released or lost the name lately, or is about to lose it. */
export async function isInQuarantine(
  manager: EntityManager,
  hostname: Hostname,
  accountId: AccountId,
): Promise<boolean> {
  const [row] = await manager.query<{ exists: boolean }[]>(
    `select exists (
       select from domains where hostname = $1 and account_id <> $2 and (
         lost_at > now() - make_interval(days => $3)
         or (ownership = 'lapsed' and removed_at is null)
       )
     )`,
    [hostname, accountId, QUARANTINE_DAYS],
  );
  return row?.exists === true;
}

/** The name may be free now: whoever claims it besides is looked at soon. */
export async function checkRivalsSoon(
  manager: EntityManager,
  { id, hostname }: Pick<DomainEntity, 'id' | 'hostname'>,
): Promise<void> {
  await manager.query(
    // Who is being looked at just now holds the row, and waits for ours.
    `update domains set next_check_at = now(), check_attempts = 0 where id in (
       select id from domains
       where hostname = $1 and id <> $2 and removed_at is null and ownership in ('pending', 'conflict')
       for no key update skip locked
     )`,
    [hostname, id],
  );
}
