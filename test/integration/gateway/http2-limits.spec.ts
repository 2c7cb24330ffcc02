import { once } from 'node:events';
import { connect, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { until } from '../../support/until.js';
import { EU, openTestListener, type TestListener } from './tls-test-listener.js';

/** Milliseconds, enough for a request on a busy machine. */
const SHORT = 1500;

describe('TlsListener: slow clients of HTTP/2', () => {
  let gateway: TestListener;
  let session: ClientHttp2Session;
  beforeAll(async () => {
    gateway = await openTestListener({
      headersTimeout: SHORT,
      requestTimeout: SHORT,
      keepAliveTimeout: SHORT,
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
