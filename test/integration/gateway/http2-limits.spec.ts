import { once } from 'node:events';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { connect as connectTls } from 'node:tls';
import { until } from '../../support/until.js';
import { EU, openTestListener, type TestListener } from './tls-test-listener.js';

/** Milliseconds, enough for a request on a busy machine. */
const SHORT = 1500;

describe('TlsListener: answers over HTTP/2 that nobody reads', () => {
  const PER_ADDRESS = 8;
  let gateway: TestListener;
  let sessions: ClientHttp2Session[];
  beforeAll(async () => {
    gateway = await openTestListener({}, { streamsPerAddress: PER_ADDRESS });
    sessions = [];
  });
  afterAll(() => {
    for (const session of sessions) session.destroy();
    return gateway.stop();
  });

  const open = async (localAddress: string): Promise<ClientHttp2Session> => {
    const { ca, port } = gateway;
    const options = { host: '127.0.0.1', port, ca, servername: EU, localAddress };
    const session = connect(`https://${EU}:${port}`, {
      createConnection: () => connectTls({ ...options, ALPNProtocols: ['h2'] }),
      // It takes no byte of any answer.
      settings: { initialWindowSize: 0 },
    });
    session.on('error', () => undefined);
    sessions.push(session);
    await once(session, 'connect');
    return session;
  };
  const ask = (session: ClientHttp2Session): ClientHttp2Stream => {
    const stream = session.request({ ':path': '/', ':authority': EU });
    stream.on('error', () => undefined);
    return stream;
  };

  it('are limited by address, over its connections: the oldest end, and no other address loses one', async () => {
    const other = ask(await open('127.0.1.1'));
    await once(other, 'response');
    const streams: ClientHttp2Stream[] = [];
    for (let connection = 0; connection < 4; connection += 1) {
      const session = await open('127.0.0.1');
      // In one packet.
      const asked = [1, 2, 3, 4].map(() => ask(session));
      await Promise.all(asked.map((stream) => once(stream, 'response')));
      streams.push(...asked);
    }
    await until('the oldest have ended', () => streams.slice(0, -PER_ADDRESS).every(isReset));
    expect(streams.slice(-PER_ADDRESS).some(isReset)).toBe(false);
    expect(isReset(other)).toBe(false);
    expect(await gateway.metrics()).toMatch(/^gateway_ended_streams_total 8$/m);
    expect(gateway.lines.map(({ msg }) => msg)).toContain('stream ended, too many are open');
  });
});

function isReset({ destroyed, rstCode }: ClientHttp2Stream): boolean {
  return destroyed && rstCode === constants.NGHTTP2_ENHANCE_YOUR_CALM;
}

describe('TlsListener: slow clients of HTTP/2', () => {
  let gateway: TestListener;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    gateway = await openTestListener({
      headersTimeout: SHORT,
      requestTimeout: SHORT,
      // Longer: a request after another has its time.
      keepAliveTimeout: 3 * SHORT,
      streamTimeout: 2 * SHORT,
      timeoutCheckInterval: 50,
    });
  });
  beforeEach(async () => {
    session = connect(`https://127.0.0.1:${gateway.port}`, { ca: gateway.ca, servername: EU });
    session.on('error', () => undefined);
    await once(session, 'connect');
  });
  afterEach(() => session.destroy());
  afterAll(() => gateway.stop());

  const post = (path: string): ClientHttp2Stream =>
    session.request({ ':method': 'POST', ':path': path, ':authority': EU }, { endStream: false });

  it('have a deadline for a body, whatever they send meanwhile', async () => {
    const stream = post('/never');
    const answered = once(stream, 'response');
    const closed = once(stream, 'close');
    const trickle = setInterval(() => {
      if (stream.writable) stream.write('x');
    }, 20);
    const [headers] = (await answered) as [Record<string, unknown>];
    expect(headers[':status']).toBe(408);
    stream.resume();
    await closed;
    clearInterval(trickle);
    // Only that stream ends.
    const beside = session.request({ ':path': '/', ':authority': EU });
    await once(beside, 'response');
  });

  it('have a deadline for a request as a whole', async () => {
    const stream = session.request({ ':path': '/never', ':authority': EU });
    expect(await once(stream, 'error')).toMatchObject([{ code: 'ERR_HTTP2_STREAM_ERROR' }]);
  });

  it('have a deadline for the first request, whatever pings they send', async () => {
    const ping = setInterval(() => {
      if (!session.destroyed) session.ping(() => undefined);
    }, 20);
    await until('the session to end', () => session.closed || session.destroyed);
    clearInterval(ping);
  });

  it('lose a connection that stays without a request', async () => {
    const stream = session.request({ ':path': '/', ':authority': EU });
    stream.resume();
    await once(stream, 'close');
    expect(session.closed).toBe(false);
    await until('the session to end', () => session.closed || session.destroyed);
  });

  it('open at most 32 streams at once', async () => {
    await until('its settings', () => session.remoteSettings.maxConcurrentStreams === 32);
  });
});
