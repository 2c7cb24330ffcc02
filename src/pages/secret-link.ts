import type { Hostname } from '../shared/hostname.js';
import type { Tenant } from '../tenancy/tenant.js';

/** The whole link to a secret: on the custom domain that it was made for, or on the tenant's own host. */
export function secretLink(tenant: Tenant, domain: Hostname | null, secretKey: string): string {
  const url = new URL(`/secret/${secretKey}`, tenant.origin);
  if (domain !== null) url.hostname = domain;
  return url.href;
}

/** The key of a path without characters that keys never contain: a pasted link may end in a full stop or a bracket. */
export function readLinkKey(param: string): string {
  return param.replace(/[^A-Za-z0-9_-]/g, '').slice(0, 100);
}
