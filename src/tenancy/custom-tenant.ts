import { httpsOrigin } from './region-tenants.js';
import type { CustomDomain, Tenant } from './tenant.js';

/**
 * The tenant of a serving custom domain: its links and pages contain only its own name.
 * Make it once for a domain, not for each request: response headers are cached by tenant object.
 * @param port the public HTTPS port
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
