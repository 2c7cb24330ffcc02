import { readFileSync } from 'node:fs';
import type { TLSSocket } from 'node:tls';
import {
  endlessHeader,
  OPENING,
  resetStream,
  statusRequest,
} from '../../bench/load/http2-frames.js';
import { BODY_LIMITS } from '../../src/region/body-limits.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { handshake } from '../support/tls-client.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const GROWTH_MAX = 64 * 1024 * 1024;
/** Far more than any limit lets through. */
const FRAMES = 50_000;
const FRAMES_AT_ONCE = 100;

const REQUEST = statusRequest(EU);

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start({
    // The limits of networks would end every flood of one address before those of HTTP/2 and of bodies.
    environment: { GATEWAY_LIMITS: 'on', GATEWAY_TRUSTED_PROXIES: '127.0.0.1' },
  });
});
afterAll(() => gateway.stop());

async function metric(name: string, labels = ''): Promise<number> {
  const text = await (await gateway.ops('/metrics')).text();
  const series = new RegExp(`^${name}(?:\\{[^}]*${labels}[^}]*\\})? (\\S+)$`, 'm');
  const [, value] = series.exec(text) ?? [];
  if (value === undefined) throw new Error(`the metrics have no ${name}`);
  return Number(value);
}

const residentBytes = (): Promise<number> => metric('process_resident_memory_bytes');

async function http2Connection(): Promise<TLSSocket> {
  const options = { servername: EU, ca: gateway.ca, ALPNProtocols: ['h2'], host: '127.0.0.1' };
  const socket = await handshake(gateway.ports.https, options);
  socket
    .on('error', () => undefined)
    .setMaxListeners(0)
    .resume();
  socket.write(OPENING);
  return socket;
}

/** Sends frames until the gateway ends the connection. Returns how many it took. */
async function flood(
  socket: TLSSocket,
  next: (request: Buffer, index: number) => Buffer,
): Promise<number> {
  let sent = 0;
  while (sent < FRAMES && socket.writable) {
    const frames = Array.from({ length: FRAMES_AT_ONCE }, (_, index) =>
      next(REQUEST, sent + index),
    );
    sent += FRAMES_AT_ONCE;
    const isTaken = socket.write(Buffer.concat(frames));
    await new Promise<unknown>((resolve) => {
      socket.once('close', resolve);
      if (isTaken) setImmediate(resolve, null);
      else socket.once('drain', resolve);
    });
  }
  await until('the connection is ended', () => socket.destroyed);
  return sent;
}

const floods: [string, (request: Buffer, index: number) => Buffer][] = [
  ['streams that are reset at once', resetStream],
  ['header blocks without an end', endlessHeader],
];
it.each(floods)('ends a connection of %s; a neighbour is served', async (_name, next) => {
  expect((await gateway.call('eu', { path: '/api/v1/status' })).status).toBe(200);
  const before = await residentBytes();
  const flooding = flood(await http2Connection(), next);
  const beside = await gateway.call('eu', { path: '/api/v1/status' });
  expect(beside.status).toBe(200);
  expect(await flooding).toBeLessThan(FRAMES);
  expect((await residentBytes()) - before).toBeLessThan(GROWTH_MAX);
  expect((await gateway.call('eu', { path: '/api/v1/status' })).status).toBe(200);
});

const CONNECTIONS = 32;
const STREAMS_OF_EACH = 32;
const BODY = Buffer.from(`secret=${'x'.repeat(800_000)}`);
/** What 64 MiB of bodies take with their connections and what they leave to the collector; unlimited, they took 800 MB. */
const BODIES_GROWTH_MAX = 320 * 1024 * 1024;

interface Bodies {
  readonly client: Http2Client;
  /** For each stream: all bytes are on their way, or the stream has ended. */
  readonly sent: readonly Promise<void>[];
}

/** Opens streams that each send all of their body but its last byte. Each comes from a /24 of its own. */
async function openBodies(connection: number): Promise<Bodies> {
  const client = await Http2Client.connect(gateway.target(EU));
  const sent: Promise<void>[] = [];
  for (let index = 0; index < STREAMS_OF_EACH; index += 1) {
    const { answer, stream } = client.open({
      ':method': 'POST',
      ':path': '/api/v1/share',
      ':authority': EU,
      'content-type': 'application/x-www-form-urlencoded',
      'content-length': BODY.length + 1,
      'x-forwarded-for': `10.${connection}.${index}.1`,
    });
    answer.catch(() => undefined);
    sent.push(new Promise((resolve) => stream.write(BODY, () => resolve())));
  }
  return { client, sent };
}

/** The most memory that the process has had so far. */
function peakBytes(): number {
  const status = readFileSync(`/proc/${gateway.child.pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

it('holds bounded memory for 1,024 streams of 800 KB; others are served meanwhile', async () => {
  const before = await residentBytes();
  const flooding = await Promise.all(
    Array.from({ length: CONNECTIONS }, (_, index) => openBodies(index)),
  );
  await until(
    'the memory for large bodies is used up',
    async () => (await metric('gateway_refused_bodies_total', 'reason="all"')) > 0,
  );
  const share = await gateway.call('eu', {
    method: 'POST',
    path: '/api/v1/share',
    headers: { 'x-forwarded-for': '203.0.113.9' },
    body: { secret: 'a message of usual size' },
  });
  expect(share.status).toBe(200);
  expect((await gateway.call('eu', { path: '/api/v1/status' })).status).toBe(200);
  await Promise.all(flooding.flatMap(({ sent }) => sent));
  expect(await metric('gateway_body_bytes')).toBeLessThanOrEqual(BODY_LIMITS.bytesInAll);
  for (const { client } of flooding) client.close();
  await until(
    'the memory for bodies is given back',
    async () => (await metric('gateway_body_bytes')) === 0,
  );
  expect(peakBytes() - before).toBeLessThan(BODIES_GROWTH_MAX);
});
