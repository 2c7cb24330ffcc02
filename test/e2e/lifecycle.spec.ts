import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { readRawAnswer, secureConnection, type RawAnswer } from '../support/raw-exchange.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const SECOND = 1000;

let gateway: GatewayProcess;
afterEach(() => gateway.stop());

describe('a stop', () => {
  let forced: ForcedStop;
  beforeAll(async () => {
    forced = await beginForcedStop();
  });
  afterAll(() => forced?.gateway.stop());

  it('on SIGTERM finishes requests in progress, stops the database and exits with 0', async () => {
    gateway = await GatewayProcess.start();
    const database = databaseProcess(gateway);
    const halves = await Promise.all([startShare(gateway), startShare(gateway)]);
    const idle = await secureConnection(gateway.target(EU));
    const idleClosed = once(idle, 'close');
    const http2 = await Http2Client.connect(gateway.target(EU));

    const exit = gateway.end('SIGTERM');
    await noLongerAccepts();
    await idleClosed;
    expect(isAlive(database)).toBe(true);
    for (const half of halves) {
      const { status, headers, body } = await half.finish();
      expect([status, headers['connection']]).toEqual([200, 'close']);
      expect(JSON.parse(body)).toMatchObject({ state: 'new' });
    }
    expect(await exit).toBe(0);
    expect(http2.isOpen).toBe(false);
    await until('the database has ended', () => !isAlive(database));
    expect(existsSync(pidFile(gateway))).toBe(false);
    await until('it is logged', () => gateway.logs.includes('"msg":"stopped"'));
  });

  it('finishes a request in progress over HTTP/2', async () => {
    gateway = await GatewayProcess.start();
    const client = await Http2Client.connect(gateway.target(EU));
    const post = { ':method': 'POST', ':path': '/api/v1/share', ':authority': EU };
    const { answer, stream } = client.open(post);
    stream.write('secret=ha');
    // Once this is answered, the server has received the half body above.
    await client.request({ ':path': '/api/v1/status', ':authority': EU });
    const exit = gateway.end('SIGTERM');
    await noLongerAccepts();
    stream.end('lf');
    expect((await answer).status).toBe(200);
    expect(await exit).toBe(0);
  });

  it('is the same stop when signalled again within a second', async () => {
    gateway = await GatewayProcess.start();
    const half = await startShare(gateway);
    const exit = gateway.end('SIGINT');
    gateway.child.kill('SIGINT');
    gateway.child.kill('SIGTERM');
    await noLongerAccepts();
    expect((await half.finish()).status).toBe(200);
    expect(await exit).toBe(0);
  });

  it('is forced when signalled again after more than a second, and stops the database', async () => {
    gateway = await GatewayProcess.start();
    const database = databaseProcess(gateway);
    const half = await startShare(gateway);
    const exit = gateway.end('SIGINT');
    await noLongerAccepts();
    const firstAt = performance.now();
    await until('a second has passed', () => performance.now() - firstAt > 1.1 * SECOND);
    gateway.child.kill('SIGINT');
    expect(await exit).toBe(1);
    half.socket.destroy();
    await until('the database has ended', () => !isAlive(database));
  });

  it('is forced when a request in progress does not finish within 20 seconds', async () => {
    const { database, ended } = forced;
    const { code, after } = await ended;
    expect(code).toBe(1);
    expect(after).toBeGreaterThan(19 * SECOND);
    await until('the database has ended', () => !isAlive(database));
  });
});

describe('npm start', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'exits with 0 when npm gets %s, and leaves no process running',
    async (signal) => {
      gateway = await GatewayProcess.spawn({ command: ['npm', 'start'] });
      await gateway.ready();
      const database = databaseProcess(gateway);
      expect(await gateway.end(signal)).toBe(0);
      expect(isAlive(database)).toBe(false);
    },
  );
});

interface ForcedStop {
  readonly gateway: GatewayProcess;
  readonly database: number;
  readonly ended: Promise<{ readonly code: number | null; readonly after: number }>;
}

/** A gateway that is told to stop while a request hangs. It takes its 20 seconds while the other tests run. */
async function beginForcedStop(): Promise<ForcedStop> {
  const hanging = await GatewayProcess.start();
  const database = databaseProcess(hanging);
  // Fast enough on average for the least rate of a body, until long after.
  const half = await startShare(hanging, 40_000);
  const startedAt = performance.now();
  const ended = hanging.end('SIGTERM').then((code) => {
    half.socket.destroy();
    return { code, after: performance.now() - startedAt };
  });
  return { gateway: hanging, database, ended };
}

const A_HALF = 'a half';

/** Starts a share: the server has its head and half of its body, of `bytes` at least. */
async function startShare(
  on: GatewayProcess,
  bytes = 0,
): Promise<{ socket: Socket; finish: () => Promise<RawAnswer> }> {
  const socket = await secureConnection(on.target(EU));
  const half = `${'x='.padEnd(bytes, 'x')}&secret=`;
  const length = half.length + A_HALF.length;
  const lines = ['POST /api/v1/share HTTP/1.1', `Host: ${EU}`, `Content-Length: ${length}`];
  socket.write([...lines, 'Expect: 100-continue', '', half].join('\r\n'));
  // Answered when the request has been accepted: from now on it is in progress.
  expect((await readRawAnswer(socket)).status).toBe(100);
  const finish = (): Promise<RawAnswer> => {
    const answer = readRawAnswer(socket);
    socket.write(A_HALF);
    return answer;
  };
  return { socket, finish };
}

/** Resolves when the gateway has handled the signal. */
async function noLongerAccepts(): Promise<void> {
  await until('the port is closed', async () => {
    const socket = connect(gateway.ports.https, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return false;
    } catch {
      return true;
    } finally {
      socket.destroy();
    }
  });
}

const pidFile = (of: GatewayProcess): string =>
  join(of.dataDir, 'postgres', 'cluster', 'postmaster.pid');

function databaseProcess(of: GatewayProcess): number {
  return Number(readFileSync(pidFile(of), 'utf8').split('\n', 1)[0]);
}

/** Counts a zombie as ended: its parent may collect it later. */
function isAlive(processId: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${processId}/status`, 'utf8'));
  } catch {
    return false;
  }
}
