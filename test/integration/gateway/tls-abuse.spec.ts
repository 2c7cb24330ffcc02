import { randomBytes } from 'node:crypto';
import { connect as connectHttp2 } from 'node:http2';
import { until } from '../../support/until.js';
import {
  captureClientHello,
  handshake,
  plainConnection,
  readToEnd,
} from '../../support/tls-client.js';
import { EU, openTestListener, type TestListener } from './tls-test-listener.js';

/** Milliseconds, enough for a handshake on a busy machine. */
const SHORT = 1000;

describe('TlsListener: malformed, slow and hostile clients', () => {
  let gateway: TestListener;
  let errors: string[];
  beforeAll(async () => {
    gateway = await openTestListener({
      clientHelloTimeout: SHORT,
      handshakeTimeout: SHORT,
      headersTimeout: SHORT,
      requestTimeout: SHORT,
      timeoutCheckInterval: 50,
    });
    gateway.listener.server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      errors.push(error.code ?? '');
      socket.destroy();
    });
  });
  beforeEach(() => {
    errors = [];
  });
  afterEach(async () => {
    await until('all connections to close', () => gateway.listener.connectionCount === 0);
    const socket = await handshake(gateway.port, { ca: gateway.ca, servername: EU });
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });
  afterAll(() => gateway.stop());

  it.each<[string, Buffer]>([
    ['a letter that is no request', Buffer.from('SSH-2.0-OpenSSH_9.2\r\n')],
    ['noise', Buffer.concat([Buffer.from([0]), randomBytes(5000)])],
    [
      'noise in a handshake record',
      Buffer.concat([Buffer.from([22, 3, 1, 1, 0]), randomBytes(256)]),
    ],
    ['a record that is too long', Buffer.from([22, 3, 1, 0xff, 0xff])],
    ['a hello that is too long', Buffer.from([22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff])],
  ])('closes on %s without an answer', async (_what, bytes) => {
    const socket = await plainConnection(gateway.port);
    const answer = readToEnd(socket);
    socket.write(bytes);
    expect(await answer).toHaveLength(0);
  });

  it('closes on a hello that is too long and comes in small records', async () => {
    const socket = await plainConnection(gateway.port);
    const answer = readToEnd(socket);
    const start = Buffer.from([22, 3, 1, 0, 4, 1, 0, 0x3f, 0xf0]);
    const record = Buffer.from([22, 3, 1, 0, 1, 0]);
    socket.write(Buffer.concat([start, ...Array.from({ length: 5000 }, () => record)]));
    expect(await answer).toHaveLength(0);
  });

  it('closes a connection that sends nothing, and one that stops within the hello', async () => {
    const hello = await captureClientHello({ servername: EU });
    const silent = await plainConnection(gateway.port);
    const halting = await plainConnection(gateway.port);
    halting.write(hello.subarray(0, 100));
    const answers = await Promise.all([readToEnd(silent), readToEnd(halting)]);
    expect(Buffer.concat(answers)).toHaveLength(0);
  });

  it('does not extend the deadline for bytes that arrive one by one', async () => {
    const hello = await captureClientHello({ servername: EU });
    const socket = await plainConnection(gateway.port);
    const answer = readToEnd(socket);
    let sent = 0;
    const trickle = setInterval(() => {
      socket.write(hello.subarray(sent, sent + 1));
      sent += 1;
    }, 20);
    expect(await answer).toHaveLength(0);
    clearInterval(trickle);
    expect(sent).toBeLessThan(hello.length);
  });

  it('reads a hello that arrives byte by byte', async () => {
    const hello = await captureClientHello({ servername: EU, maxVersion: 'TLSv1.2' });
    const socket = await plainConnection(gateway.port);
    socket.setNoDelay(true);
    const answer = readToEnd(socket);
    for (const byte of hello) socket.write(Buffer.from([byte]));
    // A handshake record: ServerHello. The client then sends nothing until the handshake times out.
    expect((await answer)[0]).toBe(22);
  });

  it('closes a handshake that stops after the hello', async () => {
    const socket = await plainConnection(gateway.port);
    const answer = readToEnd(socket);
    socket.write(await captureClientHello({ servername: EU }));
    expect((await answer)[0]).toBe(22);
    expect(errors).toEqual([]);
  });

  it('survives clients that leave at any point of the handshake', async () => {
    const hello = await captureClientHello({ servername: EU });
    for (const length of [0, 1, 5, 100, hello.length - 1, hello.length]) {
      for (const leave of ['end', 'resetAndDestroy'] as const) {
        const socket = await plainConnection(gateway.port);
        await until('it is accepted', () => gateway.listener.connectionCount === 1);
        socket.write(hello.subarray(0, length));
        socket[leave]();
        socket.resume();
        await until('it is forgotten', () => gateway.listener.connectionCount === 0);
      }
    }
    expect(errors).toEqual([]);
  });

  it.each(['h2', 'http/1.1'])('has one handshake in a connection of TLS 1.2: %s', async (alpn) => {
    const socket = await handshake(gateway.port, {
      ca: gateway.ca,
      servername: EU,
      maxVersion: 'TLSv1.2',
      ALPNProtocols: [alpn],
    });
    const outcome = new Promise<unknown>((resolve) => {
      socket.on('error', resolve);
      socket.renegotiate({}, (error) => resolve(error ?? 'another handshake'));
    });
    expect(await outcome).toMatchObject({ code: 'ERR_SSL_NO_RENEGOTIATION' });
    socket.destroy();
  });

  it('enforces the timeouts of HTTP/1.1', async () => {
    const socket = await handshake(gateway.port, { ca: gateway.ca, servername: EU });
    const answer = readToEnd(socket);
    socket.write('GET / HTTP/1.1\r\nHost: ');
    await answer;
    expect(errors).toEqual(['ERR_HTTP_REQUEST_TIMEOUT']);
  });

  it('limits the header of an HTTP/1.1 request', async () => {
    const socket = await handshake(gateway.port, { ca: gateway.ca, servername: EU });
    const answer = readToEnd(socket);
    socket.write(`GET / HTTP/1.1\r\nHost: ${EU}\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`);
    await answer;
    expect(errors).toEqual(['HPE_HEADER_OVERFLOW']);
  });

  it('limits the header of an HTTP/2 request', async () => {
    const session = connectHttp2(`https://127.0.0.1:${gateway.port}`, {
      ca: gateway.ca,
      servername: EU,
      maxSendHeaderBlockLength: 100_000,
    });
    session.on('error', () => undefined);
    // The limit holds once the client has received the settings. Before that it is 64 KiB.
    await new Promise((resolve) => session.once('remoteSettings', resolve));
    const ended = new Promise<unknown>((resolve) => {
      const stream = session.request({ ':path': '/', x: 'x'.repeat(40_000) });
      stream.once('error', resolve).once('response', resolve);
    });
    expect(await ended).toMatchObject({ code: 'ERR_HTTP2_STREAM_ERROR' });
    session.destroy();
  });

  it('passes a request without Host to the request handler', async () => {
    const socket = await handshake(gateway.port, { ca: gateway.ca, servername: EU });
    const answer = readToEnd(socket);
    socket.write('GET / HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect((await answer).toString()).toContain(`sni=${EU}`);
  });
});
