import { isIPv6 } from 'node:net';
import { existingRootKeys } from '../../config/data-dir-keys.js';
import type { RootKeys } from '../../config/root-key.js';
import { acmeZone } from '../../dns/delegation-offer.js';
import { DnsResolver } from '../../dns/dns-resolver.js';
import { probeNameserver, type NameserverFinding } from '../../dns/nameserver-probe.js';
import type { DoctoredRegion } from './doctored-region.js';
import { addressesOf, isLoopbackZone } from './dns-checks.js';
import { NO_KEY } from './key-check.js';
import { bad, good, note, type Finding } from './finding.js';

const DNS_PORT = 53;

/** The name server of the region, through the public DNS and then each of its addresses by itself. */
export async function checkNameserver(
  { config, own }: Pick<DoctoredRegion, 'config' | 'own'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (own.nameServers.length === 0) return [];
  const rootKeys = existingRootKeys(config, own.region);
  if (rootKeys === null) return [note('name server not asked: there is no root key yet', NO_KEY)];
  const zone = acmeZone(own.region, config.baseDomain);
  const resolver = new DnsResolver({ servers: config.dnsServers });
  const isLocal = isLoopbackZone(config) && config.cas.length === 0;
  const port = isLocal ? (config.nameserver?.port ?? DNS_PORT) : DNS_PORT;
  const [published, ...each] = await Promise.all([
    probeNameserver(resolver, { zone, rootKeys }, signal),
    ...own.nameServers.map((name) =>
      nameServerFindings({ name, zone, rootKeys, port }, resolver, signal),
    ),
  ]);
  return [publishedFinding(published, zone, own.nameServers), ...each.flat()];
}

function publishedFinding(
  finding: NameserverFinding,
  zone: string,
  nameServers: readonly string[],
): Finding {
  if (finding === 'ours') return good(`${zone} leads to this region's name server`);
  const records = `let ${zone} have the NS records ${nameServers.join(', ')}, and no others`;
  const causes = {
    stranger: ['is not delegated to this region’s name server', records],
    bogus: ['is refused by DNSSEC', `remove the DS record of ${zone}: the zone is not signed`],
    silent: ['is not answered', `${records}; open port 53 by UDP and TCP`],
  } as const;
  const [found, action] = causes[finding];
  return bad(`${zone} ${found}`, action);
}

interface NamedServer {
  readonly name: string;
  readonly zone: string;
  readonly rootKeys: RootKeys;
  readonly port: number;
}

async function nameServerFindings(
  { name, port, ...probed }: NamedServer,
  resolver: DnsResolver,
  signal: AbortSignal,
): Promise<Finding[]> {
  const addresses = await addressesOf(resolver, name, signal).catch(() => []);
  if (addresses.length === 0)
    return [bad(`the name server ${name} has no address`, `add A and AAAA records for ${name}`)];
  return Promise.all(
    addresses.map(async (address) => {
      const server = isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`;
      const finding = await probeNameserver(new DnsResolver({ servers: [server] }), probed, signal);
      return finding === 'ours'
        ? good(`${name} answers at ${server}`)
        : bad(
            `${name} does not answer for this region at ${server}`,
            'start a gateway there with the role all or serve and the same root key, or open the port',
          );
    }),
  );
}
