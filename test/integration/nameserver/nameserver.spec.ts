import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { withLength } from '../../../src/dns/dns-transport.js';
import { TcpListener } from '../../../src/gateway/nameserver/tcp-listener.js';
import { NAMESERVER_LIMITS } from '../../../src/gateway/nameserver/nameserver-limits.js';
import { unavailable } from '../../../src/shared/app-error.js';
import { until } from '../../support/until.js';
import { ANY_PORT } from '../gateway/tls-test-listener.js';
import {
  BASE,
  LABEL,
  NameserverScene,
  queryFor,
  readReplies,
  textsOf,
  ZONE,
} from './nameserver-scene.js';

const NAME = `${LABEL}.${ZONE}`;
const VALUE = 'v'.repeat(43);
/** Datagrams that the buffer of a socket holds. */
const PORTION = 200;
const NONCE = '0'.repeat(32);

describe('the name server', () => {
  let scene: NameserverScene;
  beforeAll(async () => {
    scene = await NameserverScene.open(['127.0.0.1', '127.0.0.2', '::1'], false);
  });
  beforeEach(() => {
    scene.cells = [scene.eu, scene.us];
    scene.eu.values = () => Promise.resolve([]);
    scene.eu.asked.length = 0;
  });
  afterAll(async () => {
    await scene.close();
    expect(scene.failures).toEqual([]);
  });

  it('answers by UDP on each of its addresses, from the one that was asked, and by TCP', async () => {
    scene.eu.values = () => Promise.resolve([VALUE]);
    for (const address of ['127.0.0.1', '127.0.0.2', '::1'])
      expect(textsOf(await scene.askUdp(NAME, 'TXT', address))).toEqual([VALUE]);
    const replies = await scene.askTcp(NAME, ZONE, NAME);
    expect(replies.map(textsOf)).toEqual([[VALUE], [], [VALUE]]);
  });

  it('asks the cell of the zone, in lower case, and only for TXT', async () => {
    await scene.askUdp(`${LABEL.toUpperCase()}.Acme.EU.${BASE}`);
    for (const type of ['A', 'AAAA', 'CNAME', 'CAA', 'NS']) await scene.askUdp(NAME, type);
    await scene.askUdp(`x.${ZONE}`);
    expect(scene.eu.asked).toEqual([LABEL]);
    expect(scene.us.asked).toEqual([]);
    await scene.askUdp(`${LABEL}.acme.us.${BASE}`);
    expect(scene.us.asked).toEqual([LABEL]);
  });

  it('proves itself by the key of the zone that is asked', async () => {
    expect(textsOf(await scene.askUdp(`_probe-${NONCE}.${ZONE}`))).toEqual([`eu ${NONCE}`]);
    expect(textsOf(await scene.askUdp(`_probe-${NONCE}.acme.us.${BASE}`))).toEqual([`us ${NONCE}`]);
  });

  it('says SERVFAIL while the database is away or the cell has not started, and recovers', async () => {
    scene.eu.values = () => Promise.reject(unavailable(new Error('gone')));
    expect(await scene.askUdp(NAME)).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
    expect(await scene.askUdp(NAME, 'A')).toMatchObject({ rcode: 'NOERROR' });
    expect(await scene.askTcp(NAME)).toMatchObject([{ rcode: 'SERVFAIL' }]);
    scene.cells = [scene.us];
    expect(await scene.askUdp(NAME)).toMatchObject({ rcode: 'SERVFAIL' });
    scene.cells = [scene.eu];
    scene.eu.values = () => Promise.resolve([VALUE]);
    expect(textsOf(await scene.askUdp(NAME))).toEqual([VALUE]);
  });

  it('says SERVFAIL when the database does not answer in time', async () => {
    const { promise, resolve } = Promise.withResolvers<string[]>();
    scene.eu.values = () => promise;
    expect(await scene.askUdp(NAME)).toMatchObject({ rcode: 'SERVFAIL' });
    resolve([]);
  });

  it('is silent to responses and to what is no message', async () => {
    const before = await scene.count('gateway_dns_dropped_total', { reason: 'unread' });
    const socket = createSocket('udp4');
    const response = queryFor(NAME);
    response.writeUInt16BE(0x8000, 2);
    const garbage = [response, Buffer.from('x'), Buffer.alloc(0)];
    for (const bytes of garbage) socket.send(bytes, scene.port, '127.0.0.1');
    await until(
      'all of them are dropped',
      async () =>
        (await scene.count('gateway_dns_dropped_total', { reason: 'unread' })) === before + 3,
    );
    socket.close();
  });

  it('counts by region, type, code and transport, without a name', async () => {
    const labels = { region: 'eu', type: 'A', rcode: 'NXDOMAIN', transport: 'udp' };
    const before = await scene.count('gateway_dns_queries_total', labels);
    await scene.askUdp(`x.${ZONE}`, 'A');
    await scene.askUdp('elsewhere.net', 'A');
    expect(await scene.count('gateway_dns_queries_total', labels)).toBe(before + 1);
    const refused = { region: 'none', rcode: 'REFUSED' };
    expect(await scene.count('gateway_dns_queries_total', refused)).toBeGreaterThan(0);
    expect(await scene.metrics.metrics()).not.toMatch(/elsewhere|abcdefghij/);
  });

  it('ends a connection after twenty questions, a long message or silence to one', async () => {
    const many = Array.from({ length: 25 }, () => ZONE);
    expect(await scene.askTcp(...many)).toHaveLength(NAMESERVER_LIMITS.questionsPerConnection);
    const response = queryFor(NAME);
    response.writeUInt16BE(0x8000, 2);
    for (const bytes of [withLength(Buffer.alloc(513)), withLength(response)]) {
      const socket = connect(scene.port, '127.0.0.1');
      socket.write(Buffer.concat([withLength(queryFor(ZONE)), bytes]));
      expect(await readReplies(socket, 2)).toHaveLength(1);
    }
    const announced = connect(scene.port, '127.0.0.1');
    announced.write(Buffer.from([0xff, 0xff]));
    expect(await readReplies(announced, 1)).toEqual([]);
  });

  it('answers a client that has sent its last byte', async () => {
    const socket = connect(scene.port, '127.0.0.1');
    socket.end(withLength(queryFor(ZONE)));
    expect(await readReplies(socket, 2)).toHaveLength(1);
  });
});

