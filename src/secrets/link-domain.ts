import { isForeignAccount, type Caller } from '../auth/caller.js';
import { AppError } from '../shared/app-error.js';
import { type Hostname, parseHostname } from '../shared/hostname.js';
import type { Tenant } from '../tenancy/tenant.js';
import type { ConcealSecret, Surface } from './receipt.js';
import type { ShareDomains } from './share-domains.js';

/**
 * The custom domain that a new link names, null for the region's own host. On a customer's domain it is that domain,
 * whatever was asked for. @throws AppError `forbidden`, or `invalid_request` for a domain of one's own that does not serve
 */
export async function linkDomainOf(
  caller: Caller,
  { shareDomain, surface }: Pick<ConcealSecret, 'shareDomain' | 'surface'>,
  shareDomains: ShareDomains,
): Promise<Hostname | null> {
  const { domain } = caller.tenant;
  if (domain !== null) return requireWelcome(caller, domain, surface);
  const asked = customDomainIn(shareDomain, caller.tenant);
  if (asked === null) return null;
  if (caller.account === null) throw notPermitted(asked);
  const state = await shareDomains.stateFor(caller.account.id, asked);
  if (state === 'serving') return asked;
  throw state === 'foreign'
    ? notPermitted(asked)
    : new AppError('invalid_request', `Custom domain is not verified: ${asked}`);
}

/** Whether a caller may create on this host: everybody on the region's own, on a customer's the owner and allowed guests. */
export function mayCreateHere({ tenant, account }: Caller, surface: Surface): boolean {
  if (tenant.domain === null) return true;
  if (account !== null) return !isForeignAccount({ tenant, account });
  const { customDomain } = tenant;
  const isAllowed = surface === 'api' ? customDomain?.apiEnabled : customDomain?.homepageEnabled;
  return isAllowed === true;
}

function requireWelcome(caller: Caller, domain: Hostname, surface: Surface): Hostname {
  if (mayCreateHere(caller, surface)) return domain;
  throw caller.account === null
    ? new AppError('forbidden', `Public sharing disabled for domain: ${domain}`)
    : notPermitted(domain);
}

/** Null for what counts as "no custom domain": nothing, no host name, or one of the region's own. */
function customDomainIn(text: string | null, tenant: Tenant): Hostname | null {
  const hostname = parseHostname(text?.trim() ?? '');
  if (hostname === null || hostname === tenant.hostname) return null;
  return tenant.canonicalHostnames.includes(hostname) ? null : hostname;
}

function notPermitted(hostname: Hostname): AppError {
  return new AppError('forbidden', `You do not have permission to use domain: ${hostname}`);
}
