import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'node:tls';
import { Client } from 'pg';
import { freePorts } from '../demo/free-ports.js';
import { GatewayProcess } from '../demo/gateway-process.js';
import { httpsCall, type Account, type Answer, type Call } from '../demo/https-call.js';
import { Pebble } from '../demo/pebble.js';
import { connectDatabase } from '../src/database/connect.js';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../src/database/migrate.js';
import { startDnsServer } from '../src/dns/dns-server.js';
import { DnsZone, type ZoneRecordType } from '../src/dns/dns-zone.js';
import { spreadOf } from './comparison.js';
import type { Result } from './report.js';

const HOST = 'eu.onetime.localhost';
const AT_ONCE = 200;
const PER_ACCOUNT = 100;
const MEDIAN_SECONDS = 5;
const POLL = 20;
/** With 200 names the handshakes must not be what is measured. */
const POLL_OF_MANY = 500;
const SECOND = 1000;
/** Making the records: the first checks of the claim have found nothing. */
const CUSTOMER_TAKES = 15 * SECOND;
const SERVES_WITHIN = 600_000;
/** Of a name's timeline, in the order in which they come. */
const STEPS = ['verified', 'ordered', 'validated', 'issued'] as const;

interface Claimed {
  readonly id: string;
  readonly name: string;
  readonly account: Account;
  readonly records: readonly {
    readonly fqdn: string;
    readonly type: ZoneRecordType;
    readonly desired: readonly string[];
  }[];
}

/**
 * How long a customer waits: from the last record that is visible to TLS that serves, with two replicas, the set-up page open
 * and nobody calling anything. Some names one after the other, then 200 at once.
 */
export async function measureLive({ rounds }: { readonly rounds: number }): Promise<Result[]> {
  if (!Pebble.isInstalled) {
    console.log("  left out: Debian's package pebble is not installed");
    return [];
  }
  return withRegion(async (region) => {
    const one = await region.account('one@customer.test');
    const seconds: number[] = [];
    const steps: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      const claimed = await region.claim(one, `secrets.round-${round}.test`);
      const close = await region.openPage(claimed);
      await delay(CUSTOMER_TAKES + Math.random() * SECOND);
      const at = region.publish(claimed);
      seconds.push((await region.serving(claimed)) - at.monotonic);
      steps.push(await region.stepsOf(claimed, at.wall));
      close();
    }
    const all = await measureAtOnce(region);
    return [oneByOne(seconds.map(toSeconds), steps), ...all];
  });
}

function oneByOne(seconds: readonly number[], steps: readonly (readonly number[])[]): Result {
  const { median, min, max } = spreadOf(seconds);
  const at = STEPS.map((step, index) => {
    const each = spreadOf(steps.map((times) => toSeconds(times[index] ?? NaN)));
    return `${step} ${each.median.toFixed(2)} s`;
  });
  return {
    question: 'from the last record to TLS served, two replicas, page open, nobody calls',
    reached: `${median.toFixed(2)} s (${min.toFixed(2)} to ${max.toFixed(2)})`,
    target: `at most ${MEDIAN_SECONDS} s at the median`,
    isMet: median <= MEDIAN_SECONDS,
    details: [`after the last record: ${at.join(', ')}, served ${median.toFixed(2)} s`],
  };
}

async function measureAtOnce(region: Region): Promise<Result[]> {
  const claims: Claimed[] = [];
  for (let first = 0; first < AT_ONCE; first += PER_ACCOUNT) {
    const account = await region.account(`many-${first}@customer.test`);
    for (let index = first; index < first + PER_ACCOUNT; index++)
      claims.push(await region.claim(account, `secrets.many-${index}.test`));
  }
  const begun = performance.now();
  for (const claimed of claims) region.publish(claimed);
  const ends = await Promise.all(claims.map((claimed) => region.serving(claimed, POLL_OF_MANY)));
  const { median, max } = spreadOf(ends.map((end) => toSeconds(end - begun)));
  const orders = await region.ordersOf('secrets.many-%');
  const failures = await region.failuresOf('secrets.many-%');
  return [
    {
      question: `${AT_ONCE} names ready at once: all serve, and each is ordered once`,
      reached: `${ends.length} serve, ${orders} orders`,
      target: `${AT_ONCE} and ${AT_ONCE}`,
      isMet: ends.length === AT_ONCE && orders === AT_ONCE,
      details: [
        ...failures,
        `half of them after ${median.toFixed(1)} s, the last after ${max.toFixed(1)} s: ${(AT_ONCE / max).toFixed(1)} a second`,
      ],
    },
  ];
}

const toSeconds = (milliseconds: number): number => milliseconds / SECOND;

/** Two replicas of a region, its name server and its CA. */
class Region {
  constructor(
    private readonly gateways: readonly GatewayProcess[],
    private readonly zone: DnsZone,
    private readonly root: string,
    private readonly database: Client,
  ) {}

