import { once } from 'node:events';
import { connect as connectHttp2, type ClientHttp2Session } from 'node:http2';
import { connect as connectPlain, type Socket } from 'node:net';
import {
  CONNECTION_LIMITS,
  connectionCounts,
  type ConnectionLimits,
} from '../../../src/gateway/connection-limits.js';
import { captureClientHello, handshake, readToEnd } from '../../support/tls-client.js';
import { until } from '../../support/until.js';
import { EU, LARGE_BYTES, openTestListener, type TestListener } from './tls-test-listener.js';

const requestOf = (path: string, header = ''): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${EU}\r\n${header}\r\n`;
const GET = requestOf('/');

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
  const counted = async (what: 'refused' | 'ended', reason: string): Promise<number> => {
    const pattern = `gateway_${what}_connections_total{listener="https",reason="${reason}"} `;
    const line = (await gateway.metrics()).split('\n').find((text) => text.startsWith(pattern));
    return Number(line?.slice(pattern.length) ?? 0);
  };
  const refused = (reason: string): Promise<number> => counted('refused', reason);
  /** A connection over HTTP/1.1 that has its answer. */
  const answered = async (localAddress: string): Promise<Socket> => {
    const socket = await secure(localAddress);
    sockets.push(socket);
    socket.write(GET);
    await once(socket, 'data');
    return socket;
  };
  /** A connection over HTTP/1.1 whose request is in work. */
  const inWork = async (localAddress: string, path: string, header?: string): Promise<Socket> => {
    const socket = await secure(localAddress);
    sockets.push(socket);
    socket.write(requestOf(path, header));
    await until('the request is there', () => gateway.requests.includes(path));
    return socket;
  };
  const sessionThatAsks = (path: string, localAddress = '127.0.0.1'): ClientHttp2Session => {
    const tls = { ca: gateway.ca, servername: EU, localAddress };
    const session = connectHttp2(`https://127.0.0.1:${gateway.port}`, tls);
    session.on('error', () => undefined);
    session
      .request({ ':path': path, ':authority': EU })
      .on('error', () => undefined)
      .resume();
    return session;
  };
  /** Again until there is a place: that an answer is sent, its client knows before the listener. */
  const serve = (localAddress: string): Promise<Socket> =>
    until('it is served', () => answered(localAddress).catch(() => null));
  const closed = (socket: Socket | null): Promise<boolean> =>
    until('it is closed', () => socket?.resume().closed);

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
    await open({ connectionsMax: 2, waitingLeast: 60_000 });
    expect(await idle('127.0.1.1')).not.toBeNull();
    expect(await idle('127.0.2.1')).not.toBeNull();
    expect(await idle('127.0.3.1')).toBeNull();
    expect(await refused('too_many_connections')).toBe(1);
  });

  it('give the place of who has waited longest without a request, when a listener is full', async () => {
    await open({ connectionsMax: 2, waitingLeast: 0 });
    const [first, second] = [await idle('127.0.1.1'), await idle('127.0.2.1')];
    await answered('127.0.3.1');
    await closed(first);
    expect(second?.destroyed).toBe(false);
    expect(await counted('ended', 'unused')).toBe(1);
  });

  it('leave the place to an address that was answered before, and take a later one of strangers', async () => {
    await open({ connectionsMax: 2, waitingLeast: 0 });
    (await answered('127.0.1.1')).destroy();
    await until('it is closed', () => gateway.listener.connectionCount === 0);
    const [known, stranger] = [await idle('127.0.1.1'), await idle('127.0.2.1')];
    await answered('127.0.3.1');
    await closed(stranger);
    expect(known?.destroyed).toBe(false);
  });

  it('let an address that was answered before in at once, in place of a stranger that has just come', async () => {
    await open({ connectionsMax: 1, waitingLeast: 60_000 });
    (await answered('127.0.1.1')).destroy();
    await until('it is closed', () => gateway.listener.connectionCount === 0);
    const stranger = await idle('127.0.2.1');
    expect(await idle('127.0.3.1')).toBeNull();
    await answered('127.0.1.1');
    await closed(stranger);
  });

  it('know nobody by a request that was refused, or had no answer', async () => {
    await open({ connectionsMax: 2, waitingLeast: 60_000 });
    const socket = await secure('127.0.1.1');
    socket.write(requestOf('/refused'));
    await once(socket, 'data');
    socket.destroy();
    const session = sessionThatAsks('/never/reset', '127.0.2.1');
    await until('the request is there', () => gateway.requests.includes('/never/reset'));
    session.destroy();
    await until('they are closed', () => gateway.listener.connectionCount === 0);
    for (const other of ['127.0.3.1', '127.0.4.1']) expect(await idle(other)).not.toBeNull();
    for (const known of ['127.0.1.1', '127.0.2.1']) expect(await idle(known)).toBeNull();
  });

  it('give the place of who was answered longest ago next, and of no request in work', async () => {
    await open({ connectionsMax: 5, waitingLeast: 0 });
    const asked = [
      await inWork('127.0.1.1', '/never'),
      await inWork('127.0.1.1', '/never/expecting', 'Expect: 100-continue\r\n'),
    ];
    const asking = sessionThatAsks('/never/http2');
    await until('the request is there', () => gateway.requests.includes('/never/http2'));
    const first = await answered('127.0.2.1');
    const second = sessionThatAsks('/');
    await until('the request is there', () => gateway.requests.length === 5);
    await serve('127.0.3.1');
    await closed(first);
    expect(second.closed).toBe(false);
    await serve('127.0.4.1');
    await until('the session is closed', () => second.closed);
    expect([...asked.map(({ destroyed }) => destroyed), asking.closed]).not.toContain(true);
    expect(await counted('ended', 'idle')).toBe(2);
    asking.destroy();
  });

  it('end no answer that its client reads slowly, when a listener is full', async () => {
    await open({ connectionsMax: 1, waitingLeast: 0 });
    const slow = await inWork('127.0.1.1', '/large', 'Connection: close\r\n');
    await expect(secure('127.0.2.1')).rejects.toThrow();
    expect(await refused('too_many_connections')).toBe(1);
    expect((await readToEnd(slow)).length).toBeGreaterThan(LARGE_BYTES);
  });

  /** A ClientHello, and no word more. */
  const halfHandshake = async (localAddress: string): Promise<Socket> => {
    const socket = connectPlain({ host: '127.0.0.1', port: gateway.port, localAddress });
    sockets.push(socket.on('error', () => undefined));
    socket.write(await captureClientHello({ servername: EU }));
    await once(socket, 'data');
    return socket;
  };

  it('leave handshakes to those who were answered before, when very many are in progress', async () => {
    await open({ handshakesMax: 1, handshakeLeast: 60_000 });
    (await answered('127.0.1.1')).destroy();
    await halfHandshake('127.0.2.1');
    await expect(secure('127.0.3.1')).rejects.toThrow();
    expect(await refused('too_many_handshakes')).toBe(1);
    await answered('127.0.1.1');
  });

  it('end a handshake that stands still, when very many are in progress', async () => {
    await open({ handshakesMax: 1, handshakeLeast: 0 });
    const stalled = await halfHandshake('127.0.2.1');
    await answered('127.0.3.1');
    await closed(stalled);
    expect(await counted('ended', 'stalled')).toBe(1);
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