describe('the limits of the name server', () => {
  let scene: NameserverScene;
  beforeEach(async () => {
    scene = await NameserverScene.open();
  });
  afterEach(() => scene.close());

  it('refuse a network its ninth connection, and let it in when one has ended', async () => {
    const { connectionsPerNetwork } = NAMESERVER_LIMITS;
    const sockets = Array.from({ length: connectionsPerNetwork }, () =>
      connect(scene.port, '127.0.0.1'),
    );
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    const ninth = connect(scene.port, '127.0.0.1');
    ninth.write(withLength(queryFor(ZONE)));
    expect(await readReplies(ninth, 1)).toEqual([]);
    sockets[0]!.destroy();
    await until('a place is free', async () => (await scene.askTcp(ZONE)).length === 1);
    for (const socket of sockets) socket.destroy();
  });

  it('bound what a flood of datagrams makes of the database, and answer others by TCP', async () => {
    const socket = createSocket('udp4');
    const started = performance.now();
    let truncated = 0;
    let answered = 0;
    socket.on('message', (bytes) => {
      answered += 1;
      if ((bytes[2]! & 0x02) !== 0) truncated += 1;
    });
    const dropped = () => scene.count('gateway_dns_dropped_total', { transport: 'udp' });
    const done = async () =>
      (await dropped()) + (await scene.count('gateway_dns_queries_total', { transport: 'udp' }));
    // In portions, or the kernel drops most of them before anybody counts.
    for (let sent = 0; sent < 20_000; sent += PORTION) {
      for (let at = sent; at < sent + PORTION; at += 1) {
        const label = at.toString(36).padStart(16, 'z');
        socket.send(queryFor(`${label}.${ZONE}`), scene.port, '127.0.0.1');
      }
      await until('the portion has arrived', async () => (await done()) >= sent + PORTION);
    }
    const seconds = (performance.now() - started) / 1000;
    // The budget of a network for names that do not exist: 100 at once, 10 in a second.
    expect(scene.eu.asked.length).toBeLessThanOrEqual(100 + 10 * seconds + 1);
    expect(scene.eu.asked.length).toBeGreaterThan(50);
    expect(await dropped()).toBeGreaterThan(5000);
    expect(truncated).toBeGreaterThan(1000);
    expect(answered).toBeLessThan(15_000);
    socket.close();

    // What datagrams used up is not taken from connections.
    scene.eu.values = () => Promise.resolve([VALUE]);
    expect((await scene.askTcp(NAME)).map(textsOf)).toEqual([[VALUE]]);
    expect(scene.limiter.takeToken('127.0.0.0/24')).toBe(true);
  });

  it('end a connection that sends a byte now and then', async () => {
    const listener = new TcpListener({
      nameserver: { answerStreamed: () => Promise.reject(new Error('no question is whole')) },
      journal: { acceptFailed: () => undefined, dropped: () => undefined },
      limits: { ...NAMESERVER_LIMITS, idleMs: 500 },
      limitsNetworks: true,
    });
    const port = await listener.listen(ANY_PORT, { isShared: false });
    const socket = connect(port, '127.0.0.1');
    const query = withLength(queryFor(NAME));
    let at = 0;
    const timer = setInterval(() => socket.write(query.subarray(at, (at += 1))), 100);
    expect(await readReplies(socket, 1)).toEqual([]);
    clearInterval(timer);
    expect(at).toBeLessThan(query.length);
    await listener.close();
  });

  it('charge a network for what its connections look for in vain', async () => {
    while (scene.limiter.takeToken('127.0.0.0/24'));
    expect(await scene.askTcp(NAME)).toMatchObject([{ rcode: 'SERVFAIL' }]);
    expect(scene.eu.asked).toEqual([]);
  });
});
