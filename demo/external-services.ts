import { DnsProvider } from './dns-provider.js';
import { BASE_DOMAIN, REGIONS, type GatewayPorts, type GatewayProcess } from './gateway-process.js';
import { Pebble } from './pebble.js';

/** The services beside the gateway: a DNS server, and an ACME server if one is installed. */
export class ExternalServices {
  private constructor(
    private readonly ports: GatewayPorts,
    readonly dns: DnsProvider,
    private readonly pebble: Pebble | null,
  ) {}

  /** The caller must call stop(). */
  static async start(ports: GatewayPorts): Promise<ExternalServices> {
    const dns = await DnsProvider.start();
    publishOperatorsZone(dns);
    try {
      const { http: httpPort, https: tlsPort } = ports;
      const pebble = Pebble.isInstalled
        ? await Pebble.start({ dnsServer: dns.address, httpPort, tlsPort })
        : null;
      return new ExternalServices(ports, dns, pebble);
    } catch (error) {
      await dns.stop();
      throw error;
    }
  }

  get hasAcme(): boolean {
    return this.pebble !== null;
  }

  /** The configuration by which the gateway uses them. */
  get variables(): Record<string, string> {
    const own = {
      GATEWAY_DNS_SERVERS: this.dns.address,
      // The target of the webhook is a server of the demo.
      GATEWAY_WEBHOOK_PRIVATE_TARGETS: '127.0.0.0/8',
    };
    if (this.pebble === null) return own;
    return {
      ...own,
      GATEWAY_ACME_DIRECTORY: this.pebble.directoryUrl,
      GATEWAY_ACME_CA_FILE: this.pebble.caFile,
      // In the demo, hosts are reached on this port instead of 80, and the CA issues for reserved TLDs.
      GATEWAY_PROBE_HTTP_PORT: String(this.ports.http),
      GATEWAY_ALLOW_RESERVED_TLDS: 'true',
    };
  }

  /** PEM of the only root that the demo's clients trust. */
  root(gateway: GatewayProcess): Promise<string> {
    return this.pebble?.root() ?? Promise.resolve(gateway.root);
  }

  async stop(): Promise<void> {
    await this.pebble?.stop();
    await this.dns.stop();
  }
}

/** The operator's static records: the regions' hosts, and a wildcard for the CNAME targets of all customers. */
function publishOperatorsZone(dns: DnsProvider): void {
  const hosts = REGIONS.flatMap((region) => [
    `${region}.${BASE_DOMAIN}`,
    `*.${region}.ingress.${BASE_DOMAIN}`,
  ]);
  for (const fqdn of [BASE_DOMAIN, ...hosts]) {
    dns.publish({ fqdn, type: 'A', values: ['127.0.0.1'] });
  }
}
