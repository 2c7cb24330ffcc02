import type { Config } from '../config/config.js';
import { DnsRecordsFile } from '../dns/dns-records-file.js';
import { startDnsServer, type RunningDnsServer } from '../dns/dns-server.js';

type Needs = Pick<Config, 'baseDomain' | 'cas' | 'dataDir' | 'dnsServers' | 'served'>;

/**
 * The DNS of a laptop, where everything else is embedded too: it knows where our own names lead, and the records that
 * `gateway dev dns set` made up. Null when the configuration names DNS servers, a CA or a database.
 */
export async function startDevelopmentDns(config: Needs): Promise<RunningDnsServer | null> {
  const isAllEmbedded =
    config.dnsServers.length === 0 &&
    config.cas.length === 0 &&
    config.served.every(({ databaseUrl }) => databaseUrl === null);
  if (!isAllEmbedded) return null;
  const file = new DnsRecordsFile(config.dataDir);
  return startDnsServer(({ name, type }) => {
    // Read at each question: the command line may just have changed it.
    const zone = file.read();
    for (const { region, host, ingressAddresses } of config.served) {
      const addresses = ingressAddresses.filter((address) => !address.includes(':'));
      zone.set(host, 'A', addresses);
      zone.set(`*.${region}.ingress.${config.baseDomain}`, 'A', addresses);
    }
    return zone.answer(name, type);
  });
}
