import type { Receipt } from '../../secrets/receipt.js';
import type { Tenant } from '../../tenancy/tenant.js';

/**
 * The whole link to a receipt's secret: on the custom domain that it was made for, or on the tenant's own host. Null
 * once the secret is gone.
 */
export function linkIn({ secretKey, domain }: Receipt, tenant: Tenant): string | null {
  if (secretKey === null) return null;
  const url = new URL(`/secret/${secretKey}`, tenant.origin);
  if (domain !== null) url.hostname = domain;
  return url.href;
}