  async account(email: string): Promise<Account> {
    const words = ['account', 'create', '--region', 'eu', '--email', email];
    const { stdout, stderr } = await this.#first.command([
      ...words,
      '--plan',
      'identity_plus',
      '--json',
    ]);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Account;
  }

  async claim(account: Account, name: string): Promise<Claimed> {
    const { record } = await this.#call(account, 'POST', '/api/domains', { domain: name });
    return { ...(record as Claimed), name, account };
  }

  /** Whoever has the link watches the set-up. Returns the function that closes it. */
  async openPage({ id, account }: Claimed): Promise<() => void> {
    const { record } = await this.#call(account, 'POST', `/api/domains/${id}/setup-link`);
    const { pathname } = new URL((record as { readonly url: string }).url);
    const outgoing = request({ ...this.#at(HOST, 1), path: `${pathname}/events` });
    await new Promise<void>((resolve, reject) => {
      outgoing.once('error', reject);
      outgoing.once('response', (response) => {
        if (response.statusCode !== 200) reject(new Error(`the page is ${response.statusCode}`));
        response.resume().once('data', () => resolve());
      });
      outgoing.end();
    });
    outgoing.on('error', () => undefined);
    return () => outgoing.destroy();
  }

  publish({ records }: Claimed): { readonly monotonic: number; readonly wall: number } {
    for (const { fqdn, type, desired } of records)
      if (type === 'TXT' || type === 'CNAME') this.zone.set(fqdn, type, desired);
    return { monotonic: performance.now(), wall: Date.now() };
  }

  /** When the second replica served the name with a certificate of the CA. */
  async serving({ name }: Pick<Claimed, 'name'>, poll = POLL): Promise<number> {
    const giveUpAt = performance.now() + SERVES_WITHIN;
    while (!(await this.#isServed(name))) {
      if (performance.now() > giveUpAt) throw new Error(`${name} does not serve`);
      await delay(poll);
    }
    return performance.now();
  }

  /** Milliseconds after `since` of each step of the timeline. */
  async stepsOf({ id }: Claimed, since: number): Promise<number[]> {
    const { rows } = await this.database.query<{ type: string; at: Date }>(
      `select e.type, min(e.at) as at from domain_events e join domains d on d.id = e.domain_id
       where d.extid = $1 group by e.type`,
      [id],
    );
    return STEPS.map((step) => {
      const found = rows.find(({ type }) => type === step);
      return found === undefined ? NaN : found.at.getTime() - since;
    });
  }

  async ordersOf(pattern: string): Promise<number> {
    const { rows } = await this.database.query<{ count: number }>(
      `select count(*)::int as count from domain_events where hostname like $1 and type = 'ordered'`,
      [pattern],
    );
    return rows[0]?.count ?? 0;
  }

  /** Why names were ordered again. */
  async failuresOf(pattern: string): Promise<string[]> {
    const { rows } = await this.database.query<{ type: string; detail: object; count: number }>(
      `select type, detail - 'order' as detail, count(*)::int as count from domain_events
       where hostname like $1 and axis = 'certificate' and type not in ('queued', 'ordered', 'validated', 'issued')
       group by 1, 2 order by 3 desc limit 5`,
      [pattern],
    );
    return rows.map(
      ({ type, detail, count }) => `${count} times ${type}: ${JSON.stringify(detail)}`,
    );
  }

  #isServed(name: string): Promise<boolean> {
    return new Promise((resolve) => {
      const socket = connect(this.#at(name, 1), () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  }

  async #call(
    account: Account,
    method: Call['method'],
    path: string,
    json?: object,
  ): Promise<NonNullable<Answer['body']>> {
    const call: Call = { method, host: HOST, path, account, ...(json && { json }) };
    const { https: port } = this.#first.ports;
    const { status, text, body } = await httpsCall({ port, root: this.root }, call);
    if (status >= 300 || body === null) throw new Error(`${path}: ${status} ${text}`);
    return body;
  }

  #at(servername: string, replica: number) {
    const port = this.gateways[replica]?.ports.https ?? 0;
    return { host: '127.0.0.1', port, servername, ca: this.root, headers: { host: servername } };
  }

  get #first(): GatewayProcess {
    const [first] = this.gateways;
    if (first === undefined) throw new Error('no gateway runs');
    return first;
  }
}

async function withRegion<T>(work: (region: Region) => Promise<T>): Promise<T> {
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const zone = new DnsZone();
    for (const name of [HOST, '*.eu.ingress.onetime.localhost']) zone.set(name, 'A', ['127.0.0.1']);
    const dns = await startDnsServer(({ name, type }) => zone.answer(name, type));
    stops.push(() => dns.close());
    const [httpPort = 0, tlsPort = 0] = await freePorts(2);
    const pebble = await Pebble.start({ dnsServer: dns.address, httpPort, tlsPort });
    stops.push(() => pebble.stop());
    const { url, client } = await startDatabase(stops);
    const variables = {
      GATEWAY_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: url,
      GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
      GATEWAY_PROBE_HTTP_PORT: String(httpPort),
      GATEWAY_DNS_SERVERS: dns.address,
      GATEWAY_ALLOW_RESERVED_TLDS: 'true',
      GATEWAY_ACME_DIRECTORY: pebble.directoryUrl,
      GATEWAY_ACME_CA_FILE: pebble.caFile,
      GATEWAY_LIMITS: 'off',
    };
    const gateways: GatewayProcess[] = [];
    for (const ports of [{ GATEWAY_HTTP_PORT: String(httpPort) }, {}]) {
      const gateway = await GatewayProcess.spawn({ variables: { ...variables, ...ports } });
      stops.push(() => gateway.remove());
      await gateway.ready();
      gateways.push(gateway);
    }
    const region = new Region(gateways, zone, await pebble.root(), client);
    // The region's own host gets its certificate of the CA too.
    await region.serving({ name: HOST });
    return await work(region);
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

async function startDatabase(
  stops: (() => Promise<unknown>)[],
): Promise<{ readonly url: string; readonly client: Client }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'onetime-bench-'));
  stops.push(async () => rmSync(dataDir, { recursive: true, force: true }));
  const postgres = await startEmbeddedPostgres({ dataDir, regions: ['eu'] });
  stops.push(() => postgres.stop());
  const url = postgres.urlOf('eu');
  const dataSource = await connectDatabase(url);
  await migrateDatabase(dataSource);
  await dataSource.destroy();
  const client = new Client({ connectionString: url });
  await client.connect();
  stops.push(() => client.end());
  return { url, client };
}
