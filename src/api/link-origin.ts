import type { Hostname } from '../shared/hostname.js';
import type { Tenant } from '../tenancy/tenant.js';

const HOST = /\/\/[^:/]+/;

/** The origin of links: the custom domain's if there is one, on the same port. */
export function originOf({ origin, domain: ownDomain }: Tenant, domain: Hostname | null): string {
  if (domain === null || domain === ownDomain) return origin;
  return origin.replace(HOST, `//${domain}`);
}
