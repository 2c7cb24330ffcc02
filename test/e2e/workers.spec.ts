import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { ClientRequest } from 'node:http';
import { request } from 'node:https';
import { freePorts } from '../../demo/free-ports.js';
import { AdminClient, makeKey } from '../support/admin-client.js';
import { LocalScene } from '../support/domain-scene-local.js';
import {
  LOOPBACK_ADDRESSES,
  answersOfEveryListener,
  answersOn,
  everyAddress,
} from '../support/every-address.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { restartLoad } from '../support/restart-load.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const NAME = 'secrets.two-workers.test';
const STATUS = { path: '/api/v1/status' };

let scene: LocalScene;
let gateway: GatewayProcess;
let admin: AdminClient;

beforeAll(async () => {
  const [port = 0] = await freePorts(1);
  scene = await LocalScene.start({
    ...everyAddress(LOOPBACK_ADDRESSES, port),
    GATEWAY_WORKERS: '2',
  });
  ({ gateway } = scene);
  await until('both workers serve', async () => (await workers()).serving === 2);
  const key = await makeKey(gateway, 'both-workers', '--scope', 'read,write');
  admin = new AdminClient(gateway, port, key);
});
afterAll(() => scene?.stop());

const mayCaddyAsk = async (name: string): Promise<number> =>
  (await gateway.ops(`/api/internal/caddy/ask?domain=${name}`)).status;

interface Line {
  readonly msg: string;
  readonly worker?: number;
  readonly pid?: number;
  readonly restartInMs?: number;
}

const lines = (): Line[] =>
  gateway.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);

/** The process of the worker that serves under this number. */
const pidOf = (worker: number): number =>
  lines().findLast((line) => line.msg === 'worker serves' && line.worker === worker)?.pid ?? 0;

const threadsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').trim(),
  );

async function workers(): Promise<{ serving: number; configured: number }> {
  const answer = await gateway.ops('/readyz');
  return ((await answer.json()) as { workers: { serving: number; configured: number } }).workers;
}

async function metric(pattern: RegExp): Promise<number> {
  const text = await (await gateway.ops('/metrics')).text();
  return Number(pattern.exec(text)?.[1]);
}

const answered = (): Promise<number> =>
  metric(/^gateway_http_requests_total\{[^}]*route="\/api\/v1\/status"[^}]*\} (\d+)$/m);

const restarts = (): Promise<number> => metric(/^gateway_worker_restarts_total (\d+)$/m);

/** The workers that wrote a line about a request since then. */
function answerers(since: number): Set<number | undefined> {
  const requests = lines().slice(since);
  return new Set(requests.filter(({ msg }) => msg === 'request').map(({ worker }) => worker));
}

