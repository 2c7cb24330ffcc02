import type { CellConfig } from '../config/cell-config.js';
import type { Config } from '../config/config.js';
import { resolveRootKeys } from '../config/data-dir-keys.js';
import type { RegionConfig } from '../config/region-config.js';
import { requireHostname } from '../shared/hostname.js';

/** What one cell is told of the process's configuration: nothing of another region but its name and host. */
export function buildCellConfig(
  config: Config,
  { region, host, ingressAddresses }: RegionConfig,
  databaseUrl: string,
): CellConfig {
  const { baseDomain, fleet } = config;
  const isDefault = region === config.defaultRegion;
  return {
    region,
    fleet,
    host,
    baseDomain,
    fleetHosts: fleet.map((each) => requireHostname(`${each}.${baseDomain}`)),
    publicHttpsPort: config.publicHttpsPort,
    databaseUrl,
    rootKeys: resolveRootKeys(config, region),
    // With the local authority the gateway has them made itself, so that they serve before any database does.
    ownHosts: config.cas.length === 0 ? [] : isDefault ? [host, baseDomain] : [host],
    cas: config.cas,
    ingressAddresses,
    ingressSuffix: `${region}.ingress.${baseDomain}`,
    dnsServers: config.dnsServers,
    probeHttpPort: config.probeHttpPort,
    allowsReservedTlds: config.allowsReservedTlds,
  };
}
