import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { GatewayProcess } from '../support/gateway-process.js';
import { readRawAnswer, type RawAnswer } from '../support/raw-exchange.js';
import { plainConnection, readToEnd } from '../support/tls-client.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const BALANCER = '127.0.8.1';
const STATUS = `GET /api/v1/status HTTP/1.1\r\nHost: ${EU}\r\n\r\n`;
const V1 = Buffer.from('PROXY TCP4 203.0.113.9 192.0.2.1 54321 443\r\n');
const V2_TCP6 = Buffer.concat([
  Buffer.from('0d0a0d0a000d0a515549540a21210027', 'hex'),
  Buffer.from('20010db8000100020000000000000003', 'hex'),
  Buffer.from('20010db8000000000000000000000001', 'hex'),
  Buffer.from([0xd4, 0x31, 0x01, 0xbb]),
  Buffer.from([0x04, 0x00, 0x00]),
]);
const V2_LOCAL = Buffer.from('0d0a0d0a000d0a515549540a20000000', 'hex');

describe('the PROXY protocol', () => {
  let gateway: GatewayProcess;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    gateway = await GatewayProcess.start({
      environment: {
        GATEWAY_PROXY_PROTOCOL_FROM: '127.0.8.0/24',
        // Beside the header forwarded headers are not believed, whoever sends them.
        GATEWAY_TRUSTED_PROXIES: '127.0.8.0/24,203.0.113.0/24',
      },
    });
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await gateway.stop();
  });

  const open = async (port: number, localAddress = BALANCER): Promise<Socket> => {
    const socket = connectPlain({ host: '127.0.0.1', port, localAddress });
    socket.on('error', () => undefined).setNoDelay(true);
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const secure = async (header: Buffer, protocols = ['http/1.1']): Promise<TLSSocket> => {
    const socket = await open(gateway.ports.https);
    socket.write(header);
    const tls = connectTls({ socket, servername: EU, ca: gateway.ca, ALPNProtocols: protocols });
    await once(tls, 'secureConnect');
    return tls;
  };
  const ask = (socket: Socket, text = STATUS): Promise<RawAnswer> => {
    const answer = readRawAnswer(socket);
    socket.write(text);
    return answer;
  };
  /** The network of the latest request that was logged. */
  const networkOf = (answer: Pick<RawAnswer, 'headers'>): Promise<string> =>
    until('the log line', () => {
      const id = answer.headers['x-request-id'] ?? 'none';
      const line = gateway.lines.find((each) => each.includes(id));
      return line === undefined ? null : (JSON.parse(line) as { network: string }).network;
    });
  const refused = async (listener: string, reason: string): Promise<number> => {
    const metrics = await (await gateway.ops('/metrics')).text();
    const pattern = `gateway_refused_connections_total{listener="${listener}",reason="${reason}"} `;
    const line = metrics.split('\n').find((text) => text.startsWith(pattern));
    return Number(line?.slice(pattern.length) ?? 0);
  };

  it.each([
    ['version 1', V1, '203.0.113.0/24'],
    ['version 2 with IPv6 and a TLV', V2_TCP6, '2001:db8:1::/48'],
    ['version 2 LOCAL', V2_LOCAL, '127.0.8.0/24'],
    ['version 1 UNKNOWN', Buffer.from('PROXY UNKNOWN\r\n'), '127.0.8.0/24'],
  ])('%s gives the client’s network, over TLS and in clear', async (_, header, network) => {
    const overTls = await ask(await secure(header));
    expect(overTls.status).toBe(200);
    expect(await networkOf(overTls)).toBe(network);
    const plain = await open(gateway.ports.http);
    plain.write(header);
    const inClear = await ask(plain, `GET /page HTTP/1.1\r\nHost: ${EU}\r\n\r\n`);
    expect(inClear.status).toBe(308);
    expect(await networkOf(inClear)).toBe(network);
  });

  it('may arrive byte by byte, or in one piece with the first request', async () => {
    const slow = await open(gateway.ports.http);
    for (const byte of V2_TCP6) {
      slow.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await networkOf(await ask(slow))).toBe('2001:db8:1::/48');
    const whole = await open(gateway.ports.http);
    const answer = readRawAnswer(whole);
    whole.write(Buffer.concat([V1, Buffer.from(STATUS)]));
    expect(await networkOf(await answer)).toBe('203.0.113.0/24');
  });

  it('works with HTTP/2 and HTTP/1.0', async () => {
    const socket = await secure(V1, ['h2']);
    const session = connectHttp2(`https://${EU}`, { createConnection: () => socket });
    session.on('error', () => undefined);
    const stream = session.request({ ':path': '/api/v1/status', ':authority': EU });
    const [headers] = (await once(stream, 'response')) as [Record<string, string>];
    expect(headers[':status']).toBe(200);
    expect(await networkOf({ headers })).toBe('203.0.113.0/24');
    session.destroy();
    const old = await secure(V1, ['http/1.0']);
    old.write(`GET /api/v1/status HTTP/1.0\r\nHost: ${EU}\r\n\r\n`);
    expect((await readToEnd(old)).toString()).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('leaves forwarded headers unread', async () => {
    const forwarded = `X-Forwarded-For: 198.51.100.7\r\nX-Forwarded-Host: us.onetime.localhost\r\n`;
    const text = STATUS.replace('\r\n\r\n', `\r\n${forwarded}X-Forwarded-Proto: https\r\n\r\n`);
    expect(await networkOf(await ask(await secure(V1), text))).toBe('203.0.113.0/24');
    const plain = await open(gateway.ports.http);
    plain.write(V1);
    expect((await ask(plain, text)).status).toBe(403);
  });

  it('still lets plain HTTP on the TLS port have its sentence', async () => {
    const socket = await open(gateway.ports.https);
    const reading = readToEnd(socket);
    socket.write(Buffer.concat([V1, Buffer.from(STATUS)]));
    expect((await reading).toString()).toMatch(/^HTTP\/1\.1 400 .*This port speaks HTTPS/s);
  });

  it('is demanded of a balancer: garbage, silence and its absence are refused', async () => {
    const before = await refused('https', 'proxy_header_invalid');
    const garbage = await open(gateway.ports.https);
    garbage.write('PROXY TCP4 nonsense\r\n');
    expect(await readToEnd(garbage)).toHaveLength(0);
    const absent = await open(gateway.ports.http);
    absent.write(STATUS);
    expect(await readToEnd(absent)).toHaveLength(0);
    const silent = await open(gateway.ports.https);
    silent.write('PROXY ');
    expect(await readToEnd(silent)).toHaveLength(0);
    expect(await refused('https', 'proxy_header_invalid')).toBe(before + 1);
    expect(await refused('http', 'proxy_header_invalid')).toBe(1);
    expect(await refused('https', 'proxy_header_timeout')).toBe(1);
  });

  it('of a balancer that resets at once, as for a health check, is no refused connection', async () => {
    const metrics = async (): Promise<string[]> => {
      const text = await (await gateway.ops('/metrics')).text();
      return text.split('\n').filter((line) => /^gateway_refused_(conn|hand)/.test(line));
    };
    const before = await metrics();
    for (let count = 0; count < 100; count += 1) {
      const socket = connectPlain({
        host: '127.0.0.1',
        port: count % 2 === 0 ? gateway.ports.https : gateway.ports.http,
        localAddress: BALANCER,
      });
      await once(socket, 'connect');
      socket.write(V2_LOCAL);
      socket.resetAndDestroy();
    }
    expect((await ask(await secure(V1))).status).toBe(200);
    expect(await metrics()).toEqual(before);
  });

  it('is not believed from anybody else: such a connection is refused, logged and counted', async () => {
    for (const [listener, port] of [
      ['https', gateway.ports.https],
      ['http', gateway.ports.http],
    ] as const) {
      for (const header of [V1, V2_TCP6]) {
        const socket = await plainConnection(port);
        const reading = readToEnd(socket);
        socket.write(Buffer.concat([header, Buffer.from(STATUS)]));
        expect((await reading).toString()).not.toContain('200');
      }
      expect(await refused(listener, 'proxy_header_unexpected')).toBe(2);
    }
    await until('the log line', () =>
      /"reason":"proxy_header_unexpected".*connection refused/.test(gateway.logs),
    );
    // Without a header it is a client like any other.
    expect((await gateway.call('eu', { path: '/api/v1/status' })).status).toBe(200);
  });
});
