import { randomBytes } from 'node:crypto';
import type { EmbeddedPostgresOptions } from '../../src/database/embedded/embedded-postgres.js';
import { CuttableDatabase } from '../support/cuttable-database.js';
import { TestDnsServer } from '../support/dns-server.js';
import { DomainClient, recordsToMake } from '../support/domain-client.js';
import { GatewayProcess, type GatewayOptions } from '../support/gateway-process.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { KillableDatabase } from '../support/killable-database.js';
import { until } from '../support/until.js';

const BASE = 'onetime.localhost';
const HOST = `eu.${BASE}`;
export const CUSTOMER_HOST = 'secrets.known.test';

export interface TimedAnswer extends Answer {
  readonly seconds: number;
}

/** One gateway with a database and a DNS server that can fail, and a custom domain that it has served. */
export class FaultScene {
  private constructor(
    readonly database: KillableDatabase,
    /** Between the gateway and the database. */
    readonly network: CuttableDatabase,
    readonly dns: TestDnsServer,
    readonly gateway: GatewayProcess,
  ) {}

  static async start(
    settings: Readonly<Record<string, string>> = {},
    options: Pick<GatewayOptions, 'dataDir' | 'command'> = {},
    server: Partial<EmbeddedPostgresOptions> = {},
  ): Promise<FaultScene> {
    const database = await KillableDatabase.start({
      ...server,
      settings: { fsync: 'off', max_connections: '40', ...server.settings },
    });
    const network = await CuttableDatabase.before(database.urlOf('eu'));
    const dns = await TestDnsServer.start();
    dns.zone.set(`*.eu.ingress.${BASE}`, 'A', ['127.0.0.1']);
    const environment = {
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: network.url,
      GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
      GATEWAY_DNS_SERVERS: dns.address,
      ...settings,
    };
    try {
      const gateway = await GatewayProcess.start({ environment, ...options });
      return new FaultScene(database, network, dns, gateway);
    } catch (error) {
      await dns.stop();
      await network.cut();
      await database.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await this.gateway.stop();
    await this.dns.stop();
    await this.network.cut();
    await this.database.close();
  }

  /** Makes a customer's domain that serves. */
  async setUpDomain(name = CUSTOMER_HOST): Promise<DomainClient> {
    const { auth } = await this.gateway.account('eu', `owner@${name}`, 'identity_plus');
    const client = new DomainClient(() => this.gateway.target(HOST), auth);
    const claimed = await client.claim(name);
    for (const { fqdn, type, desired } of recordsToMake(claimed))
      this.dns.zone.set(fqdn, type as 'TXT', desired);
    await client.verify(claimed.id);
    await client.serving(claimed.id);
    return client;
  }

  /** On the region's host, or on the customer's. */
  async ask(request: Call, host: string = HOST): Promise<TimedAnswer> {
    const startedAt = performance.now();
    const answer = await call(this.gateway.target(host), request);
    return { ...answer, seconds: (performance.now() - startedAt) / 1000 };
  }

  share(secret = 'a message'): Promise<TimedAnswer> {
    return this.ask({ path: '/api/v1/share', body: { secret } });
  }

  async newKey(secret: string): Promise<string> {
    return String((await this.share(secret)).json()['secret_key']);
  }

  reveal(key: string): Promise<TimedAnswer> {
    return this.ask({ method: 'POST', path: `/api/v1/secret/${key}` });
  }

  /** What `/readyz` says about the region. */
  async state(): Promise<string> {
    const answer = await this.gateway.ops('/readyz');
    const { cells } = (await answer.json()) as { cells: { state: string }[] };
    return cells[0]?.state ?? 'none';
  }

  untilState(state: string): Promise<true> {
    return until(`the region is ${state}`, async () => (await this.state()) === state || null);
  }
}
