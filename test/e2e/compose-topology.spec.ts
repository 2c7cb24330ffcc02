import { execFileSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import { freePorts } from '../../demo/free-ports.js';
import type { EmbeddedPostgres } from '../../src/database/embedded/embedded-postgres.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { withoutHaproxy } from '../support/haproxy.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { startProgram, type RunningProgram } from '../support/pebble-program.js';
import { describeUnless } from '../support/requires.js';
import { temporaryServer } from '../support/temporary-server.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const CONFIGURATION = 'deploy/haproxy/haproxy.cfg';
/** Two clients, in networks of their own. */
const [ALICE, BOB] = ['127.0.1.5', '127.0.2.5'];
const CREATES = 4;

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly string[];
  readonly networks?: { readonly default: { readonly ipv4_address: string } };
}

describe('docker-compose.yml', () => {
  const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>;
  };
  const addressOf = (name: string): string => services[name]?.networks?.default.ipv4_address ?? '';

  it('mounts only files that are there', () => {
    const mounted = Object.values(services)
      .flatMap(({ volumes = [] }) => volumes)
      .flatMap((volume) => /^\.\/[^:]+/.exec(volume)?.[0] ?? []);
    expect(mounted.length).toBeGreaterThanOrEqual(4);
    expect(mounted.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('has the gateways believe the PROXY protocol of HAProxy alone, which knows both by name', () => {
    const haproxy = readFileSync(CONFIGURATION, 'utf8');
    for (const name of ['gateway-a', 'gateway-b']) {
      expect(services[name]?.environment?.['GATEWAY_PROXY_PROTOCOL_FROM']).toBe(
        `\${GATEWAY_PROXY_PROTOCOL_FROM:-${addressOf('haproxy')}}`,
      );
      expect(haproxy).toContain(`-${name}}:`);
    }
  });

  it('has Pebble ask the name server that leads to HAProxy, on the ports where HAProxy listens', () => {
    const { pebble } = JSON.parse(readFileSync('deploy/pebble/pebble.json', 'utf8')) as {
      readonly pebble: { readonly httpPort: number; readonly tlsPort: number };
    };
    expect(services['pebble']?.command).toContain(`${addressOf('challtestsrv')}:8053`);
    expect(services['challtestsrv']?.command).toContain(addressOf('haproxy'));
    const haproxy = readFileSync(CONFIGURATION, 'utf8');
    expect(haproxy).toContain(`PUBLIC_HTTP-*:${pebble.httpPort}}`);
    expect(haproxy).toContain(`PUBLIC_HTTPS-*:${pebble.tlsPort}}`);
  });

  it('makes a certificate for Pebble that its root verifies, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pebble-tls-'));
    const make = (): string => {
      execFileSync('sh', ['deploy/pebble/make-tls.sh', folder]);
      return readFileSync(join(folder, 'cert.pem'), 'utf8');
    };
    const first = make();
    expect(make()).toBe(first);
    const certificate = new X509Certificate(first);
    const root = new X509Certificate(readFileSync(join(folder, 'ca.pem')));
    expect(certificate.checkHost('pebble')).toBe('pebble');
    expect(certificate.verify(root.publicKey)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describeUnless(withoutHaproxy(), 'PostgreSQL, two gateways and HAProxy', () => {
  const database = temporaryServer();
  const dataDir = mkdtempSync(join(tmpdir(), 'compose-'));
  const gateways: GatewayProcess[] = [];
  let server: EmbeddedPostgres;
  let haproxy: RunningProgram;
  let port: number;

  beforeAll(async () => {
    server = await database.start();
    const options = {
      // As the volume of the two containers: one local authority.
      dataDir,
      environment: {
        GATEWAY_SERVE_REGIONS: 'eu',
        GATEWAY_DATABASE_URL_EU: server.urlOf('eu'),
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
    await server?.stop();
    database.remove();
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
