import type { Account } from '../accounts/account.js';
import type { SessionIdentity } from '../accounts/sessions/session.js';
import type { TokenIdentity } from '../accounts/tokens/token-record.js';
import type { ClientNetworks, Network } from '../shared/network.js';
import type { Tenant } from '../tenancy/tenant.js';

/** Who sent a request, to which host and from which network: the first argument of every use case. */
export interface Caller {
  readonly tenant: Tenant;
  /** Null: anonymous, with the limits of `PLANS.anonymous`. */
  readonly account: Account | null;
  /** The API token by which the caller signed in; null: by none. */
  readonly token: TokenIdentity | null;
  /** The session by which the caller signed in; null: by none. */
  readonly session: SessionIdentity | null;
  readonly network: Network;
  readonly client: ClientNetworks;
}

/** Whether the caller has an account that does not own the custom domain of the request. False without an account. */
export function isForeignAccount({ tenant, account }: Pick<Caller, 'tenant' | 'account'>): boolean {
  return account !== null && tenant.domain !== null && account.id !== tenant.customDomain?.ownerId;
}
