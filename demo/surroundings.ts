import { DnsProvider } from './dns-provider.js';
import { BASE_DOMAIN, REGIONS, type GatewayPorts, type GatewayProcess } from './gateway-process.js';
import { Pebble } from './pebble.js';

/** What is round the gateway in this story: everybody's DNS, and a certificate authority where one is installed. */
export class Surroundings {
  private constructor(
    private readonly ports: GatewayPorts,
    readonly dns: DnsProvider,
    private readonly pebble: Pebble | null,
  ) {}

  /** Whoever calls this calls stop() in the end. */
  static async start(ports: GatewayPorts): Promise<Surroundings> {
    const dns = await DnsProvider.start();
    publishOperatorsZone(dns);
    try {
      const { http: httpPort, https: tlsPort } = ports;
      const pebble = Pebble.isInstalled
        ? await Pebble.start({ dnsServer: dns.address, httpPort, tlsPort })
        : null;
      return new Surroundings(ports, dns, pebble);
    } catch (error) {
      await dns.stop();
      throw error;
    }
  }

  get hasAcme(): boolean {
    return this.pebble !== null;
  }

  /** How the gateway is told of them. */
  get variables(): Record<string, string> {
    const dns = { GATEWAY_DNS_SERVERS: this.dns.address };
    if (this.pebble === null) return dns;
    return {
      ...dns,
      GATEWAY_ACME_DIRECTORY: this.pebble.directoryUrl,
      GATEWAY_ACME_CA_FILE: this.pebble.caFile,
      // The world reaches customers' names on port 80; here it is another one, and a CA that certifies `.localhost`.
      GATEWAY_PROBE_HTTP_PORT: String(this.ports.http),
      GATEWAY_ALLOW_RESERVED_TLDS: 'true',
    };
  }

  /** The only root that clients trust in this story. */
  root(gateway: GatewayProcess): Promise<string> {
    return this.pebble?.root() ?? Promise.resolve(gateway.root);
  }

  async stop(): Promise<void> {
    await this.pebble?.stop();
    await this.dns.stop();
  }
}

/** What the operator has in DNS once and for all: the regions' hosts, and a wildcard for the targets of all customers. */
function publishOperatorsZone(dns: DnsProvider): void {
  const hosts = REGIONS.flatMap((region) => [
    `${region}.${BASE_DOMAIN}`,
    `*.${region}.ingress.${BASE_DOMAIN}`,
  ]);
  for (const fqdn of [BASE_DOMAIN, ...hosts]) {
    dns.publish({ fqdn, type: 'A', values: ['127.0.0.1'] });
  }
}
