import { randomBytes } from 'node:crypto';
import { adminPort, AdminClient, makeKey } from './admin-client.js';
import { TestDnsServer } from './dns-server.js';
import { DomainClient, recordsToMake, type DomainRecord } from './domain-client.js';
import { GatewayProcess } from './gateway-process.js';
import { temporaryServer } from './temporary-server.js';
import { handshake } from './tls-client.js';
import { until } from './until.js';

const REGION_HOST = 'eu.onetime.localhost';

/** Two gateways of `eu` on one database, the first with the operator's API, and the DNS of their customers. */
export class AdminScene {
  private constructor(
    readonly gateways: readonly [GatewayProcess, GatewayProcess],
    readonly admin: AdminClient,
    private readonly dns: TestDnsServer,
    private readonly endDatabase: () => Promise<void>,
  ) {}

  static async start(): Promise<AdminScene> {
    const dns = await TestDnsServer.start();
    dns.zone.set('*.eu.ingress.onetime.localhost', 'A', ['127.0.0.1']);
    const database = temporaryServer();
    const server = await database.start();
    const common = {
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: server.urlOf('eu'),
      GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
      GATEWAY_DNS_SERVERS: dns.address,
    };
    const port = await adminPort();
    const first = await GatewayProcess.start({ environment: { ...common, ...port } });
    const second = await GatewayProcess.start({ environment: common });
    const key = await makeKey(first, 'support', '--scope', 'read,write');
    const admin = new AdminClient(first, Number(port.GATEWAY_ADMIN_PORT), key);
    return new AdminScene([first, second], admin, dns, async () => {
      await server.stop();
      database.remove();
    });
  }

  async stop(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.stop()));
    await this.dns.stop();
    await this.endDatabase();
  }

  async customer(email: string, plan = 'identity_plus'): Promise<DomainClient> {
    const [gateway] = this.gateways;
    const { auth } = await gateway.account('eu', email, plan);
    return new DomainClient(() => gateway.target(REGION_HOST), auth);
  }

  /** From the claim to serving in both processes. */
  async setUp(client: DomainClient, name: string): Promise<DomainRecord> {
    const claimed = await client.claim(name);
    for (const record of recordsToMake(claimed))
      this.dns.zone.set(record.fqdn, record.type as 'TXT', record.desired);
    await client.verify(claimed.id);
    const domain = await client.serving(claimed.id);
    await this.untilServed(name, true);
    return domain;
  }

  /** The serial number of the certificate that each process serves for the name; null: none. */
  serials(name: string): Promise<(string | null)[]> {
    // The authority of the process that issued it signed the certificate, so it is not verified here.
    return Promise.all(
      this.gateways.map(async (gateway) => {
        try {
          const socket = await handshake(gateway.ports.https, {
            servername: name,
            rejectUnauthorized: false,
          });
          const { serialNumber } = socket.getPeerCertificate();
          socket.destroy();
          return serialNumber;
        } catch (error) {
          if (/unrecognized name/i.test(String(error))) return null;
          throw error;
        }
      }),
    );
  }

  untilServed(name: string, isServed: boolean): Promise<true> {
    return until(`${name} is ${isServed ? '' : 'not '}served by both`, async () => {
      const serials = await this.serials(name);
      return serials.every((serial) => (serial !== null) === isServed) || null;
    });
  }
}
