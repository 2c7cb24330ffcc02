import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import packet, { type Answer, type DecodedPacket, type Packet } from 'dns-packet';
import { Registry } from 'prom-client';
import type { Region } from '../../../src/config/region.js';
import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import { firstMessage, withLength } from '../../../src/dns/dns-transport.js';
import { LookupLimiter } from '../../../src/gateway/lookup-limiter.js';
import type { NameserverCell } from '../../../src/gateway/nameserver/nameserver.js';
import {
  prepareNameserver,
  type OpenNameserver,
} from '../../../src/gateway/nameserver/open-nameserver.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';

export const BASE = requireHostname('onetime.example');
export const ZONE = `acme.eu.${BASE}`;
export const LABEL = 'abcdefghij012345';

export type Reply = DecodedPacket & { readonly rcode: string };

type Values = (label: string) => Promise<string[]>;

/** A cell that has these values, and counts what it is asked. */
export class FakeCell implements NameserverCell {
  readonly asked: string[] = [];
  values: Values = () => Promise.resolve([]);
  proof = (nonce: string): string => `${this.region} ${nonce}`;

  constructor(readonly region: Region) {}

  readonly names = {
    challengeValues: (label: string) => {
      this.asked.push(label);
      return this.values(label);
    },
    nameserverProof: (nonce: string) => this.proof(nonce),
  };
}

/** The name server of two regions on a free port, of which each has a cell. */
export class NameserverScene {
  readonly eu = new FakeCell('eu' as Region);
  readonly us = new FakeCell('us' as Region);
  readonly limiter = new LookupLimiter();
  readonly failures: unknown[] = [];
  readonly metrics = new Registry();
  cells: readonly NameserverCell[] = [this.eu, this.us];
  #open: OpenNameserver | null = null;

  static async open(
    addresses: readonly string[] = ['127.0.0.1'],
    hasLimits = true,
  ): Promise<NameserverScene> {
    const scene = new NameserverScene();
    const nameServers: [Hostname] = [requireHostname(`ns1.${BASE}`)];
    const region = { host: BASE, databaseUrl: null, rootKeys: null, ingressAddresses: [] };
    const prepared = prepareNameserver(
      {
        baseDomain: BASE,
        limits: hasLimits ? DEFAULT_LIMITS : null,
        workers: 1,
        nameserver: {
          addresses,
          port: 0,
          variables: { bind: 'GATEWAY_NAMESERVER_BIND', port: 'GATEWAY_NAMESERVER_PORT' },
        },
        served: [scene.eu, scene.us].map((cell) => ({
          ...region,
          region: cell.region,
          nameServers,
          syncClaims: null,
        })),
      },
      {
        metrics: scene.metrics,
        edge: {
          acceptFailed: (_listener, error) => scene.failures.push(error),
          handlerFailed: (_listener, _event, error) => scene.failures.push(error),
        },
        cells: () => scene.cells,
        limiter: scene.limiter,
      },
    );
    scene.#open = await prepared!(false);
    return scene;
  }

  get port(): number {
    return this.#open!.port;
  }

  close(): Promise<void> {
    return this.#open!.close();
  }

  async askUdp(name: string, type = 'TXT', address = '127.0.0.1'): Promise<Reply> {
    return packet.decode(await exchange(this.port, queryFor(name, type), address)) as Reply;
  }

  /** One connection for all of these questions, sent at once. */
  askTcp(...names: readonly string[]): Promise<Reply[]> {
    return this.askTcpFrom('127.0.0.1', ...names);
  }

  async askTcpFrom(localAddress: string, ...names: readonly string[]): Promise<Reply[]> {
    const socket = connect({ port: this.port, host: '127.0.0.1', localAddress });
    for (const name of names) socket.write(withLength(queryFor(name, 'TXT')));
    const replies = await readReplies(socket, names.length);
    socket.destroy();
    return replies;
  }

  /** The sum of a counter over the series that have these labels. */
  async count(metric: string, labels: Readonly<Record<string, string>>): Promise<number> {
    const metrics = await this.metrics.getMetricsAsJSON();
    const found = metrics.find(({ name }) => name === metric);
    return ((found?.values ?? []) as { value: number; labels: Record<string, string> }[])
      .filter((each) => Object.entries(labels).every(([key, value]) => each.labels[key] === value))
      .reduce((sum, { value }) => sum + value, 0);
  }
}

export function queryFor(name: string, type = 'TXT', more: object = {}): Buffer {
  const question = { name, type } as { name: string; type: 'TXT' };
  return packet.encode({ type: 'query', id: 7, questions: [question], ...more } as Packet);
}

export function textsOf({ answers = [] }: Reply): string[] {
  return answers.flatMap((answer: Answer) =>
    answer.type === 'TXT' ? [[answer.data].flat().map(String).join('')] : [],
  );
}

/** Resolves to the datagram that answers; another source is not accepted, as with a resolver. */
export async function exchange(port: number, query: Buffer, address: string): Promise<Buffer> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  try {
    socket.connect(port, address);
    await once(socket, 'connect');
    const answered = once(socket, 'message') as Promise<[Buffer]>;
    socket.send(query);
    const [answer] = await answered;
    return answer;
  } finally {
    socket.close();
  }
}

/** The replies of a connection, until there are so many or it ends. */
export async function readReplies(socket: Socket, count: number): Promise<Reply[]> {
  const replies: Reply[] = [];
  let received = Buffer.alloc(0);
  await new Promise<void>((resolve) => {
    socket.on('error', () => resolve());
    socket.on('close', () => resolve());
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      for (let next = firstMessage(received); next !== null; next = firstMessage(received)) {
        received = received.subarray(next.length + 2);
        replies.push(packet.decode(next) as Reply);
      }
      if (replies.length >= count) resolve();
    });
  });
  return replies;
}
