import { isForeignAccount, type Caller } from '../auth/caller.js';
import type { DomainPolicy } from '../domains/domain-policy.js';
import { AppError } from '../shared/app-error.js';
import { type Hostname, parseHostname } from '../shared/hostname.js';
import type { Tenant } from '../tenancy/tenant.js';
import type { ConcealSecret, Surface } from './receipt.js';
import type { ShareDomains } from './share-domains.js';

/** The custom domain that a link names, and what its owner demands. */
export interface LinkDomain {
  readonly hostname: Hostname;
  readonly policy: DomainPolicy;
}

/**
 * The custom domain in a new link; null: the region's own host. On a custom domain it is that domain, unless the request
 * honours its `shareDomain` and the owner names another of its own.
 * @throws AppError `forbidden`, or `invalid_request` when the caller's own domain does not serve
 */
export async function linkDomainOf(
  caller: Caller,
  request: Pick<ConcealSecret, 'shareDomain' | 'surface' | 'honoursShareDomain'>,
  shareDomains: ShareDomains,
): Promise<LinkDomain | null> {
  const { domain, customDomain } = caller.tenant;
  if (domain !== null) requireMayCreate(caller, domain, request.surface);
  const isHostsOwn =
    domain !== null && (caller.account === null || request.honoursShareDomain !== true);
  const asked = isHostsOwn ? null : customDomainIn(request.shareDomain, caller.tenant);
  if (asked === null) return customDomain;
  if (caller.account === null) throw notPermitted(asked);
  const { state, policy } = await shareDomains.find(caller.account.id, asked);
  if (state === 'serving') return { hostname: asked, policy };
  throw state === 'foreign'
    ? notPermitted(asked)
    : new AppError('invalid_request', `Custom domain is not verified: ${asked}`, {
        field: 'share_domain',
      });
}

/** Whether the caller may create on this host. On a custom domain: its owner, and guests where the owner allows them. */
export function mayCreateHere({ tenant, account }: Caller, surface: Surface): boolean {
  if (tenant.domain === null) return true;
  if (account !== null) return !isForeignAccount({ tenant, account });
  const { customDomain } = tenant;
  const isAllowed = surface === 'api' ? customDomain?.apiEnabled : customDomain?.homepageEnabled;
  return isAllowed === true;
}

function requireMayCreate(caller: Caller, domain: Hostname, surface: Surface): void {
  if (mayCreateHere(caller, surface)) return;
  throw caller.account === null
    ? new AppError('forbidden', `Public sharing disabled for domain: ${domain}`)
    : notPermitted(domain);
}

/** The custom domain in the request. Null for an empty text, an invalid host name, or a host of the region itself. */
function customDomainIn(text: string | null, tenant: Tenant): Hostname | null {
  const hostname = parseHostname(text?.trim() ?? '');
  if (hostname === null || hostname === tenant.hostname) return null;
  return tenant.canonicalHostnames.includes(hostname) ? null : hostname;
}

function notPermitted(hostname: Hostname): AppError {
  return new AppError('forbidden', `You do not have permission to use domain: ${hostname}`);
}
