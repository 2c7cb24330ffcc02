import { httpsOrigin } from './region-tenants.js';
import type { CustomDomain, Tenant } from './tenant.js';

/**
 * The tenant of a serving custom domain: its links and pages know no other name than its own. `port` is the public one.
 * Make it once per domain, not per request: answers' headers are remembered by tenant.
 */
export function customTenant(canonical: Tenant, domain: CustomDomain, port: number): Tenant {
  const { hostname } = domain;
  return {
    ...canonical,
    domain: hostname,
    customDomain: domain,
    hostname,
    origin: httpsOrigin(hostname, port),
    isDeprecatedName: false,
  };
}
