import type { TLSSocket } from 'node:tls';
import { GatewayProcess } from '../support/gateway-process.js';
import { handshake } from '../support/tls-client.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const [HEADERS, RST_STREAM, SETTINGS, CONTINUATION] = [1, 3, 4, 9];
const [END_STREAM, END_HEADERS] = [1, 4];
const CANCEL = Buffer.from([0, 0, 0, 8]);
const FRAME_BYTES_MAX = 16_000;
const GROWTH_MAX = 64 * 1024 * 1024;
/** Far more than any limit lets through. */
const FRAMES = 50_000;
const FRAMES_AT_ONCE = 100;

/** GET https://HOST/api/v1/status in HPACK (RFC 7541): indexed fields, and literals for path and authority. */
const REQUEST = Buffer.concat([
  Buffer.from([0x82, 0x87]),
  literal(4, '/api/v1/status'),
  literal(1, EU),
]);

function literal(nameIndex: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([0x40 | nameIndex, value.length]), Buffer.from(value)]);
}

function frame(type: number, flags: number, stream: number, payload = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start();
});
afterAll(() => gateway.stop());

async function residentBytes(): Promise<number> {
  const text = await (await gateway.ops('/metrics')).text();
  const [, bytes] = /^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text) ?? [];
  if (bytes === undefined) throw new Error('the metrics state no memory');
  return Number(bytes);
}

async function http2Connection(): Promise<TLSSocket> {
  const options = { servername: EU, ca: gateway.ca, ALPNProtocols: ['h2'], host: '127.0.0.1' };
  const socket = await handshake(gateway.ports.https, options);
  socket
    .on('error', () => undefined)
    .setMaxListeners(0)
    .resume();
  socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0)]));
  return socket;
}

/** Sends frames until the gateway ends the connection. Returns how many it took. */
async function flood(socket: TLSSocket, next: (index: number) => Buffer): Promise<number> {
  let sent = 0;
  while (sent < FRAMES && socket.writable) {
    const frames = Array.from({ length: FRAMES_AT_ONCE }, (_, index) => next(sent + index));
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

/** A literal field without indexing, of a name and a value that fill the frame. */
const FILLER = Buffer.concat(
  Array.from({ length: FRAME_BYTES_MAX / 64 }, () =>
    Buffer.concat([
      Buffer.from([0x00, 1]),
      Buffer.from('x'),
      Buffer.from([60]),
      Buffer.alloc(60, 'y'),
    ]),
  ),
);

const floods: [string, (index: number) => Buffer][] = [
  [
    'streams that are reset at once',
    (index) =>
      Buffer.concat([
        frame(HEADERS, END_STREAM | END_HEADERS, 2 * index + 1, REQUEST),
        frame(RST_STREAM, 0, 2 * index + 1, CANCEL),
      ]),
  ],
  [
    'header blocks without an end',
    (index) => frame(index === 0 ? HEADERS : CONTINUATION, 0, 1, index === 0 ? REQUEST : FILLER),
  ],
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
