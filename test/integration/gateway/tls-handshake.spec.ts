import { connect as connectHttp2 } from 'node:http2';
import type { ConnectionOptions } from 'node:tls';
import { until } from '../../support/until.js';
import {
  captureClientHello,
  handshake,
  plainConnection,
  readToEnd,
} from '../../support/tls-client.js';
import { openTestAuthority } from '../certificates/test-authority.js';
import { EU, openTestListener, STRANGER, US, type TestListener } from './tls-test-listener.js';

const ALERT_UNRECOGNIZED_NAME = '15030300020270';

describe('TlsListener: handshakes', () => {
  let gateway: TestListener;
  beforeAll(async () => {
    gateway = await openTestListener();
  });
  afterAll(() => gateway.stop());

  const connect = (options: ConnectionOptions) =>
    handshake(gateway.port, { ca: gateway.ca, servername: EU, ...options });

  it.each<[string, ConnectionOptions]>([
    ['an unknown name', { servername: STRANGER }],
    ['a subdomain of a served name', { servername: `a.${EU}` }],
    ['an invalid host name', { servername: 'a_b' }],
    ['no name', { host: '127.0.0.1' }],
    ['an unknown name in TLS 1.2', { servername: STRANGER, maxVersion: 'TLSv1.2' }],
  ])('answers %s with the alert unrecognized_name and nothing else', async (_what, options) => {
    const socket = await plainConnection(gateway.port);
    const answer = readToEnd(socket);
    socket.write(await captureClientHello(options));
    expect((await answer).toString('hex')).toBe(ALERT_UNRECOGNIZED_NAME);
  });

  it('refuses a name in a way that a real client reports as unrecognized_name', async () => {
    await expect(connect({ servername: STRANGER })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME',
    });
  });

  it('closes a refused connection even when the client keeps it open', async () => {
    const socket = await plainConnection(gateway.port);
    socket.write(await captureClientHello({ servername: STRANGER }));
    socket.write('and more bytes that are never read');
    socket.pause();
    await until('the connection to close', () => gateway.listener.connectionCount === 0);
    socket.destroy();
  });

  it.each<[string, ConnectionOptions, string | false]>([
    ['h2', { ALPNProtocols: ['h2', 'http/1.1'] }, 'h2'],
    ['http/1.1', { ALPNProtocols: ['http/1.1'] }, 'http/1.1'],
    ['http/1.1 without ALPN', {}, false],
  ])('speaks %s', async (_what, options, expected) => {
    const socket = await connect(options);
    expect(socket.alpnProtocol).toBe(expected);
    socket.destroy();
  });

  it('refuses a client without a common ALPN protocol', async () => {
    await expect(connect({ ALPNProtocols: ['ftp'] })).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL',
    });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    const socket = await connect({ minVersion: version, maxVersion: version });
    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
  });

  it('refuses versions older than TLS 1.2', async () => {
    const options = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(connect(options as ConnectionOptions)).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    });
  });

  it('supports the post-quantum key exchange', async () => {
    const socket = await connect({ ecdhCurve: 'X25519MLKEM768' });
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it('sends each name its own certificate', async () => {
    for (const name of [EU, US]) {
      const socket = await connect({ servername: name });
      expect(socket.getPeerCertificate().subjectaltname).toBe(`DNS:${name}`);
      socket.destroy();
    }
  });

  it('accepts a name in any letter case', async () => {
    const socket = await connect({ servername: EU.toUpperCase() });
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  it('sends a certificate that a client with another root refuses', async () => {
    const other = await openTestAuthority();
    await expect(connect({ ca: other.rootPem })).rejects.toThrow('unable to verify');
    await other.remove();
  });

  it('reports the SNI of an HTTP/2 connection for each of its requests', async () => {
    const session = connectHttp2(`https://127.0.0.1:${gateway.port}`, {
      ca: gateway.ca,
      servername: US,
    });
    const ask = (authority: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const stream = session.request({ ':path': '/', ':authority': authority });
        let text = '';
        stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        stream.once('end', () => resolve(text)).on('error', reject);
      });
    expect(await Promise.all([ask(US), ask(EU)])).toEqual([`sni=${US}`, `sni=${US}`]);
    session.destroy();
  });

  it('fails only the handshake when no certificate can be issued', async () => {
    const broken = await openTestListener();
    const issue = broken.test.authority.issue.bind(broken.test.authority);
    broken.test.authority.issue = () => Promise.reject(new Error('out of order'));
    const attempt = () => handshake(broken.port, { ca: broken.ca, servername: EU });
    await expect(attempt()).rejects.toThrow();
    broken.test.authority.issue = issue;
    (await attempt()).destroy();
    await broken.stop();
  });

  it('speaks HTTP/1.0 with a client that offers nothing else', async () => {
    const socket = await connect({ ALPNProtocols: ['http/1.0'] });
    expect(socket.alpnProtocol).toBe('http/1.0');
    const answer = readToEnd(socket);
    socket.write(`GET / HTTP/1.0\r\nHost: ${EU}\r\n\r\n`);
    expect((await answer).toString()).toMatch(/^HTTP\/1\.1 200 [^]*sni=eu/);
  });

  it('prefers newer versions when a client offers several', async () => {
    for (const [offer, chosen] of [
      [['http/1.0', 'http/1.1'], 'http/1.1'],
      [['http/1.0', 'http/1.1', 'h2'], 'h2'],
    ] as const) {
      const socket = await connect({ ALPNProtocols: [...offer] });
      expect(socket.alpnProtocol).toBe(chosen);
      socket.destroy();
    }
  });

  it('refuses a client that offers only other protocols, and counts it', async () => {
    const refused = async (): Promise<number> =>
      Number(/reason="no_shared_protocol"\} (\d+)/.exec(await gateway.metrics())?.[1] ?? 0);
    const before = await refused();
    await expect(connect({ ALPNProtocols: ['spdy/3'] })).rejects.toThrow(/application protocol/i);
    await until('it is counted', async () => (await refused()) === before + 1);
  });

  describe('with plain HTTP', () => {
    const ask = async (...pieces: string[]): Promise<{ status: number; message: string }> => {
      const socket = await plainConnection(gateway.port);
      socket.setNoDelay(true);
      const answer = readToEnd(socket);
      for (const piece of pieces) socket.write(piece);
      const text = (await answer).toString();
      const [head = '', body = ''] = text.split('\r\n\r\n');
      return { status: Number(head.split(' ')[1]), ...(JSON.parse(body) as { message: string }) };
    };

    it.each([
      [`GET /secret/x?y HTTP/1.1\r\nHost: ${EU}:8443\r\n\r\n`, `https://${EU}:9443/secret/x?y`],
      [`POST http://${EU}/api HTTP/1.1\r\nHost: ${EU}\r\n\r\nbody`, `https://${EU}:9443/api`],
      [`OPTIONS * HTTP/1.1\r\nhost:${EU}\r\n\r\n`, `https://${EU}:9443/`],
      [`GET / HTTP/1.0\nHost: ${EU}\n\n`, `https://${EU}:9443/`],
    ])('answers 400 with the URL that was meant: %j', async (request, url) => {
      const message = `This port speaks HTTPS: ${url}`;
      expect(await ask(request)).toEqual({ status: 400, message, url });
      expect(await ask(...request.match(/[^]/g)!)).toEqual({ status: 400, message, url });
    });

    it.each([
      'GET / HTTP/1.1\r\n\r\n',
      'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
      `GET /${'x'.repeat(20_000)}`,
      'GET / HTTP/1.1\r\nnever',
    ])('answers 400 without a URL when there is no host name: %j', async (request) => {
      expect(await ask(request)).toEqual({ status: 400, message: 'This port speaks HTTPS' });
    });
  });
});
