import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Config } from '../../config/config.js';
import type { RegionConfig } from '../../config/region-config.js';
import { lookupCaa } from '../../dns/caa-lookup.js';
import type { CaIdentity } from '../../dns/caa-record.js';
import { decideCaa } from '../../dns/caa-policy.js';
import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import { DnsResolver } from '../../dns/dns-resolver.js';
import { caNames } from '../ca-identities.js';
import type { DoctoredRegion } from './doctored-region.js';
import { bad, good, note, type Finding } from './finding.js';

const METHODS = ['http-01', 'tls-alpn-01'];

/** The hosts that this process answers on by itself: the region's, and the bare base domain of the default region. */
export function ownHosts({ baseDomain, defaultRegion }: Config, own: RegionConfig): string[] {
  return own.region === defaultRegion ? [own.host, baseDomain] : [own.host];
}

/** Names below `.localhost` are every machine's own (RFC 6761): no zone is needed for them. */
export function isLoopbackZone({ baseDomain }: Pick<Config, 'baseDomain'>): boolean {
  return baseDomain.endsWith('.localhost');
}

/** A and AAAA records. @throws when no server answers */
export async function addressesOf(
  resolver: DnsResolver,
  name: string,
  signal: AbortSignal,
): Promise<string[]> {
  const lookups = await Promise.all([
    resolver.lookup(name, 'A', signal),
    resolver.lookup(name, 'AAAA', signal),
  ]);
  if (lookups.every(({ answer }) => hasFailed(answer)))
    throw new Error(`the name servers do not answer for ${name} (${lookups[0].answer.status})`);
  return lookups.flatMap(({ answer }) => valuesOf(answer));
}

/** The names of our own zone, and the wildcard to which customers' names lead. */
export async function checkZone(
  { config, own }: Pick<DoctoredRegion, 'config' | 'own'>,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (isLoopbackZone(config) && config.cas.length === 0)
    return [
      note(
        `${config.baseDomain} needs no zone: such names are for this machine only`,
        'set GATEWAY_BASE_DOMAIN to a domain of yours for others than you; nothing to do for development',
      ),
    ];
  const resolver = new DnsResolver({ servers: config.dnsServers });
  const hosts = ownHosts(config, own).map(async (host) => {
    const found = await addressesOf(resolver, host, signal);
    return found.length > 0
      ? good(`${host} leads to ${found.join(', ')}`)
      : bad(`${host} has no address`, `add A and AAAA records for ${host}`);
  });
  return Promise.all([...hosts, wildcard(resolver, { config, own }, signal)]);
}

async function wildcard(
  resolver: DnsResolver,
  { config, own }: Pick<DoctoredRegion, 'config' | 'own'>,
  signal: AbortSignal,
): Promise<Finding> {
  const suffix = `${own.region}.ingress.${config.baseDomain}`;
  const found = await addressesOf(
    resolver,
    `doctor${randomBytes(5).toString('hex')}.${suffix}`,
    signal,
  );
  const wanted = own.ingressAddresses;
  const records = wanted.map((each) => `${isIPv6(each) ? 'AAAA' : 'A'} ${each}`).join(', ');
  const action = `let *.${suffix} be ${records}, or correct GATEWAY_INGRESS_IPS_${own.region.toUpperCase()}`;
  if (found.length === 0)
    return bad(`*.${suffix} has no address: no custom domain can lead here`, action);
  const strange = found.filter((address) => !wanted.includes(address));
  if (strange.length > 0)
    return bad(`*.${suffix} leads to ${strange.join(', ')} too, which is not configured`, action);
  const absent = wanted.filter((address) => !found.includes(address));
  return absent.length === 0
    ? good(`*.${suffix} leads to ${found.join(', ')}`)
    : note(`*.${suffix} does not lead to ${absent.join(', ')}`, action);
}

/** Whether the CAA records of our own names permit the configured CAs. */
export async function checkCaa(
  { config, own, database }: DoctoredRegion,
  signal: AbortSignal,
): Promise<Finding[]> {
  if (config.cas.length === 0) return [];
  // The check of the CA says it when one does not answer.
  const identities = (await caNames(config.cas, database, signal)).map(({ domains, accountUri }) =>
    (domains ?? []).map((domain) => ({ domain, accountUri, methods: METHODS })),
  );
  const known = identities.flat();
  if (known.length === 0) {
    const found = 'CAA not looked at: no CA names an identity for CAA records';
    return [
      note(found, 'if a CA does not answer, mend that; else ask it which value it looks for'),
    ];
  }
  const resolver = new DnsResolver({ servers: config.dnsServers });
  return caaFindings(resolver, { hosts: ownHosts(config, own), cas: known }, signal);
}

/** One line for each host: whether its CAA records permit one of the CAs. */
export function caaFindings(
  resolver: DnsResolver,
  { hosts, cas }: { readonly hosts: readonly string[]; readonly cas: readonly CaIdentity[] },
  signal: AbortSignal,
): Promise<Finding[]> {
  return Promise.all(
    hosts.map(async (host) => {
      const caa = await lookupCaa(resolver, host, signal);
      if (caa.status === 'unanswerable') {
        const action = 'let your name servers answer CAA queries: a CA must not issue without';
        return bad(`the CAA records of ${host} cannot be looked up`, action);
      }
      const permitted = cas.filter((ca) => decideCaa(caa, ca).kind === 'permitted');
      return permitted.length > 0
        ? good(`CAA of ${host} permits ${permitted.map(({ domain }) => domain).join(', ')}`)
        : bad(
            `CAA at ${caa.foundAt ?? host} forbids every configured CA for ${host}`,
            `add a record: issue "${cas[0]?.domain ?? ''}"`,
          );
    }),
  );
}
