import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { until } from '../../support/until.js';
import { handshake, plainConnection, readToEnd } from '../../support/tls-client.js';
import { EU, LARGE_BYTES, openTestListener, type TestListener } from './tls-test-listener.js';

const GET = `GET / HTTP/1.1\r\nHost: ${EU}\r\n\r\n`;

/** With empty settings. */
const PREFACE = Buffer.from([
  ...Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  0,
  0,
  0,
  4,
  0,
  0,
  0,
  0,
  0,
]);
const HEADER_BYTES = 9;
const PING = 6;

/** A request for / in HTTP/2, by the static table of HPACK. */
function get(stream: number): Buffer {
  const block = Buffer.from([0x82, 0x87, 0x84, 0x41, EU.length, ...Buffer.from(EU)]);
  return Buffer.concat([Buffer.from([0, 0, block.length, 1, 0b101, 0, 0, 0, stream]), block]);
}

/** The acknowledgement of the PING among these frames; null: there is none yet. */
function pingAnswer(frames: Buffer): Buffer | null {
  for (let at = 0; at + HEADER_BYTES <= frames.length;) {
    const end = at + HEADER_BYTES + frames.readUIntBE(at, 3);
    const [type, flags] = frames.subarray(at + 3);
    if (type === PING && flags === 0 && end <= frames.length) {
      const answer = Buffer.from(frames.subarray(at, end));
      answer[4] = 1;
      return answer;
    }
    at = end;
  }
  return null;
}

function responseTo(socket: TLSSocket, request: string): Promise<string> {
  socket.write(request);
  return new Promise((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
}

describe('TlsListener: draining', () => {
  let gateway: TestListener;
  /** The requests to /never, not answered yet. */
  let held: { end(text: string): unknown }[];
  /** How often a drain has looked for idle connections. */
  let looks: number;
  beforeEach(async () => {
    gateway = await openTestListener();
    held = [];
    looks = 0;
    const { server } = gateway.listener;
    const closeIdleConnections = server.closeIdleConnections.bind(server);
    server.closeIdleConnections = () => {
      looks += 1;
      closeIdleConnections();
    };
    gateway.listener.server.on('request', (request, response) => {
      if (request.url === '/never') held.push(response);
    });
  });
  afterEach(() => gateway.stop());

  const connect = () => handshake(gateway.port, { ca: gateway.ca, servername: EU });
  const connectRaw = () =>
    handshake(gateway.port, { ca: gateway.ca, servername: EU, ALPNProtocols: ['h2'] });

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

  it('sends an answer to its last byte, however slowly its client reads, before it closes the connection', async () => {
    const socket = await connect();
    socket.write(GET.replace('/ ', '/large '));
    // One part of it. The rest waits, most of it in this process.
    const [part] = (await once(socket, 'data')) as [Buffer];
    socket.pause();
    const idle = await connect();
    await responseTo(idle, GET);
    const drained = gateway.listener.drain();
    await until('a look for idle connections', () => looks > 1);
    const gone = Promise.all([socket, idle].map(readToEnd));
    socket.resume();
    const [rest] = await gone;
    expect(part.length + (rest?.length ?? 0)).toBeGreaterThan(LARGE_BYTES);
    await drained;
  });

  const connectSession = async (): Promise<ClientHttp2Session> => {
    const options = { ca: gateway.ca, servername: EU };
    const session = connectHttp2(`https://127.0.0.1:${gateway.port}`, options);
    session.on('error', () => undefined);
    await once(session, 'connect');
    return session;
  };
  const ask = (session: ClientHttp2Session, path = '/'): Promise<string> => {
    const stream = session.request({ ':path': path });
    let text = '';
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    return once(stream, 'close').then(
      () => text,
      (error: unknown) => String(error),
    );
  };

  it('lets an HTTP/2 request in flight finish and sends GOAWAY', async () => {
    const session = await connectSession();
    const answer = ask(session, '/never');
    await until('the request', () => held.length === 1);
    const goaway = once(session, 'goaway');
    const drained = gateway.listener.drain();
    await goaway;
    held[0]?.end('at last');
    expect(await answer).toBe('at last');
    await drained;
  });

  const busySessions = async (): Promise<ClientHttp2Session[]> => {
    const sessions = await Promise.all([connectSession(), connectSession()]);
    await Promise.all(sessions.map((session) => ask(session)));
    return sessions;
  };
  /** Sent in the turn of the event loop in which the server begins to end: it has read none of them. */
  const askMany = (sessions: readonly ClientHttp2Session[]): Promise<string[]> =>
    Promise.all(sessions.flatMap((session) => Array.from({ length: 8 }, () => ask(session))));

  it('refuses no HTTP/2 request that is on its way when another process takes its place', async () => {
    const sessions = await busySessions();
    const answers = askMany(sessions);
    const drained = gateway.listener.drain(60_000);
    expect(await answers).toEqual(Array.from({ length: 16 }, () => `sni=${EU}`));
    await drained;
  });

  it('serves what a client sends before it acknowledges that its HTTP/2 connection ends', async () => {
    const socket = await connectRaw();
    const answers = readToEnd(socket);
    const drained = gateway.listener.drain(60_000);
    const acknowledgement = new Promise<Buffer>((resolve) => {
      let frames = Buffer.alloc(0);
      socket.on('data', (chunk: Buffer) => {
        frames = Buffer.concat([frames, chunk]);
        const answer = pingAnswer(frames);
        if (answer !== null) resolve(answer);
      });
    });
    socket.write(Buffer.concat([PREFACE, get(1)]));
    const acknowledged = await acknowledgement;
    socket.write(Buffer.concat([get(3), acknowledged]));
    const text = (await answers).toString('latin1');
    expect(text.split(`sni=${EU}`)).toHaveLength(3);
    await drained;
  });

  it('refuses HTTP/2 requests that are on their way in a stop, as not processed', async () => {
    const answers = askMany(await busySessions());
    const drained = gateway.listener.drain();
    for (const answer of await answers)
      expect(answer).toMatch(new RegExp(`^sni=${EU}$|NGHTTP2_REFUSED_STREAM`));
    await drained;
  });

  it('gives a session that has had no request its first one, when another process takes its place', async () => {
    const session = await connectSession();
    await until('it is accepted', () => gateway.listener.connectionCount === 1);
    const drained = gateway.listener.drain(60_000);
    expect(await ask(session)).toBe(`sni=${EU}`);
    await drained;
  });

  it('answers a client of HTTP/2 that acknowledges nothing, when another process takes its place', async () => {
    const socket = await connectRaw();
    const text = readToEnd(socket);
    const drained = gateway.listener.drain(60_000);
    socket.write(Buffer.concat([PREFACE, get(1)]));
    expect((await text).toString('latin1')).toContain(`sni=${EU}`);
    await drained;
  });

  describe('destroys connections that do not end', () => {
    const destroyed = async (gone: Promise<unknown>): Promise<void> => {
      await until('the request', () => held.length === 1);
      const drained = gateway.listener.drain();
      gateway.listener.destroyAll();
      await drained;
      await gone;
      await until('the connection count to be 0', () => gateway.listener.connectionCount === 0);
    };

    it('of HTTP/1.1', async () => {
      const socket = await connect();
      const gone = readToEnd(socket);
      socket.write(GET.replace('/ ', '/never '));
      await destroyed(gone);
    });

    it('of HTTP/2', async () => {
      const session = await connectSession();
      const stream = session.request({ ':path': '/never' }).on('error', () => undefined);
      await destroyed(Promise.all([once(session, 'close'), once(stream, 'close')]));
    });
  });
});
