import { startDnsServer, type RunningDnsServer } from '../src/dns/dns-server.js';
import { DnsZone, type ZoneRecordType } from '../src/dns/dns-zone.js';

/** The records of one name and type, as entered in a DNS provider's panel. */
export interface PanelRecord {
  readonly fqdn: string;
  readonly type: ZoneRecordType;
  readonly values: readonly string[];
}

/**
 * The DNS server of the demo, for the operator's and the customer's zones. It listens on loopback over UDP and TCP.
 */
export class DnsProvider {
  readonly #zone = new DnsZone();
  #server: RunningDnsServer | null = null;

  static async start(): Promise<DnsProvider> {
    const provider = new DnsProvider();
    provider.#server = await startDnsServer(({ name, type }) => provider.#zone.answer(name, type));
    return provider;
  }

  /** `127.0.0.1:PORT` */
  get address(): string {
    if (this.#server === null) throw new Error('the DNS server was never started');
    return this.#server.address;
  }

  /** Replaces the records of that name and type. */
  publish({ fqdn, type, values }: PanelRecord): void {
    this.#zone.set(fqdn, type, values);
  }

  remove(fqdn: string, type: ZoneRecordType): void {
    this.#zone.clear(fqdn, type);
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }
}
