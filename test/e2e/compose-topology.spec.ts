import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePorts } from '../../demo/free-ports.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { withoutHaproxy } from '../support/haproxy.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { KillableDatabase } from '../support/killable-database.js';
import { startProgram, type RunningProgram } from '../support/pebble-program.js';
import { describeUnless } from '../support/requires.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const CONFIGURATION = 'deploy/haproxy/haproxy.cfg';
/** Two clients, in networks of their own. */
const [ALICE, BOB] = ['127.0.1.5', '127.0.2.5'];
const CREATES = 4;

describeUnless(withoutHaproxy(), 'PostgreSQL, two gateways and HAProxy', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'compose-'));
  const gateways: GatewayProcess[] = [];
  let database: KillableDatabase;
  let haproxy: RunningProgram;
  let port: number;

  beforeAll(async () => {
    database = await KillableDatabase.start();
    const options = {
      // As the volume of the two containers: one local authority.
      dataDir,
      environment: {
        GATEWAY_SERVE_REGIONS: 'eu',
        GATEWAY_DATABASE_URL_EU: database.urlOf('eu'),
        GATEWAY_ROOT_KEY_EU: randomBytes(32).toString('base64'),
        GATEWAY_PROXY_PROTOCOL_FROM: '127.0.0.1',
        GATEWAY_LIMITS: 'on',
        GATEWAY_LIMIT_CREATE: `${CREATES}/3600`,
      },
    };
    gateways.push(
      ...(await Promise.all([GatewayProcess.start(options), GatewayProcess.start(options)])),
    );
    const [https = 0, http = 0] = await freePorts(2);
    port = https;
    const [a, b] = gateways.map(({ ports }) => ports);
    haproxy = startProgram('haproxy', ['-db', '-f', CONFIGURATION], {
      PATH: `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin`,
      MAX_CONNECTIONS: '200',
      PUBLIC_HTTPS: `127.0.0.1:${https}`,
      PUBLIC_HTTP: `127.0.0.1:${http}`,
      ...serverVariables('A', a),
      ...serverVariables('B', b),
    });
    await until('HAProxy serves', () => {
      const failure = haproxy.exited();
      if (failure !== null) throw new Error(failure);
      return ask(ALICE, { path: '/api/v1/status' }).then(isOk, () => false);
    });
  });

  afterAll(async () => {
    await haproxy?.stop();
    await Promise.all(gateways.map((gateway) => gateway.stop()));
    await database?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function ask(client: string, request: Call): Promise<Answer> {
    const ca = readFileSync(join(dataDir, 'ca', 'root.pem'), 'utf8');
    return call({ host: EU, port, ca }, { ...request, localAddress: client });
  }

  const share = (client: string): Promise<Answer> =>
    ask(client, { path: '/api/v1/share', body: { secret: 'through the balancer' } });

  /** The gateways that have answered the network. */
  const answering = (network: string): GatewayProcess[] =>
    gateways.filter(({ logs }) => logs.includes(`"network":"${network}"`));

  it('use both gateways, and both log the network of the client, not of HAProxy', async () => {
    await until('both have answered', async () => {
      expect((await ask(ALICE, { path: '/api/v1/status' })).status).toBe(200);
      return answering('127.0.1.0/24').length === 2;
    });
    expect(answering('127.0.0.0/24')).toEqual([]);
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
