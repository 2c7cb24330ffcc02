import { join } from 'node:path';
import type { CellConfig } from '../config/cell-config.js';
import type { Config } from '../config/config.js';
import { resolveRootKeys } from '../config/data-dir-keys.js';
import type { RegionConfig } from '../config/region-config.js';
import { requireHostname } from '../shared/hostname.js';

/** The configuration of one cell. Of other regions it holds only their names and hosts. */
export function buildCellConfig(
  config: Config,
  served: RegionConfig,
  databaseUrl: string,
): CellConfig {
  const { baseDomain, fleet } = config;
  const { region, host, ingressAddresses, nameServers, syncClaims } = served;
  const isDefault = region === config.defaultRegion;
  return {
    region,
    role: config.role,
    fleet,
    host,
    baseDomain,
    fleetHosts: fleet.map((each) => requireHostname(`${each}.${baseDomain}`)),
    publicHttpsPort: config.publicHttpsPort,
    databaseUrl,
    syncClaims,
    rootKeys: resolveRootKeys(config, region),
    // With the local authority the gateway issues these certificates itself, so they do not wait for a database.
    ownHosts: config.cas.length === 0 ? [] : isDefault ? [host, baseDomain] : [host],
    cas: config.cas,
    acmeParallel: config.acmeParallel,
    dnsPersist: config.dnsPersist,
    ingressAddresses,
    ingressSuffix: `${region}.ingress.${baseDomain}`,
    nameServers,
    dnsServers: config.dnsServers,
    probeHttpPort: config.probeHttpPort,
    allowsReservedTlds: config.allowsReservedTlds,
    // The embedded database is for development.
    isSignUpOpen: (config.signUp ?? (served.databaseUrl === null ? 'open' : 'closed')) === 'open',
    mail: { ...config.mail, folder: join(config.mail.folder, region) },
    webhookPrivateTargets: config.webhookPrivateTargets,
    domainConnect: config.domainConnect,
    upgradeUrl: config.upgradeUrl,
    brandFile: config.brandFile,
    limits: config.limits,
  };
}
