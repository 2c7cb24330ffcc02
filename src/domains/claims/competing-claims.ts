import { IsNull, Not, Raw, type EntityManager } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Hostname } from '../../shared/hostname.js';
import { DomainEntity } from '../domain.entity.js';
import { otherOfPair, type PairMember } from '../domain-name.js';
import { isProven } from '../ownership.js';

/** Days after another account released or lost a name in which the TXT record alone does not prove it. */
const QUARANTINE_DAYS = 30;

/**
 * All claims to a name, except removed ones, with their rows locked until the transaction ends. The locks serialise the
 * transitions of a name. Once in a transaction: a claim that was made since would be locked out of the order of the ids.
 */
export function lockClaims(manager: EntityManager, hostname: Hostname): Promise<DomainEntity[]> {
  return manager.getRepository(DomainEntity).find({
    where: { hostname, removedAt: IsNull() },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
}

/**
 * Of two transactions that make, give or remove a pair, the later sees all that the earlier has done: the locks of rows do
 * not keep a row from being inserted. Taken before them.
 */
export async function lockPairing(
  manager: EntityManager,
  { registrableDomain }: Pick<PairMember, 'registrableDomain'>,
): Promise<void> {
  // A statement: it locks no table.
  await manager.query("select pg_advisory_xact_lock(hashtextextended('pair of ' || $1, 0))", [
    registrableDomain,
  ]);
}

/**
 * As lockClaims(), of both names of the pair that the name belongs to. Whatever locks claims to two names does it in the
 * order of the names: of two transactions about one pair, none waits for what the other has locked second.
 */
export async function lockPair(manager: EntityManager, name: PairMember): Promise<DomainEntity[]> {
  const other = otherOfPair(name);
  if (other === null) return lockClaims(manager, name.hostname);
  await lockPairing(manager, name);
  const claims: DomainEntity[] = [];
  for (const hostname of [name.hostname, other].toSorted())
    claims.push(...(await lockClaims(manager, hostname)));
  return claims;
}

/** The claim that redirects to this one, if any: the second name of its pair. */
export function secondAmong(
  claims: readonly DomainEntity[],
  main: Pick<DomainEntity, 'id' | 'accountId'>,
): DomainEntity | undefined {
  return claims.find(({ mainId, accountId }) => mainId === main.id && accountId === main.accountId);
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
