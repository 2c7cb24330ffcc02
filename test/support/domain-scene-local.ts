import { TestDnsServer } from './dns-server.js';
import { DomainClient, recordsToMake, type DomainRecord } from './domain-client.js';
import { GatewayProcess } from './gateway-process.js';
import { call, type Answer, type Call } from './https-client.js';
import { query } from './region-database.js';
import { handshake } from './tls-client.js';
import { until } from './until.js';

const BASE = 'onetime.localhost';

/** One gateway with two regions and the local authority, and a DNS server with the zones of its customers. */
export class LocalScene {
  private constructor(
    readonly dns: TestDnsServer,
    readonly gateway: GatewayProcess,
  ) {}

  static async start(
    settings: Readonly<Record<string, string>> = {},
    dns?: TestDnsServer,
  ): Promise<LocalScene> {
    dns ??= await TestDnsServer.start();
    // The operator's own zone.
    for (const region of ['us', 'eu'])
      dns.zone.set(`*.${region}.ingress.${BASE}`, 'A', ['127.0.0.1']);
    try {
      const environment = { ...settings, GATEWAY_DNS_SERVERS: dns.address };
      return new LocalScene(dns, await GatewayProcess.start({ environment }));
    } catch (error) {
      await dns.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.dns.stop();
  }

  async customer(email: string, region = 'eu'): Promise<DomainClient> {
    const { auth } = await this.gateway.account(region, email, 'identity_plus');
    return new DomainClient(() => this.gateway.target(`${region}.${BASE}`), auth);
  }

  /** Runs `gateway account ARGUMENTS` for an account in eu. */
  async command(email: string, ...args: string[]): Promise<void> {
    const all = ['account', ...args, '--region', 'eu', '--email', email];
    const { code, stderr } = await this.gateway.command(...all);
    if (code !== 0) throw new Error(`${all.join(' ')}: ${stderr}`);
  }

  /** Publishes the records of the answer, of all types or of one, in place of existing ones. */
  publish(domain: DomainRecord, type?: string): void {
    const wanted = recordsToMake(domain).filter(
      (record) => type === undefined || record.type === type,
    );
    for (const record of wanted)
      this.dns.zone.set(record.fqdn, record.type as 'TXT', record.desired);
  }

  /** From the claim to serving. */
  async setUp(client: DomainClient, name: string): Promise<DomainRecord> {
    const claimed = await client.claim(name);
    this.publish(claimed);
    await client.verify(claimed.id);
    return client.serving(claimed.id);
  }

  on(name: string, request: Call): Promise<Answer> {
    return call(this.gateway.target(name), request);
  }

  /** Whether a TLS client gets a certificate for the name. */
  async isServed(name: string): Promise<boolean> {
    const { ca, port } = this.gateway.target(name);
    try {
      (await handshake(port, { servername: name, ca })).destroy();
      return true;
    } catch (error) {
      if (/unrecognized name/i.test(String(error))) return false;
      throw error;
    }
  }

  untilServed(name: string, isServed: boolean): Promise<true> {
    return until(`${name} is ${isServed ? '' : 'not '}served`, async () => {
      return (await this.isServed(name)) === isServed || null;
    });
  }

  /** Moves an instant of a domain into the past. */
  async age({ id, hostname }: DomainRecord, column: string, interval: string): Promise<void> {
    const rows = await query(this.gateway, 'eu', {
      text: `with aged as (update domains set ${column} = ${column} - $2::interval where extid = $1 returning 1)
        insert into domain_changes (hostname) select $3 from aged returning seq`,
      values: [id, interval, hostname],
    });
    if (rows.length !== 1) throw new Error(`there is no domain ${id}`);
  }
}
