import { IsNull, type EntityManager } from 'typeorm';
import type { Account, AccountId } from '../../accounts/account.js';
import { PLANS } from '../../accounts/plans.js';
import { AppError } from '../../shared/app-error.js';
import { DomainEntity } from '../domain.entity.js';

/** How many domains the account may have. Throws AppError `plan_required` if its plan has none. */
export function domainsMaxOf({ plan }: Pick<Account, 'plan'>): number {
  const { domainsMax } = PLANS[plan];
  if (domainsMax > 0) return domainsMax;
  throw new AppError('plan_required', 'Custom domains are part of the Identity Plus plan.', {
    reason: 'custom_domains',
  });
}

/** Of two transactions that add to an account's domains, the later counts those of the earlier. */
export async function lockDomainsOf(manager: EntityManager, accountId: AccountId): Promise<void> {
  // A statement: it locks no table.
  await manager.query("select pg_advisory_xact_lock(hashtextextended('domains of ' || $1, 0))", [
    accountId,
  ]);
}

/** @param names how many are to be added. Call it under lockDomainsOf(). Throws AppError `invalid_request` with reason `DOMAIN_LIMIT`. */
export async function requireCapacity(
  manager: EntityManager,
  { accountId, domainsMax }: { readonly accountId: AccountId; readonly domainsMax: number },
  { field, message }: { readonly field: string; readonly message: string },
  names = 1,
): Promise<void> {
  const count = await manager
    .getRepository(DomainEntity)
    .countBy({ accountId, removedAt: IsNull() });
  if (count + names <= domainsMax) return;
  throw new AppError('invalid_request', message, { field, reason: 'DOMAIN_LIMIT' });
}
