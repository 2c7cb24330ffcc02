import type { Hostname } from '../shared/hostname.js';
import type { Tenant } from '../tenancy/tenant.js';

/** The whole link to a secret: on the custom domain that it was made for, or on the tenant's own host. */
export function secretLink(tenant: Tenant, domain: Hostname | null, secretKey: string): string {
  const url = new URL(`/secret/${secretKey}`, tenant.origin);
  if (domain !== null) url.hostname = domain;
  return url.href;
}
