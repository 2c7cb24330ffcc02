import type { Account } from '../accounts/account.js';
import type { Network } from '../shared/network.js';
import type { Tenant } from '../tenancy/tenant.js';

/** Who asks, where, and from which network: the first argument of every use case. */
export interface Caller {
  readonly tenant: Tenant;
  /** Null: the limited service without an account. */
  readonly account: Account | null;
  readonly network: Network;
}

/** On a customer's domain: an account, and not the one whose domain it is. */
export function isStranger({ tenant, account }: Pick<Caller, 'tenant' | 'account'>): boolean {
  return account !== null && tenant.domain !== null && account.id !== tenant.customDomain?.ownerId;
}
