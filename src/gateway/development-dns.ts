import type { Config } from '../config/config.js';
import { DnsRecordsFile } from '../dns/dns-records-file.js';
import {
  startDnsServer,
  type DnsResponder,
  type DnsServerOptions,
  type RunningDnsServer,
} from '../dns/dns-server.js';

type Needs = Pick<Config, 'baseDomain' | 'cas' | 'dataDir' | 'dnsServers' | 'served'>;

/**
 * Starts the development DNS server. It answers for the gateway's own hosts and with the records of
 * `gateway dev dns set`. Null when the configuration names DNS servers, a CA or a database.
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
  const respond: DnsResponder = ({ name, type }) => {
    // Read for each query, because the command line may change the file at any time.
    const zone = file.read();
    for (const { region, host, ingressAddresses } of config.served) {
      const addresses = ingressAddresses.filter((address) => !address.includes(':'));
      zone.set(host, 'A', addresses);
      zone.set(`*.${region}.ingress.${config.baseDomain}`, 'A', addresses);
    }
    return zone.answer(name, type);
  };
  return startDnsServer(respond, { onFailure });
}

/** The configuration that asks the development server, if one runs. */
export function withDns(config: Config, address: string | null): Config {
  return address === null ? config : { ...config, dnsServers: [address] };
}
