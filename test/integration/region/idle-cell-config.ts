import { randomBytes } from 'node:crypto';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { Region } from '../../../src/config/region.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import { NetworkList } from '../../../src/shared/network.js';

/**
 * The configuration of region `eu` for a cell that reaches no name server, no CA and no customer.
 * @param mailFolder by default one that cannot be written, so that no mail is queued
 */
export function idleCellConfig(databaseUrl: string, mailFolder = '/dev/null/mail'): CellConfig {
  const [host, baseDomain] = ['eu.onetime.test', 'onetime.test'].map(requireHostname);
  return {
    region: 'eu' as Region,
    role: 'all',
    fleet: ['eu' as Region],
    host: host!,
    baseDomain: baseDomain!,
    fleetHosts: [host!],
    publicHttpsPort: 443,
    databaseUrl,
    syncClaims: null,
    rootKeys: [{ version: 1, bytes: randomBytes(32) }],
    ownHosts: [],
    cas: [],
    ingressAddresses: ['127.0.0.1'],
    ingressSuffix: 'eu.ingress.onetime.test',
    nameServers: [],
    // No one answers there.
    dnsServers: ['127.0.0.1:9'],
    probeHttpPort: 9,
    allowsReservedTlds: true,
    mail: {
      smtp: null,
      from: { name: null, address: 'no-reply@onetime.test' },
      bounceAddress: 'no-reply@onetime.test',
      folder: mailFolder,
    },
    isSignUpOpen: true,
    webhookPrivateTargets: new NetworkList([]),
    domainConnect: null,
    upgradeUrl: null,
    brandFile: null,
    limits: null,
    acmeParallel: 8,
    dnsPersist: false,
  };
}
