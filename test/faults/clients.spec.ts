import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { CONNECTION_LIMITS } from '../../src/gateway/connection-limits.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { plainConnection } from '../support/tls-client.js';
import { until } from '../support/until.js';
import { faultRun, say } from './fault-run.js';
import { IdleProcess, type IdleKind } from './idle-process.js';

const { isLong } = faultRun();
const HOST = 'eu.onetime.localhost';
/** Before a first request they end after 20 s: how many of these are open at once depends on the machine. */
const IDLE = isLong ? 10_000 : 300;
const SILENT = 100;
/** What README and operations.md promise: 60 KB, and room for what the collector has not freed. */
const BYTES_PER_CONNECTION_MAX = 120 * 1024;
const SPARE = 60 * 1024 * 1024;
const SESSIONS = isLong ? 200 : 20;
const STREAMS = 32;
const BYTES_PER_STREAM_MAX = 160 * 1024;

let gateway: GatewayProcess;
let auth: string;
beforeAll(async () => {
  gateway = await GatewayProcess.start({
    environment: { GATEWAY_LIMITS: 'on', GATEWAY_SERVE_REGIONS: 'eu' },
  });
  ({ auth } = await gateway.account('eu', 'customer@example.com', 'identity_plus'));
});
afterAll(() => gateway.stop());

/** A customer, from another network than those that misbehave. */
async function expectServed(): Promise<void> {
  const startedAt = performance.now();
  const body = { secret: 'a message' };
  const shared = await gateway.call('eu', { path: '/api/v1/share', body, auth });
  expect(shared.status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
}

/** Spread over so many networks that no limit of one counts. */
function addressOf(index: number): string {
  return `127.${1 + (index % 100)}.${1 + (Math.floor(index / 100) % 200)}.9`;
}

describe.each<{ name: string; kinds: IdleKind[]; seconds: readonly [number, number] }>([
  // The deadline for the first header, which is checked every 5 s.
  { name: 'send no request, or half of one', kinds: ['silent', 'part'], seconds: [19, 60] },
  // Both protocols keep a connection for 65 s after its last answer.
  { name: 'were served and keep theirs', kinds: ['http1', 'http2'], seconds: [64, 110] },
])(`${IDLE} clients that $name`, ({ name, kinds, seconds: [soonest, latest] }) => {
  it('cost little, others are served meanwhile, and they are closed by their deadline', async () => {
    await expectServed();
    const [before, files] = [gateway.residentBytes(), gateway.descriptors()];
    const clients = IdleProcess.start(gateway, HOST, IDLE, kinds);
    try {
      let [growth, opened] = [0, false];
      const done = clients.report('opened').finally(() => {
        opened = true;
      });
      while (!opened) {
        await expectServed();
        growth = Math.max(growth, gateway.residentBytes() - before);
      }
      const { most } = await done;
      growth = Math.max(growth, gateway.residentBytes() - before);
      const perThousand = growth / 2 ** 20 / (most / 1000);
      say(
        `${name}: ${most} at once, ${gateway.descriptors() - files} descriptors, ${Math.round(growth / 2 ** 20)} MiB more, ${perThousand.toFixed(0)} MiB for each thousand`,
      );
      expect(growth).toBeLessThan(most * BYTES_PER_CONNECTION_MAX + SPARE);
      if (!isLong) return;
      const { ended } = await clients.report('closed');
      say(`${name}: closed after ${JSON.stringify(ended)}`);
      for (const kind of kinds) {
        expect(ended[kind]).toMatchObject({ count: IDLE / kinds.length });
        expect(ended[kind]?.soonest).toBeGreaterThan(soonest);
        expect(ended[kind]?.latest).toBeLessThan(latest);
      }
      await until('their descriptors are free', () => gateway.descriptors() < files + 100);
      await expectServed();
    } finally {
      await clients.stop();
    }
  });
});

it(`${SILENT} clients that connect and then are gone do not stay`, async () => {
  const sockets = await Promise.all(
    Array.from({ length: SILENT }, () => plainConnection(gateway.ports.https)),
  );
  // A peer that lost its power sends nothing, no end either: nothing tells it from this one.
  await Promise.all(sockets.map((socket) => once(socket.resume(), 'close')));
  await expectServed();
});

async function deafSession(index: number): Promise<ClientHttp2Session> {
  const { port, ca } = gateway.target(HOST);
  const options = { host: '127.0.0.1', port, ca, servername: HOST, localAddress: addressOf(index) };
  const session = connectHttp2(`https://${HOST}:${port}`, {
    createConnection: () => connectTls({ ...options, ALPNProtocols: ['h2'] }),
    // It takes no byte of any answer.
    settings: { initialWindowSize: 0 },
  });
  session.on('error', () => undefined);
  await once(session, 'connect');
  return session;
}

it(`${SESSIONS * STREAMS} answers that nobody reads take bounded memory`, async () => {
  const before = gateway.residentBytes();
  const sessions: ClientHttp2Session[] = [];
  for (let index = 0; index < SESSIONS; index += 1) sessions.push(await deafSession(index));
  const headers = { ':path': '/', ':authority': `${HOST}:${gateway.ports.https}` };
  const answers = sessions.flatMap((session) =>
    Array.from({ length: STREAMS }, () => {
      const stream = session.request(headers);
      // Beyond the limit of open streams some are refused.
      stream.on('error', () => undefined);
      return new Promise((resolve) => stream.once('response', resolve).once('close', resolve));
    }),
  );
  await Promise.all(answers);
  await expectServed();
  const growth = gateway.residentBytes() - before;
  say(`${answers.length} answers not read: ${Math.round(growth / 2 ** 20)} MiB more`);
  const held = Math.min(answers.length, CONNECTION_LIMITS.streamsMax);
  expect(growth).toBeLessThan(held * BYTES_PER_STREAM_MAX + SPARE);
  for (const session of sessions) session.destroy();
});
