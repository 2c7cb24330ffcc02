import type { Config } from '../config/config.js';
import { isAnyAddress } from '../config/listeners.js';
import { acmeZone } from '../dns/delegation-offer.js';
import type { QueryType } from '../dns/dns-message.js';
import { isAtOrUnder, normalisedName } from '../dns/dns-name.js';
import { DnsRecordsFile } from '../dns/dns-records-file.js';
import {
  startDnsServer,
  type DnsResponder,
  type DnsResponse,
  type DnsServerOptions,
  type RunningDnsServer,
} from '../dns/dns-server.js';
import { askServer } from '../dns/dns-transport.js';
import { SECOND } from '../shared/durations.js';

type Needs = Pick<
  Config,
  'baseDomain' | 'cas' | 'dataDir' | 'dnsServers' | 'nameserver' | 'served'
>;

const NAMESERVER_TIMEOUT = 2 * SECOND;

/**
 * Starts the development DNS server. It answers for the gateway's own hosts and with the records of
 * `gateway dev dns set`, and asks the gateway's name server about delegated challenges, as a resolver in the world does.
 * Null when the configuration names DNS servers, a CA or a database.
 */
export async function startDevelopmentDns(
  config: Needs,
  onFailure: NonNullable<DnsServerOptions['onFailure']>,
): Promise<RunningDnsServer | null> {
  const isAllEmbedded =
    config.dnsServers.length === 0 &&
    config.cas.length === 0 &&
    config.served.every(({ databaseUrl }) => databaseUrl === null);
  if (!isAllEmbedded) return null;
  const file = new DnsRecordsFile(config.dataDir);
  const respond: DnsResponder = async ({ name, type }) => {
    // Read for each query, because the command line may change the file at any time.
    const zone = file.read();
    for (const { region, host, ingressAddresses } of config.served) {
      const addresses = ingressAddresses.filter((address) => !address.includes(':'));
      zone.set(host, 'A', addresses);
      zone.set(`*.${region}.ingress.${config.baseDomain}`, 'A', addresses);
    }
    const found = zone.answer(name, type);
    const target = endOf(name, type, found);
    if (!isDelegated(config, target)) return found;
    const delegated = await askNameserver(config, target, type);
    return {
      ...delegated,
      answers: [...(target === name ? [] : found.answers), ...delegated.answers],
    };
  };
  return startDnsServer(respond, { onFailure });
}

/** The configuration that asks the development server, if one runs. */
export function withDns(config: Config, address: string | null): Config {
  return address === null ? config : { ...config, dnsServers: [address] };
}

/** Where the name leads by its CNAME records. */
function endOf(name: string, type: string, { answers }: Pick<DnsResponse, 'answers'>): string {
  if (type === 'CNAME') return name;
  const links = answers.flatMap((answer) => (answer.type === 'CNAME' ? [answer.data] : []));
  return normalisedName(links.at(-1) ?? name);
}

function isDelegated({ baseDomain, nameserver, served }: Needs, name: string): boolean {
  if (nameserver === null) return false;
  return served.some(
    ({ nameServers, region }) =>
      nameServers.length > 0 && isAtOrUnder(name, acmeZone(region, baseDomain)),
  );
}

/** SERVFAIL where it does not answer, as before its port is open. */
async function askNameserver(
  { nameserver }: Needs,
  name: string,
  type: string,
): Promise<DnsResponse> {
  const [address = ''] = nameserver?.addresses ?? [];
  const host = isAnyAddress(address) ? '127.0.0.1' : address;
  const server = { host, port: nameserver?.port ?? 0 };
  const question = { name, type: type as QueryType, checkingDisabled: false };
  const signal = AbortSignal.timeout(NAMESERVER_TIMEOUT);
  try {
    const { rcode, answers } = await askServer(server, question, signal);
    return { rcode: rcode as DnsResponse['rcode'], answers };
  } catch {
    return { rcode: 'SERVFAIL', answers: [] };
  }
}
