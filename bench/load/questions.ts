import { randomBytes } from 'node:crypto';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { randomBase36 } from '../../src/shared/base36.js';
import { encodeQuery } from '../../src/dns/dns-message.js';
import { withLength } from '../../src/dns/dns-transport.js';
import { answerQuestions } from '../worker.js';

/** A flood of questions to a name server: datagrams from many networks, and connections that go on or say nothing. */
export interface QuestionsLoad {
  readonly port: number;
  readonly zone: string;
  readonly seconds: number;
  readonly datagramsPerSecond: number;
}

export interface Questions {
  readonly datagrams: number;
  readonly connections: number;
  /** Datagrams that came back. */
  readonly answered: number;
}

const NETWORKS = 200;
const CONNECTIONS_PER_SECOND = 400;
const CONNECTIONS_MAX = 600;
const PIPELINED = 50;
const STEP = 5;

answerQuestions<QuestionsLoad, Questions>(async ({ port, zone, seconds, datagramsPerSecond }) => {
  const sources = await Promise.all(
    Array.from({ length: NETWORKS }, (_, at) => boundTo(`127.1.${at}.1`)),
  );
  let [answered, datagrams, connections] = [0, 0, 0];
  for (const source of sources) source.on('message', () => (answered += 1));
  const open = new Set<Socket>();
  const startedAt = performance.now();
  const age = (): number => (performance.now() - startedAt) / 1000;
  while (age() < seconds) {
    for (; datagrams < age() * datagramsPerSecond; datagrams += 1)
      sources[datagrams % NETWORKS]?.send(datagramOf(datagrams, zone), port, '127.0.0.1');
    for (; connections < age() * CONNECTIONS_PER_SECOND; connections += 1) {
      if (open.size >= CONNECTIONS_MAX) continue;
      const one = openOne(connections, { port, zone });
      open.add(one.once('close', () => open.delete(one)));
    }
    await delay(STEP);
  }
  for (const one of open) one.destroy();
  for (const source of sources) source.close();
  return { datagrams, connections, answered };
});

function question(zone: string): Buffer {
  const name = `${randomBase36(16)}.${zone}`;
  return encodeQuery({ name, type: 'TXT', checkingDisabled: false }).bytes;
}

/** Every fourth is garbage, some of it cut off in the middle of a question. */
function datagramOf(at: number, zone: string): Buffer {
  if (at % 4 !== 3) return question(zone);
  return at % 8 === 3 ? randomBytes(at % 512) : question(zone).subarray(0, at % 40);
}

/** Nothing, a byte, or many questions at once whose answers nobody reads. */
function openOne(at: number, { port, zone }: Pick<QuestionsLoad, 'port' | 'zone'>): Socket {
  const socket = connect({ port, host: '127.0.0.1', localAddress: `127.2.${at % NETWORKS}.1` });
  socket.on('error', () => socket.destroy());
  if (at % 3 === 1) socket.write(Buffer.from([0]));
  if (at % 3 === 2)
    socket.write(
      Buffer.concat(Array.from({ length: PIPELINED }, () => withLength(question(zone)))),
    );
  // Paused sockets do not see that the other side has gone.
  if (at % 3 !== 2) socket.resume();
  return socket;
}

async function boundTo(address: string): Promise<UdpSocket> {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined);
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}