describe('two workers', () => {
  it('both answer on the same port, and the metrics count the requests of both once', async () => {
    const [since, before] = [lines().length, (await answered()) || 0];
    let sent = 0;
    await until('both have answered', async () => {
      expect((await gateway.call('eu', STATUS)).status).toBe(200);
      sent += 1;
      return answerers(since).size === 2;
    });
    await until('all are counted', async () => (await answered()) === before + sent);
    expect(await metric(/^gateway_build_info\{[^}]*\} (\d+)$/m)).toBe(1);
    expect(await metric(/^gateway_workers\{state="serving"\} (\d+)$/m)).toBe(2);
    expect(await metric(/^gateway_database_pool_limit\{pool="main",region="eu"\} (\d+)$/m)).toBe(
      20,
    );
  });

  it('have one thread of V8 each, as the supervisor has', () => {
    for (const pid of [gateway.child.pid ?? 0, pidOf(1), pidOf(2)])
      expect(threadsOf(pid).filter((name) => name === 'V8Worker')).toHaveLength(1);
  });

  it('both answer the operator on one port', async () => {
    const since = lines().length;
    await until('both have answered', async () => {
      expect((await admin.call('/overview')).status).toBe(200);
      return answerers(since).size === 2;
    });
  });

  it('answer on every address of every listener, behind a balancer too', async () => {
    // The kernel divides the connections: so many reach both.
    for (let round = 0; round < 4; round++)
      expect(await answersOfEveryListener(gateway, LOOPBACK_ADDRESSES, admin.port)).toEqual(
        answersOn(LOOPBACK_ADDRESSES),
      );
  });

  it("answer Caddy's question for a custom domain, also while one hangs, until the operator blocks it", async () => {
    const owner = await scene.customer('owner@two-workers.test');
    expect(await mayCaddyAsk(NAME)).toBe(403);
    await scene.setUp(owner, NAME);
    await until('it is served', async () => (await mayCaddyAsk(NAME)) === 200);
    // The other one answers.
    const hanging = pidOf(1);
    process.kill(hanging, 'SIGSTOP');
    expect(await mayCaddyAsk(NAME)).toBe(200);
    expect(await mayCaddyAsk('nobody.two-workers.test')).toBe(403);
    process.kill(hanging, 'SIGCONT');
    const body = { reason: 'It shows a copy of a bank.' };
    expect((await admin.call(`/domains/${NAME}/block`, { body })).status).toBe(200);
    await until('neither allows it', async () => (await mayCaddyAsk(NAME)) === 403);
    await until('neither serves it', async () => {
      const tries = await Promise.all(Array.from({ length: 12 }, () => scene.isServed(NAME)));
      return !tries.includes(true);
    });
  });

  it('are replaced one by one on SIGHUP without a request that fails', async () => {
    const before = [pidOf(1), pidOf(2)];
    const counted = (await answered()) || 0;
    const requests = restartLoad(gateway);
    gateway.child.kill('SIGHUP');
    await until('the restart is done', () =>
      lines().some(({ msg }) => msg === 'rolling restart done'),
    );
    const { answers, failures } = await requests.end();
    expect(failures).toEqual([]);
    for (const count of Object.values(answers)) expect(count).toBeGreaterThan(20);
    expect(await workers()).toEqual({ serving: 2, configured: 2 });
    expect([pidOf(1), pidOf(2)].filter((pid) => before.includes(pid))).toEqual([]);
    // On the sockets that were handed over.
    for (let round = 0; round < 4; round++)
      expect(await answersOfEveryListener(gateway, LOOPBACK_ADDRESSES, admin.port)).toEqual(
        answersOn(LOOPBACK_ADDRESSES),
      );
    // What the replaced ones have counted is not forgotten.
    expect(await answered()).toBeGreaterThan(counted);
  });

  it('are replaced on SIGHUP when one of them got a SIGTERM of its own and still answers', async () => {
    const pid = await until('the log names it', () => pidOf(1) || null);
    // Requests without an end: one of so many is at the worker, and keeps it from its end.
    const requests = await Promise.all(Array.from({ length: 24 }, () => unfinishedRequest()));
    const since = lines().length;
    const hasLogged = (msg: string, worker?: number): boolean =>
      lines()
        .slice(since)
        .some((line) => line.msg === msg && line.worker === worker);
    process.kill(pid, 'SIGTERM');
    await until('it stops', () => hasLogged('stopping', 1));
    gateway.child.kill('SIGHUP');
    await until('its heir serves', () => hasLogged('worker serves', 1));
    for (const sent of requests) sent.destroy();
    await until('the restart is done', () => hasLogged('rolling restart done'));
    expect(await workers()).toEqual({ serving: 2, configured: 2 });
  });

  it('are restarted when they are killed, each time later, while the other goes on', async () => {
    const before = (await restarts()) || 0;
    const earlier = lines().filter(({ restartInMs }) => restartInMs !== undefined).length;
    const waits: number[] = [];
    for (let round = 1; round <= 3; round++) {
      const pid = await until('the worker serves', () => (isAlive(pidOf(1)) ? pidOf(1) : null));
      process.kill(pid, 'SIGKILL');
      const line = await until('its end is logged', () =>
        lines().find((each) => each.pid === pid && each.restartInMs !== undefined),
      );
      waits.push(line.restartInMs ?? 0);
      // Its socket has left the port with it.
      expect((await gateway.call('eu', STATUS)).status).toBe(200);
      expect((await gateway.ops('/readyz')).status).toBe(200);
    }
    // On a slow machine the one with a SIGTERM of its own ended before its heir served, and counts unless a minute has passed.
    const [first = 0] = waits;
    expect([500, 500 * 2 ** earlier]).toContain(first);
    expect(waits).toEqual([first, 2 * first, 4 * first]);
    await until('both serve again', async () => (await workers()).serving === 2);
    expect(await restarts()).toBe(before + 3);
  });

  it('end when their supervisor is killed, as does the database', async () => {
    const [one, two] = await until('the log names both', () => {
      const pids = [pidOf(1), pidOf(2)];
      return pids.every(isAlive) ? pids : null;
    });
    const ended = once(gateway.child, 'exit');
    gateway.child.kill('SIGKILL');
    await ended;
    await until('nothing is left', () => processesWith(gateway.dataDir).length === 0);
    // A process that is ending loses its environment before its id.
    await until('the workers have ended', () => ![one, two].some((pid) => isAlive(pid ?? 0)));
  });
});

