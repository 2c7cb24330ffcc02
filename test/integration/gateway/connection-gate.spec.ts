import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect as connectPlain, type Socket } from 'node:net';
import {
  CONNECTION_LIMITS,
  connectionCounts,
  type ConnectionLimits,
} from '../../../src/gateway/connection-limits.js';
import { handshake, readToEnd } from '../../support/tls-client.js';
import { until } from '../../support/until.js';
import { EU, openTestListener, type TestListener } from './tls-test-listener.js';

const GET = `GET / HTTP/1.1\r\nHost: ${EU}\r\n\r\n`;

describe('limits on connections', () => {
  let gateway: TestListener;
  let sockets: Socket[];
  beforeEach(() => {
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await gateway.stop();
  });

  const open = async (limits: Partial<ConnectionLimits>): Promise<void> => {
    gateway = await openTestListener({}, limits);
  };
  /** An idle TCP connection from this address; null when the gateway closed it at once. */
  const idle = async (localAddress = '127.0.0.1'): Promise<Socket | null> => {
    const known = gateway.listener.connectionCount;
    const socket = connectPlain({ host: '127.0.0.1', port: gateway.port, localAddress });
    socket.on('error', () => undefined);
    let isClosed = false;
    socket.once('close', () => (isClosed = true));
    sockets.push(socket);
    await until(
      'it is admitted or closed',
      () => isClosed || gateway.listener.connectionCount > known,
    );
    return isClosed ? null : socket;
  };
  const secure = (localAddress = '127.0.0.1') =>
    handshake(gateway.port, { ca: gateway.ca, servername: EU, localAddress });
  const refused = async (reason: string): Promise<number> => {
    const pattern = `gateway_refused_connections_total{listener="https",reason="${reason}"} `;
    const line = (await gateway.metrics()).split('\n').find((text) => text.startsWith(pattern));
    return Number(line?.slice(pattern.length) ?? 0);
  };

  it('refuse an address with too many idle connections, and no other', async () => {
    await open({ unusedPerAddress: 3 });
    const first = [await idle(), await idle(), await idle()];
    expect(first.every((socket) => socket !== null)).toBe(true);
    expect(await idle()).toBeNull();
    expect(await refused('network_connections')).toBe(1);
    expect(await idle('127.0.0.2')).not.toBeNull();
    // A place is free again when a connection has closed.
    first[0]?.destroy();
    await until('it is closed', () => gateway.listener.connectionCount === 3);
    expect(await idle()).not.toBeNull();
  });

  it('count the addresses of one network together as well', async () => {
    await open({ unusedPerNetwork: 2 });
    expect(await idle('127.0.0.2')).not.toBeNull();
    expect(await idle('127.0.0.3')).not.toBeNull();
    expect(await idle('127.0.0.4')).toBeNull();
    expect(await idle('127.0.1.4')).not.toBeNull();
  });

  it('are wider for connections with a request, over HTTP/1.1 and HTTP/2', async () => {
    await open({ unusedPerAddress: 1, perAddress: 3 });
    const first = await secure();
    sockets.push(first);
    first.write(GET);
    await once(first, 'data');
    const session = connectHttp2(`https://127.0.0.1:${gateway.port}`, {
      ca: gateway.ca,
      servername: EU,
    });
    session.on('error', () => undefined);
    const stream = session.request({ ':path': '/', ':authority': EU });
    await once(stream, 'response');
    expect(await idle()).not.toBeNull();
    expect(await idle()).toBeNull();
    session.destroy();
  });

  it('refuse more handshakes of an address than its rate', async () => {
    await open({ handshakeBurst: 5, handshakesPerSecond: 0.001 });
    for (let count = 0; count < 5; count += 1) (await secure()).destroy();
    await expect(secure()).rejects.toThrow();
    expect(await refused('handshake_rate')).toBe(1);
    (await secure('127.0.0.2')).destroy();
  });

  it('count the handshakes of a network together as well', async () => {
    await open({ networkHandshakeBurst: 3, networkHandshakesPerSecond: 0.001 });
    for (const last of [2, 3, 4]) (await secure(`127.0.0.${last}`)).destroy();
    await expect(secure('127.0.0.5')).rejects.toThrow();
    expect(await refused('handshake_rate')).toBe(1);
    (await secure('127.0.1.5')).destroy();
  });

  it('refuse everybody above the limit of the process', async () => {
    await open({ connectionsMax: 2 });
    expect(await idle('127.0.1.1')).not.toBeNull();
    expect(await idle('127.0.2.1')).not.toBeNull();
    expect(await idle('127.0.3.1')).toBeNull();
    expect(await refused('too_many_connections')).toBe(1);
  });

  it('do not count a trusted proxy as one client', async () => {
    await open({ unusedPerAddress: 1, unusedPerNetwork: 1, handshakeBurst: 1 });
    for (let count = 0; count < 4; count += 1) {
      const socket = await secure('127.0.7.1');
      sockets.push(socket);
    }
    expect(await refused('network_connections')).toBe(0);
  });

  it('close a refused connection without an answer, and log it once with the rest counted', async () => {
    await open({ unusedPerAddress: 1 });
    await idle();
    for (let count = 0; count < 5; count += 1) {
      const socket = connectPlain({ host: '127.0.0.1', port: gateway.port });
      expect(await readToEnd(socket)).toHaveLength(0);
    }
    expect(gateway.lines.filter(({ msg }) => msg === 'connection refused')).toHaveLength(1);
  });
});

describe(connectionCounts, () => {
  it('keeps file descriptors back, and a part of the rest for the plain port', () => {
    expect(connectionCounts(CONNECTION_LIMITS, 1024)).toEqual({ https: 576, plain: 192 });
    expect(connectionCounts(CONNECTION_LIMITS, 1_048_576)).toEqual({ https: 15_000, plain: 5000 });
    expect(connectionCounts(CONNECTION_LIMITS, 200)).toEqual({ https: 15, plain: 5 });
  });
});
