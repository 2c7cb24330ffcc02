import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import packet from 'dns-packet';
import { withLength } from '../../../src/dns/dns-transport.js';
import { NAMESERVER_LIMITS } from '../../../src/gateway/nameserver/nameserver-limits.js';
import { until } from '../../support/until.js';
import { LABEL, NameserverScene, queryFor, textsOf, ZONE, type Reply } from './nameserver-scene.js';

const NAME = `${LABEL}.${ZONE}`;
const VALUE = 'v'.repeat(43);
const CA = '127.0.250.1';
const NETWORKS = 200;
const FLOOD = 20_000;
/** Datagrams that the buffer of the socket holds. */
const PORTION = 200;

describe('a flood from many networks', () => {
  let scene: NameserverScene;
  let sources: UdpSocket[] = [];
  beforeEach(async () => {
    scene = await NameserverScene.open();
    scene.eu.values = (label) => Promise.resolve(label === LABEL ? [VALUE] : []);
    sources = await Promise.all(
      Array.from({ length: NETWORKS }, (_, at) => boundTo(`127.1.${at}.1`)),
    );
  });
  afterEach(async () => {
    for (const socket of sources) socket.close();
    await scene.close();
    expect(scene.failures).toEqual([]);
  });

  const counted = async () =>
    (await scene.count('gateway_dns_dropped_total', { transport: 'udp' })) +
    (await scene.count('gateway_dns_queries_total', { transport: 'udp' }));

  /** Random labels and, every fourth, garbage. */
  function send(at: number): void {
    const source = sources[at % NETWORKS]!;
    const query = queryFor(`${at.toString(36).padStart(16, 'z')}.${ZONE}`);
    source.send(at % 4 === 3 ? query.subarray(0, at % 40) : query, scene.port, '127.0.0.1');
  }

  /** In portions, or the kernel drops most of them before anybody counts. Those that it drops all the same are sent again. */
  async function flood(datagrams: number): Promise<void> {
    const before = await counted();
    for (let sent = 0; sent < datagrams; sent += PORTION) {
      for (let at = sent; at < sent + PORTION; at += 1) send(at);
      let seen = 0;
      await until('the portion is counted', async () => {
        const missing = before + sent + PORTION - (await counted());
        // None came since the last look.
        if (missing === seen) for (let at = sent; at < sent + missing; at += 1) send(at);
        seen = missing;
        return missing <= 0;
      });
    }
  }

  /** As a resolver: a datagram, which is always answered, and a connection when that is asked for. */
  async function askAsCa(socket: UdpSocket): Promise<Reply> {
    const answered = once(socket, 'message') as Promise<[Buffer]>;
    socket.send(queryFor(NAME), scene.port, '127.0.0.1');
    const [answer] = await answered;
    const reply = packet.decode(answer) as Reply;
    return reply.flag_tc ? (await scene.askTcpFrom(CA, NAME))[0]! : reply;
  }

  it('reaches the database as often as is allowed, and the CA gets its value', async () => {
    const ca = await boundTo(CA);
    sources.push(ca);
    const startedAt = performance.now();
    await flood(FLOOD);
    // Once by a connection, and from then on by datagrams, whatever comes from elsewhere.
    expect((await scene.askTcpFrom(CA, NAME)).map(textsOf)).toEqual([[VALUE]]);
    for (let round = 0; round < 10; round += 1) {
      await flood(PORTION * 2);
      expect(textsOf(await askAsCa(ca))).toEqual([VALUE]);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    const { missBurst, missesPerSecond } = NAMESERVER_LIMITS;
    const ofOthers = scene.eu.asked.filter((label) => label !== LABEL).length;
    expect(ofOthers).toBeGreaterThan(0);
    expect(ofOthers).toBeLessThanOrEqual(missBurst + missesPerSecond * seconds + 1);
    const answered = await scene.count('gateway_dns_queries_total', { transport: 'udp' });
    const { datagramBurst, datagramsPerSecond } = NAMESERVER_LIMITS;
    // Answers, and as many that ask for TCP, and those of networks that have shown themselves.
    expect(answered).toBeLessThanOrEqual(3 * (datagramBurst + datagramsPerSecond * seconds));
  });

  it('of connections that say nothing, a byte or garbage leaves room for the CA', async () => {
    const { connectionsMax, connectionsPerNetwork } = NAMESERVER_LIMITS;
    const held: Socket[] = [];
    for (let at = 0; held.length < 2 * connectionsMax; at += 1) {
      for (let each = 0; each < connectionsPerNetwork; each += 1) {
        const socket = connect({
          port: scene.port,
          host: '127.0.0.1',
          localAddress: `127.2.${at}.1`,
        });
        socket.on('error', () => undefined);
        await once(socket, 'connect');
        const query = withLength(queryFor(NAME));
        if (each % 3 === 1) socket.write(query.subarray(0, 1));
        if (each % 3 === 2) socket.write(Buffer.from([0, 12, ...Buffer.alloc(12, at)]));
        held.push(socket);
      }
    }
    for (let round = 0; round < 20; round += 1)
      expect((await scene.askTcpFrom(CA, NAME, NAME)).map(textsOf)).toEqual([[VALUE], [VALUE]]);
    const dropped = await scene.count('gateway_dns_dropped_total', { reason: 'connections' });
    expect(dropped).toBeGreaterThan(0);
    for (const socket of held) socket.destroy();
  });
});

async function boundTo(address: string): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}
