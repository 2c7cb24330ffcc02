import type { ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { clientNetworksOf, networkOf, type Network, type NetworkList } from '../shared/network.js';
import { isTrustedProxy, peerAddressOf } from './client-address.js';
import type { ConnectionLimits } from './connection-limits.js';
import { LookupLimiter } from './lookup-limiter.js';
import { OpenStreams } from './open-streams.js';

export type ConnectionRefusal =
  | 'too_many_connections'
  | 'network_connections'
  | 'handshake_rate'
  | 'proxy_header_invalid'
  | 'proxy_header_timeout'
  | 'proxy_header_unexpected';

/** A connection that was let in. It ends with the socket. */
export interface Seat {
  /** The first request has arrived: from now on only the wider limits count it. */
  markUsed(): void;
  /** Counts a new stream of HTTP/2; a limit may end it, or another one. */
  openStream(stream: ServerHttp2Stream): void;
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
  /** Called for each stream of HTTP/2 that a limit ends. */
  readonly onStreamEnded?: (network: Network | null) => void;
}

/** Lets connections of one listener in, or refuses them before a byte of theirs is read. */
export class ConnectionGate {
  #open = 0;
  readonly #all = new Counts();
  readonly #unused = new Counts();
  readonly #handshakes: LookupLimiter;
  readonly #networkHandshakes: LookupLimiter;
  readonly #streams: OpenStreams;

  constructor(private readonly options: GateOptions) {
    const { addressesCounted, handshakeBurst, handshakesPerSecond } = options.limits;
    this.#streams = new OpenStreams(options.limits, options.onStreamEnded);
    const { networkHandshakeBurst, networkHandshakesPerSecond } = options.limits;
    this.#networkHandshakes = new LookupLimiter({
      burst: networkHandshakeBurst,
      perSecond: networkHandshakesPerSecond,
      networksMax: addressesCounted,
    });
    this.#handshakes = new LookupLimiter({
      burst: handshakeBurst,
      perSecond: handshakesPerSecond,
      networksMax: addressesCounted,
    });
  }

  /** Counts a new connection for the listener. False when the listener has all that it may have. */
  enter(socket: Socket): boolean {
    if (this.#open >= this.options.max) return false;
    this.#open += 1;
    socket.once('close', () => (this.#open -= 1));
    return true;
  }

  /** Counts it for the networks of its client. A refusal leaves the socket to the caller, who destroys it. */
  seat(socket: Socket): Seat | ConnectionRefusal {
    const { limits, limitsNetworks, trustedProxies, hasHandshakes } = this.options;
    if (!limitsNetworks || isTrustedProxy(socket, trustedProxies)) return this.#take(socket, []);
    const peer = peerAddressOf(socket);
    const [address, network] = [clientNetworksOf(peer).near, networkOf(peer)];
    if (
      this.#all.of(address) >= limits.perAddress ||
      this.#all.of(network) >= limits.perNetwork ||
      this.#unused.of(address) >= limits.unusedPerAddress ||
      this.#unused.of(network) >= limits.unusedPerNetwork
    )
      return 'network_connections';
    if (hasHandshakes && !this.#startHandshake(address, network)) return 'handshake_rate';
    return this.#take(socket, [address, network]);
  }

  #startHandshake(address: string, network: string): boolean {
    if (!this.#handshakes.takeToken(address)) return false;
    if (this.#networkHandshakes.takeToken(network)) return true;
    this.#handshakes.returnToken(address);
    return false;
  }

  #take(socket: Socket, keys: readonly string[]): Seat {
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
      markUsed();
      for (const key of keys) this.#all.add(key, -1);
    });
    return { markUsed, openStream: (stream) => this.#streams.open(stream, keys) };
  }
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
