import type { Socket } from 'node:net';
import { GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { readRawAnswer, secureConnection, type RawAnswer } from '../support/raw-exchange.js';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start();
});
afterAll(() => gateway.stop());

const EU = 'eu.onetime.localhost';
const MIB = 1024 * 1024;
const SHARE = `POST /api/v1/share HTTP/1.1\r\nHost: ${EU}\r\n`;
const STATUS = `GET /api/v1/status HTTP/1.1\r\nHost: ${EU}\r\n\r\n`;
const TOO_LARGE = { message: expect.stringMatching(/1048576|too large/) };

const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);

/** Writes and waits until the kernel has accepted all bytes, without reading. */
const writeAll = (socket: Socket, data: Buffer | string): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.write(data, (error) => (error ? reject(error) : resolve()));
  });

describe('a body over 1 MiB', () => {
  it.each<[string, () => Buffer[]]>([
    [
      'with Content-Length',
      () => [
        Buffer.from(`${SHARE}Content-Length: ${4 * MIB}\r\n\r\n`),
        ...Array.from({ length: 4 }, () => Buffer.alloc(MIB, 's')),
      ],
    ],
    [
      'in chunks',
      () => [
        Buffer.from(`${SHARE}Transfer-Encoding: chunked\r\n\r\n`),
        ...Array.from({ length: 4 }, () => chunk(Buffer.alloc(MIB, 's'))),
        Buffer.from('0\r\n\r\n'),
      ],
    ],
    [
      'on a connection that ends with the answer',
      () => [
        Buffer.from(`${SHARE}Connection: close\r\nContent-Length: ${10 * MIB}\r\n\r\n`),
        ...Array.from({ length: 10 }, () => Buffer.alloc(MIB, 's')),
      ],
    ],
    [
      'one byte over',
      () => [Buffer.from(`${SHARE}Content-Length: ${MIB + 1}\r\n\r\n`), Buffer.alloc(MIB + 1, 's')],
    ],
  ])('%s: 413 for a client that writes all of it before it reads', async (_, parts) => {
    const socket = await secureConnection(gateway.target(EU));
    socket.pause();
    for (const part of parts()) await writeAll(socket, part);
    const reading = readRawAnswer(socket);
    socket.resume();
    const answer = await reading;
    expect([answer.status, JSON.parse(answer.body)]).toEqual([413, TOO_LARGE]);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');

    // The connection stays usable, or the answer says that it closes.
    if (answer.headers['connection'] !== 'close') {
      socket.write(STATUS);
      expect((await readRawAnswer(socket)).status).toBe(200);
    }
    socket.destroy();
  });

  it('is not one of exactly 1 MiB, which reaches the product’s own limit', async () => {
    const body = Buffer.concat([Buffer.from('secret='), Buffer.alloc(MIB - 7, 's')]);
    const answer = await gateway.call('eu', { path: '/api/v1/share', body });
    expect(answer.status).toBe(404);
    expect(answer.json()['message']).toMatch(/exceeds the maximum size of 10000 bytes/);
  });

  it('without an end is cut off at a bound, after its answer', async () => {
    const socket = await secureConnection(gateway.target(EU));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const answer = readRawAnswer(socket);
    socket.write(`${SHARE}Transfer-Encoding: chunked\r\n\r\n`);
    const part = chunk(Buffer.alloc(MIB, 's'));
    const more = (): void => {
      socket.write(part, (error) => {
        if (!error) more();
      });
    };
    more();
    expect((await answer).status).toBe(413);
    await closed;
    expect(socket.bytesWritten).toBeLessThan(256 * MIB);
  });

  it('gets its 413 at once when the client asks by Expect: 100-continue', async () => {
    const socket = await secureConnection(gateway.target(EU));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(`${SHARE}Content-Length: ${2 * MIB}\r\nExpect: 100-continue\r\n\r\n`);
    const answer = await readRawAnswer(socket);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([413, TOO_LARGE]);
    // The client need not send the body, so the next bytes could be it or a request.
    expect(answer.headers['connection']).toBe('close');
    await closed;
  });

  it.each(['/api/v1/nope', '/api/v1/private/recent', '/', '/secret/none'])(
    'gets a 4xx answer on every route: POST %s',
    async (path) => {
      const answer = await gateway.call('eu', { path, body: Buffer.alloc(2 * MIB, 's') });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.text).not.toBe('');
    },
  );

  it('over HTTP/2: 413, and other requests of the connection continue', async () => {
    const client = await Http2Client.connect(gateway.target(EU));
    const post = { ':method': 'POST', ':path': '/api/v1/share', ':authority': EU };
    const [large, beside] = await Promise.all([
      client.request(post, Buffer.alloc(8 * MIB, 's')),
      client.request({ ':path': '/api/v1/status', ':authority': EU }),
    ]);
    expect([large.status, JSON.parse(large.text)]).toEqual([413, TOO_LARGE]);
    expect(beside.status).toBe(200);
    const after = await client.request(post, 'secret=small');
    expect(after.status).toBe(200);
    client.close();
  });

  it('a hundred times at once costs at most 150 MiB of memory', async () => {
    const before = await residentBytes();
    const answers = await Promise.all(Array.from({ length: 100 }, () => postInParts(2 * MIB)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
    expect((await residentBytes()) - before).toBeLessThan(150 * MIB);
  });
});

/** Writes no faster than the kernel takes it: a hundred whole bodies in TLS buffers are too much for a small machine. */
async function postInParts(length: number): Promise<RawAnswer> {
  const socket = await secureConnection(gateway.target(EU));
  const answer = readRawAnswer(socket);
  const part = Buffer.alloc(MIB / 16, 's');
  const write = async (): Promise<void> => {
    await writeAll(socket, `${SHARE}Content-Length: ${length}\r\n\r\n`);
    for (let sent = 0; sent < length; sent += part.length) await writeAll(socket, part);
  };
  // The gateway may hang up once it has answered.
  const writing = write().catch(() => undefined);
  try {
    return await answer;
  } finally {
    socket.destroy();
    await writing;
  }
}

async function residentBytes(): Promise<number> {
  const text = await (await gateway.ops('/metrics')).text();
  return Number(/^process_resident_memory_bytes(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1]);
}
