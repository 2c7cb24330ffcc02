import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { CONNECTION_LIMITS } from '../../src/gateway/connection-limits.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { handshake, plainConnection } from '../support/tls-client.js';
import { until } from '../support/until.js';
import { faultRun, say } from './fault-run.js';

const { isLong } = faultRun();
const HOST = 'eu.onetime.localhost';
/** The deadline for a first request ends them after 20 s: how many are open at once depends on the machine. */
const IDLE = isLong ? 10_000 : 300;
const HANDSHAKES_AT_ONCE = 25;
const SILENT = 100;
/** What README and operations.md promise: 60 KB, and room for what the collector has not freed. */
const BYTES_PER_CONNECTION_MAX = 120 * 1024;
const SPARE = 60 * 1024 * 1024;
const SESSIONS = isLong ? 200 : 20;
const STREAMS = 32;
const BYTES_PER_STREAM_MAX = 160 * 1024;
const PART_OF_A_HEADER = `GET / HTTP/1.1\r\nHost: ${HOST}\r\nX-Slow: ${'x'.repeat(8000)}`;

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start({
    environment: { GATEWAY_LIMITS: 'on', GATEWAY_SERVE_REGIONS: 'eu' },
  });
});
afterAll(() => gateway.stop());

function residentBytes(): number {
  const status = readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

/** A client of another network than those that misbehave. */
async function expectServed(): Promise<void> {
  const startedAt = performance.now();
  const shared = await gateway.call('eu', { path: '/api/v1/share', body: { secret: 'a message' } });
  expect(shared.status).toBe(200);
  expect(performance.now() - startedAt).toBeLessThan(10_000);
}

/** Spread over so many networks that no limit of one counts. */
function addressOf(index: number): string {
  return `127.${1 + (index % 100)}.${1 + (Math.floor(index / 100) % 200)}.9`;
}

async function idleConnection(index: number): Promise<Socket> {
  const socket = await handshake(gateway.ports.https, {
    servername: HOST,
    ca: gateway.ca,
    localAddress: addressOf(index),
  });
  // An answer that is not read would hide the end.
  socket.resume();
  // Every other one has sent half of a header.
  if (index % 2 === 0) socket.write(PART_OF_A_HEADER);
  return socket;
}

it(`${IDLE} connections that send no request, or half of one, cost little; others are served`, async () => {
  await expectServed();
  const before = residentBytes();
  const sockets: Socket[] = [];
  let [most, open] = [0, 0];
  for (let index = 0; index < IDLE; index += HANDSHAKES_AT_ONCE) {
    const opened = Array.from({ length: HANDSHAKES_AT_ONCE }, (_, more) =>
      idleConnection(index + more),
    );
    sockets.push(...(await Promise.all(opened)));
    most = Math.max(most, residentBytes() - before);
    open = Math.max(open, sockets.filter(({ destroyed }) => !destroyed).length);
  }
  await expectServed();
  most = Math.max(most, residentBytes() - before);
  say(`${IDLE} idle connections, ${open} at once: ${Math.round(most / 2 ** 20)} MiB more`);
  expect(most).toBeLessThan(open * BYTES_PER_CONNECTION_MAX + SPARE);
  if (isLong)
    // The deadline for the first header ends them, though they never close.
    await until('they are closed', () => sockets.every(({ destroyed }) => destroyed), 180_000);
  for (const socket of sockets) socket.destroy();
  await expectServed();
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
  const before = residentBytes();
  const sessions: ClientHttp2Session[] = [];
  for (let index = 0; index < SESSIONS; index += 1) sessions.push(await deafSession(index));
  const headers = { ':path': '/', ':authority': `${HOST}:${gateway.ports.https}` };
  const answers = sessions.flatMap((session) =>
    Array.from({ length: STREAMS }, () => {
      const stream = session.request(headers);
      stream.on('error', () => undefined);
      // Beyond the limit of open streams some end.
      return Promise.race([once(stream, 'response'), once(stream, 'close')]);
    }),
  );
  await Promise.all(answers);
  await expectServed();
  const growth = residentBytes() - before;
  say(`${answers.length} answers not read: ${Math.round(growth / 2 ** 20)} MiB more`);
  const held = Math.min(answers.length, CONNECTION_LIMITS.streamsMax);
  expect(growth).toBeLessThan(held * BYTES_PER_STREAM_MAX + SPARE);
  for (const session of sessions) session.destroy();
});
