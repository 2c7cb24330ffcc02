import { In, IsNull, type Repository } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Hostname } from '../../shared/hostname.js';
import type { DomainEntity } from '../domain.entity.js';
import { isProven, PROVEN_STATES } from '../ownership.js';

/** The account's own claims to these names, and the claims of others that have proven them. */
export async function findPairClaims(
  domains: Repository<DomainEntity>,
  accountId: AccountId,
  hostnames: readonly Hostname[],
): Promise<readonly DomainEntity[]> {
  if (hostnames.length === 0) return [];
  const named = { hostname: In(hostnames), removedAt: IsNull() };
  return domains.findBy([
    { ...named, accountId },
    { ...named, ownership: In(PROVEN_STATES) },
  ]);
}

/** Whether the account need not claim the name: it has a claim that has not ended, or another account serves the name. */
export function countsAsClaimed(claim: DomainEntity, accountId: AccountId): boolean {
  return claim.accountId === accountId ? claim.ownership !== 'revoked' : isProven(claim);
}
