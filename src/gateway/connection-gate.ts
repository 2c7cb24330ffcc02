import ipaddr from 'ipaddr.js';
import type { Server, Socket } from 'node:net';
import { networkOf, type NetworkList } from '../shared/network.js';
import type { ConnectionLimits } from './connection-limits.js';
import { LookupLimiter } from './lookup-limiter.js';

export type ConnectionRefusal = 'too_many_connections' | 'network_connections' | 'handshake_rate';

/** A connection that was let in. It ends with the socket. */
export interface Seat {
  /** The first request has arrived: from now on only the wider limits count it. */
  markUsed(): void;
}

interface GateOptions {
  readonly limits: ConnectionLimits;
  /** The connections of this listener, in all. */
  readonly max: number;
  readonly trustedProxies: NetworkList;
  /** False lifts the limits of addresses and networks. */
  readonly limitsNetworks: boolean;
  /** Whether each connection starts a TLS handshake. */
  readonly hasHandshakes: boolean;
}

/** Lets connections of one listener in, or refuses them before a byte of theirs is read. */
export class ConnectionGate {
  #open = 0;
  readonly #all = new Counts();
  readonly #unused = new Counts();
  readonly #handshakes: LookupLimiter;

  constructor(private readonly options: GateOptions) {
    const { addressesCounted, handshakeBurst, handshakesPerSecond } = options.limits;
    this.#handshakes = new LookupLimiter({
      burst: handshakeBurst,
      perSecond: handshakesPerSecond,
      networksMax: addressesCounted,
    });
  }

  /** The refusal leaves the socket to the caller, who destroys it. */
  admit(socket: Socket): Seat | ConnectionRefusal {
    const { limits, limitsNetworks, max, trustedProxies, hasHandshakes } = this.options;
    const peer = socket.remoteAddress ?? '';
    if (this.#open >= max) return 'too_many_connections';
    if (!limitsNetworks || trustedProxies.contains(peer)) {
      return this.#take(socket, []);
    }
    const [address, network] = [addressOf(peer), networkOf(peer)];
    if (
      this.#all.of(address) >= limits.perAddress ||
      this.#all.of(network) >= limits.perNetwork ||
      this.#unused.of(address) >= limits.unusedPerAddress ||
      this.#unused.of(network) >= limits.unusedPerNetwork
    )
      return 'network_connections';
    if (hasHandshakes && !this.#handshakes.takeToken(address)) return 'handshake_rate';
    return this.#take(socket, [address, network]);
  }

  #take(socket: Socket, keys: readonly string[]): Seat {
    this.#open += 1;
    let isUnused = true;
    for (const key of keys) {
      this.#all.add(key, 1);
      this.#unused.add(key, 1);
    }
    const markUsed = (): void => {
      if (isUnused) for (const key of keys) this.#unused.add(key, -1);
      isUnused = false;
    };
    socket.once('close', () => {
      this.#open -= 1;
      markUsed();
      for (const key of keys) this.#all.add(key, -1);
    });
    return { markUsed };
  }
}

/** The address itself for IPv4, its /64 for IPv6: one household or server has a whole /64. */
export function addressOf(peer: string): string {
  if (!ipaddr.isValid(peer)) return 'unknown';
  const parsed = ipaddr.process(peer);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts.slice(0, 4).join(':')}::/64`;
}

/**
 * Sets the gate in front of the server's own handling of connections. The seat of a connection that was let in is found
 * by seatOf().
 */
export function setGate(
  server: Server,
  gate: ConnectionGate,
  onRefused: (reason: ConnectionRefusal, socket: Socket) => void,
): void {
  const [accept] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection').on('connection', (socket) => {
    const seat = gate.admit(socket);
    if (typeof seat === 'string') {
      onRefused(seat, socket);
      socket.destroy();
    } else {
      setSeat(socket, seat);
      accept?.call(server, socket);
    }
  });
}

const SEAT = Symbol('seat');

type SeatedSocket = Socket & { [SEAT]?: Seat };

/** Also for the TLS socket on a connection. */
export function setSeat(socket: Socket, seat: Seat): void {
  (socket as SeatedSocket)[SEAT] = seat;
}

export function seatOf(socket: Socket): Seat | undefined {
  return (socket as SeatedSocket)[SEAT];
}

/** Counts by key; a count of zero takes no memory. */
class Counts {
  readonly #counts = new Map<string, number>();

  of(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, amount: number): void {
    const count = this.of(key) + amount;
    if (count === 0) this.#counts.delete(key);
    else this.#counts.set(key, count);
  }
}
