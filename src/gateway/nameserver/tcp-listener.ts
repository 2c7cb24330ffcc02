import { createServer, type Server, type Socket } from 'node:net';
import type { Listener } from '../../config/listeners.js';
import { firstMessage, withLength } from '../../dns/dns-transport.js';
import { networkOf, type Network } from '../../shared/network.js';
import { peerAddressOf } from '../client-address.js';
import { listen, onAcceptFailure, type Listening } from '../listen.js';
import type { Nameserver } from './nameserver.js';
import type { NameserverJournal } from './nameserver-journal.js';
import type { NameserverLimits } from './nameserver-limits.js';

interface TcpParts {
  readonly nameserver: Pick<Nameserver, 'answerStreamed'>;
  readonly journal: Pick<NameserverJournal, 'acceptFailed' | 'dropped'>;
  readonly limits: NameserverLimits;
  /** False lifts the limit of networks. */
  readonly limitsNetworks: boolean;
}

/** The connections of the name server: few, short, one question at a time. */
export class TcpListener {
  readonly #server: Server;
  readonly #open = new Map<Socket, Network>();
  #listening: Listening | null = null;

  constructor(private readonly parts: TcpParts) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      this.#accept(socket),
    );
    onAcceptFailure(this.#server, (error) => parts.journal.acceptFailed(error));
  }

  /** Resolves to the port. @throws ConfigError that names the variable when an address cannot be bound */
  async listen(listener: Listener, { isShared }: { readonly isShared: boolean }): Promise<number> {
    this.#listening = await listen(this.#server, listener, { isShared });
    return this.#listening.port;
  }

  /** Cuts the connections: resolvers ask again, elsewhere. */
  async close(): Promise<void> {
    const closed = this.#listening?.stopAccepting();
    for (const socket of this.#open.keys()) socket.destroy();
    await closed;
  }

  #accept(socket: Socket): void {
    const { journal, limits, limitsNetworks } = this.parts;
    const address = peerAddressOf(socket);
    const network = networkOf(address);
    socket.on('error', () => socket.destroy());
    const ofNetwork = [...this.#open.values()].filter((each) => each === network).length;
    const isTooMany = limitsNetworks && ofNetwork >= limits.connectionsPerNetwork;
    if (isTooMany || this.#open.size >= limits.connectionsMax)
      journal.dropped('connections', 'tcp');
    if (isTooMany) return void socket.destroy();
    if (this.#open.size >= limits.connectionsMax) this.#makeRoom();
    this.#open.set(socket, network);
    socket.once('close', () => this.#open.delete(socket));
    converse(socket, address, this.parts);
  }

  /** Resolvers are done in milliseconds, so the oldest connection of the network with the most is a slow client's. */
  #makeRoom(): void {
    const counts = new Map<Network, number>();
    for (const network of this.#open.values()) counts.set(network, (counts.get(network) ?? 0) + 1);
    const most = Math.max(...counts.values());
    for (const [socket, network] of this.#open) {
      if (counts.get(network) !== most) continue;
      this.#open.delete(socket);
      socket.destroy();
      return;
    }
  }
}

/** Answers the questions of a connection in their order. A client that is slow, or sends what is no question, loses it. */
function converse(
  socket: Socket,
  address: string,
  { nameserver, journal, limits }: TcpParts,
): void {
  const deadline = setTimeout(() => socket.destroy(), limits.idleMs).unref();
  socket.once('close', () => clearTimeout(deadline));
  const bufferMax = (limits.messageBytesMax + 2) * limits.questionsPerConnection;
  let received = Buffer.alloc(0);
  let left: number = limits.questionsPerConnection;
  let isAnswering = false;
  let hasEnded = false;

  const answerAll = async (): Promise<void> => {
    if (isAnswering) return;
    isAnswering = true;
    for (let next = firstMessage(received); next !== null; next = firstMessage(received)) {
      received = received.subarray(next.length + 2);
      const answer = await nameserver.answerStreamed(next, address);
      left -= 1;
      if (answer === null || socket.destroyed) return void socket.destroy();
      socket.write(withLength(answer));
      deadline.refresh();
      if (left === 0) return void socket.end();
      if (isTooLong(received, limits)) break;
    }
    isAnswering = false;
    if (isTooLong(received, limits)) {
      journal.dropped('too_long', 'tcp');
      socket.destroy();
    } else if (hasEnded) socket.end();
  };
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    if (received.length > bufferMax) socket.destroy();
    else if (isTooLong(received, limits) && !isAnswering) {
      journal.dropped('too_long', 'tcp');
      socket.destroy();
    } else void answerAll();
  });
  socket.on('end', () => {
    hasEnded = true;
    if (!isAnswering) socket.end();
  });
}

/** By the length that is announced, before the message is there. */
function isTooLong(received: Buffer, { messageBytesMax }: NameserverLimits): boolean {
  return received.length >= 2 && received.readUInt16BE(0) > messageBytesMax;
}