describe('the supervisor', () => {
  it('exits with 2 and one sentence when its workers refuse the configuration', async () => {
    const refused = await GatewayProcess.spawn({
      environment: {
        GATEWAY_WORKERS: '2',
        GATEWAY_ADMIN_PORT: '65000',
        GATEWAY_ADMIN_TLS_CERT_FILE: '/nowhere/cert.pem',
        GATEWAY_ADMIN_TLS_KEY_FILE: '/nowhere/key.pem',
      },
    });
    const [code] = (await once(refused.child, 'close')) as [number];
    const sentences = refused.logs.split('\n').filter((line) => !/^(?:\{.*)?$/.test(line));
    expect(sentences).toEqual([
      'GATEWAY_ADMIN_TLS_CERT_FILE: /nowhere/cert.pem cannot be read (ENOENT)',
    ]);
    expect(code).toBe(2);
    await refused.stop();
  });

  it('refuses the ports of another one, which stops its workers on SIGTERM and exits with 0', async () => {
    const first = await GatewayProcess.start({ environment: { GATEWAY_WORKERS: '2' } });
    const { https, http } = first.ports;
    const second = await GatewayProcess.spawn({
      environment: {
        GATEWAY_WORKERS: '2',
        GATEWAY_HTTPS_PORT: String(https),
        GATEWAY_HTTP_PORT: String(http),
      },
    });
    const [code] = (await once(second.child, 'close')) as [number];
    expect(second.logs).toMatch(/^GATEWAY_HTTPS_PORT: .* is in use by another process$/m);
    expect(code).toBe(2);
    await second.stop();
    expect(await first.end('SIGTERM')).toBe(0);
    expect(processesWith(first.dataDir)).toEqual([]);
    await first.stop();
  });
});

/** A request whose body is not complete; resolves when it has been sent. */
async function unfinishedRequest(): Promise<ClientRequest> {
  const { ca, host, port } = gateway.target(EU);
  const sent = request({
    host: '127.0.0.1',
    port,
    ca,
    servername: host,
    method: 'POST',
    path: '/api/v1/share',
    headers: {
      host,
      'content-length': 1000,
      'content-type': 'application/json',
      expect: '100-continue',
    },
  });
  sent.on('error', () => undefined).flushHeaders();
  await once(sent, 'continue');
  sent.write('{');
  return sent;
}

/** Counts a zombie as ended. */
function isAlive(processId: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** The running processes that have this data dir: in their environment, or in their command line. */
function processesWith(dataDir: string): number[] {
  const has = (pid: string, file: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(dataDir);
    } catch {
      return false;
    }
  };
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .filter((pid) => has(pid, 'environ') || has(pid, 'cmdline'))
    .map(Number)
    .filter(isAlive);
}
