import type { CellConfig } from '../config/cell-config.js';
import type { Tenant } from './tenant.js';

/** The two tenants of every region: its own host, and the same host requested by the deprecated base domain. */
export interface RegionTenants {
  readonly canonical: Tenant;
  readonly deprecated: Tenant;
}

/** `https://host`, with the port unless it is 443. */
export function httpsOrigin(hostname: string, port: number): string {
  return port === 443 ? `https://${hostname}` : `https://${hostname}:${port}`;
}

export function regionTenants(cell: CellConfig): RegionTenants {
  const canonical: Tenant = {
    region: cell.region,
    domain: null,
    customDomain: null,
    hostname: cell.host,
    origin: httpsOrigin(cell.host, cell.publicHttpsPort),
    canonicalHostnames: [cell.baseDomain, ...cell.fleetHosts],
    isDeprecatedName: false,
  };
  return { canonical, deprecated: { ...canonical, isDeprecatedName: true } };
}
