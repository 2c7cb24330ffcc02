import { connect as connectHttp2 } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { until } from '../../support/until.js';
import { handshake, plainConnection, readToEnd } from '../../support/tls-client.js';
import { EU, openTestListener, type TestListener } from './tls-test-listener.js';

const GET = `GET / HTTP/1.1\r\nHost: ${EU}\r\n\r\n`;

function responseTo(socket: TLSSocket, request: string): Promise<string> {
  socket.write(request);
  return new Promise((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
}

describe('TlsListener: draining', () => {
  let gateway: TestListener;
  /** The requests to /never, not answered yet. */
  let held: { end(text: string): unknown }[];
  beforeEach(async () => {
    gateway = await openTestListener();
    held = [];
    gateway.listener.server.on('request', (request, response) => {
      if (request.url === '/never') held.push(response);
    });
  });
  afterEach(() => gateway.stop());

  const connect = () => handshake(gateway.port, { ca: gateway.ca, servername: EU });

  it('closes idle, unused and half-open connections at once and accepts no new ones', async () => {
    const idle = await connect();
    await responseTo(idle, GET);
    const [unused, halfOpen] = [await connect(), await plainConnection(gateway.port)];
    const session = connectHttp2(`https://127.0.0.1:${gateway.port}`, {
      ca: gateway.ca,
      servername: EU,
    });
    session.on('error', () => undefined);
    await until('all four to be connected', () => gateway.listener.connectionCount === 4);
    await until('the session', () => !session.connecting);

    const gone = Promise.all([idle, unused, halfOpen].map(readToEnd));
    await gateway.listener.drain();
    await gone;
    // Destroyed when the server closed it before its end of the handshake was done.
    await until('the session to close', () => session.closed || session.destroyed);
    await expect(connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('lets an HTTP/1.1 request in flight finish, then closes its connection', async () => {
    const socket = await connect();
    const answer = responseTo(socket, GET.replace('/ ', '/never '));
    await until('the request', () => held.length === 1);
    let isDrained = false;
    const drained = gateway.listener.drain().then(() => (isDrained = true));
    const gone = readToEnd(socket);
    expect(isDrained).toBe(false);
    held[0]?.end('at last');
    expect(await answer).toContain('at last');
    await drained;
    await gone;
  });

  it('lets an HTTP/2 request in flight finish and sends GOAWAY', async () => {
    const session = connectHttp2(`https://127.0.0.1:${gateway.port}`, {
      ca: gateway.ca,
      servername: EU,
    });
    const stream = session.request({ ':path': '/never' });
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await until('the request', () => held.length === 1);
    const goaway = new Promise((resolve) => session.once('goaway', resolve));
    const ended = new Promise((resolve) => stream.once('end', resolve));
    const drained = gateway.listener.drain();
    await goaway;
    held[0]?.end('at last');
    await ended;
    expect(text).toBe('at last');
    await drained;
  });

  it('destroys connections that do not end', async () => {
    const socket = await connect();
    const gone = readToEnd(socket);
    socket.write(GET.replace('/ ', '/never '));
    await until('the request', () => held.length === 1);
    const drained = gateway.listener.drain();
    gateway.listener.destroyAll();
    await drained;
    await gone;
    await until('the connection count to be 0', () => gateway.listener.connectionCount === 0);
  });
});
