import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Pool } from 'pg';
import { freePorts } from '../../demo/free-ports.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { startChallengeTestServer, type ChallengeTestServer } from '../support/challtestsrv.js';
import { withoutHaproxy } from '../support/haproxy.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { KillableDatabase } from '../support/killable-database.js';
import { startPebble, type Pebble } from '../support/pebble.js';
import { isPebbleInstalled, startProgram, type RunningProgram } from '../support/pebble-program.js';
import { describeUnless } from '../support/requires.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const CONFIGURATION = 'deploy/haproxy/haproxy.cfg';
/** Three clients, in networks of their own. */
const [ALICE, BOB, CAROL] = ['127.0.1.5', '127.0.2.5', '::1'];
const CREATES = 4;
const STATUS = '"route":"/api/v1/status"';

const missing = isPebbleInstalled() ? withoutHaproxy() : "Debian's package pebble is not installed";

describeUnless(missing, 'PostgreSQL, two gateways, HAProxy and Pebble', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'compose-'));
  const gateways: GatewayProcess[] = [];
  let database: KillableDatabase;
  let haproxy: RunningProgram;
  let dns: ChallengeTestServer;
  let pebble: Pebble;
  let ca: string;
  let ports: { readonly https: number; readonly http: number };

  beforeAll(async () => {
    const [https = 0, http = 0] = await freePorts(2);
    ports = { https, http };
    [database, dns] = await Promise.all([KillableDatabase.start(), startChallengeTestServer()]);
    await dns.setA(EU, ['127.0.0.1']);
    // Validates at port 80 of HAProxy, as a public CA would.
    const dnsServer = dns.dnsServer;
    pebble = await startPebble({ dnsServer, httpPort: http, tlsPort: https });
    ca = await pebble.rootPem();
    const options = {
      // As the volume of the two containers.
      dataDir,
      environment: {
        GATEWAY_SERVE_REGIONS: 'eu',
        GATEWAY_DATABASE_URL_EU: database.urlOf('eu'),
        GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
        GATEWAY_PROXY_PROTOCOL_FROM: '127.0.0.1',
        GATEWAY_ACME_DIRECTORY: pebble.directoryUrl,
        GATEWAY_ACME_CA_FILE: pebble.caFile,
        GATEWAY_ALLOW_RESERVED_TLDS: 'true',
        GATEWAY_DNS_SERVERS: dnsServer,
        GATEWAY_INGRESS_IPS_EU: '127.0.0.1',
        GATEWAY_PROBE_HTTP_PORT: String(http),
        GATEWAY_LIMITS: 'on',
        GATEWAY_LIMIT_CREATE: `${CREATES}/3600`,
      },
    };
    gateways.push(
      ...(await Promise.all([GatewayProcess.start(options), GatewayProcess.start(options)])),
    );
    const [a, b] = gateways.map((gateway) => gateway.ports);
    haproxy = startProgram('haproxy', ['-db', '-f', CONFIGURATION], {
      PATH: `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin`,
      MAX_CONNECTIONS: '200',
      PUBLIC_HTTPS: `127.0.0.1:${https},::1:${https}`,
      PUBLIC_HTTP: `127.0.0.1:${http}`,
      ...serverVariables('A', a),
      ...serverVariables('B', b),
    });
    await until('HAProxy serves', () => {
      const failure = haproxy.exited();
      if (failure !== null) throw new Error(failure);
      return plain(ALICE).then(
        ({ statusCode }) => statusCode === 308,
        () => false,
      );
    });
    // Until HAProxy is there, no validation can succeed.
    await sql(
      `delete from ca_holds;
       update issuances set next_at = now() where hostname not in (select hostname from certificates)`,
    );
    await until('Pebble has issued for the name of the region', () =>
      ask(ALICE, { path: '/api/v1/status' }).then(isOk, () => false),
    );
  });

  afterAll(async () => {
    await haproxy?.stop();
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await pebble?.stop();
    await dns?.stop();
    await database?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function ask(client: string, request: Call): Promise<Answer> {
    const address = isIPv6(client) ? '::1' : '127.0.0.1';
    return call({ host: EU, port: ports.https, ca, address }, { ...request, localAddress: client });
  }

  /** A page on port 80. */
  function plain(client: string): Promise<IncomingMessage> {
    const target = { host: '127.0.0.1', port: ports.http, path: '/x', localAddress: client };
    return new Promise((resolve, reject) => {
      get({ ...target, agent: false, headers: { host: EU } }, (answer) => {
        answer.resume();
        resolve(answer);
      }).on('error', reject);
    });
  }

  async function sql<Row extends object>(text: string): Promise<Row[]> {
    const pool = new Pool({ connectionString: database.urlOf('eu'), max: 1 });
    try {
      return (await pool.query<Row>(text)).rows;
    } finally {
      await pool.end();
    }
  }

  const share = (client: string): Promise<Answer> =>
    ask(client, { path: '/api/v1/share', body: { secret: 'through the balancer' } });

  /** How many gateways have answered the network with these words in the line. */
  const answering = (network: string, words: string): number =>
    gateways.filter(({ logs }) =>
      logs
        .split('\n')
        .some((line) => line.includes(`"network":"${network}"`) && line.includes(words)),
    ).length;

  it('have a certificate that Pebble issued after it validated through HAProxy', async () => {
    // ask() trusts no other root.
    expect((await ask(ALICE, { path: '/api/v1/status' })).status).toBe(200);
    const rows = await sql<{ source: string; found: string }>(
      'select hostname as found, source from certificates where superseded_at is null',
    );
    expect(rows).toEqual([{ found: EU, source: 'acme' }]);
  });

  it('redirect from port 80, and log the network of the client', async () => {
    const { statusCode, headers } = await plain(BOB);
    expect([statusCode, headers.location]).toEqual([308, expect.stringMatching(`^https://${EU}`)]);
    await until('a line for it', () => answering('127.0.2.0/24', '"status":308') > 0);
  });

  it('use both gateways, and both log the network of the client, not of HAProxy', async () => {
    await until('both have answered', async () => {
      expect((await ask(ALICE, { path: '/api/v1/status' })).status).toBe(200);
      return answering('127.0.1.0/24', STATUS) === 2;
    });
    // Pebble, and our own probe, have the network of HAProxy themselves.
    expect(answering('127.0.0.0/24', STATUS)).toBe(0);
  });

  it('log the network of a client that comes by IPv6, too', async () => {
    expect((await ask(CAROL, { path: '/api/v1/status' })).status).toBe(200);
    await until('a line for it', () => answering('::/48', STATUS) > 0);
  });

  it('count a limit for the client, over both', async () => {
    const statuses: number[] = [];
    for (let index = 0; index <= CREATES; index += 1) statuses.push((await share(ALICE)).status);
    expect(statuses).toEqual([...Array<number>(CREATES).fill(200), 404]);
    expect((await share(BOB)).status).toBe(200);
  });

  it('answer 503 with Retry-After while the database is away, and serve again after it', async () => {
    await database.kill();
    await until('HAProxy knows that neither is ready', () =>
      ['https', 'http'].every((name) => haproxy.output().includes(`backend ${name} has no server`)),
    );
    const refused = await share(BOB);
    expect([refused.status, Number(refused.headers['retry-after'])]).toEqual([
      503,
      expect.any(Number),
    ]);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(ALICE, { path: '/api/v1/status' })).status).toBe(200);
    await database.restart();
    await until('a gateway is ready', () => share(BOB).then(isOk));
  });

  it('serve on when one of them is killed, what it has made too', async () => {
    const [killed] = gateways;
    const { secret_key: key } = (await share(BOB)).json<{ secret_key: string }>();
    await killed?.end('SIGKILL');
    const path = `/api/v1/secret/${key}`;
    const revealed = await ask(BOB, { method: 'POST', path });
    expect(revealed.json()['value']).toBe('through the balancer');
    for (let index = 0; index < 10; index += 1)
      expect((await ask(ALICE, { path: '/api/v1/status' })).status).toBe(200);
    expect((await ask(BOB, { method: 'POST', path })).status).toBe(404);
  });
});

const isOk = ({ status }: Answer): boolean => status === 200;

function serverVariables(
  name: 'A' | 'B',
  ports: GatewayProcess['ports'] | undefined,
): Record<string, string> {
  return {
    [`GATEWAY_${name}`]: '127.0.0.1',
    [`GATEWAY_${name}_HTTPS`]: String(ports?.https),
    [`GATEWAY_${name}_HTTP`]: String(ports?.http),
    [`GATEWAY_${name}_OPS`]: String(ports?.ops),
  };
}
