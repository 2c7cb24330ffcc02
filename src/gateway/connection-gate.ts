import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import type { LRUCache } from 'lru-cache';
import { boundedCache } from '../shared/bounded-cache.js';
import { SECOND } from '../shared/durations.js';
import { isHttp2 } from '../shared/http-version.js';
import { clientNetworksOf, networkOf, type Network, type NetworkList } from '../shared/network.js';
import { isTrustedProxy, peerAddressOf } from './client-address.js';
import type { ConnectionLimits } from './connection-limits.js';
import { LookupLimiter } from './lookup-limiter.js';
import { OpenStreams } from './open-streams.js';
import { WaitingSockets } from './waiting-sockets.js';

export type ConnectionRefusal =
  | 'too_many_connections'
  | 'too_many_handshakes'
  | 'network_connections'
  | 'handshake_rate'
  | 'proxy_header_invalid'
  | 'proxy_header_timeout'
  | 'proxy_header_unexpected';

/** Why a connection was ended so that another had its place: no request of it was in work. */
export type Ended =
  | 'unused' // Of a stranger, without a request in work.
  | 'stalled' // Of a stranger, in its handshake.
  | 'idle' // Of somebody who was answered before, without a request in work.
  | 'arriving'; // The body of its request has not come as a whole.

/** A connection that was let in. It ends with the socket. */
export interface Seat {
  /** A request has arrived. After the first one only the wider limits count the connection. */
  beginRequest(): void;
  /** `isAnswered`: its whole answer is sent, and refuses nothing. Then its address is no stranger's any more. */
  endRequest(isAnswered: boolean): void;
  /** A handshake is to begin. False: too many are in progress. */
  beginHandshake(): boolean;
  endHandshake(): void;
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
  readonly onEnded?: (why: Ended) => void;
  /** Ends the connection whose request has been arriving longest. False: none has for so many milliseconds. */
  readonly endArriving?: (leastMs: number) => boolean;
  /** Called at most once a second while a connection is refused because no other could end. */
  readonly onFull?: () => void;
}

const TELL_FULL_EVERY = SECOND;
const REFUSED_FROM = 400;

/** Lets connections of one listener in, or refuses them before a byte of theirs is read. */
export class ConnectionGate {
  #open = 0;
  readonly #all = new Counts();
  readonly #unused = new Counts();
  readonly #handshakes: LookupLimiter;
  readonly #networkHandshakes: LookupLimiter;
  readonly #streams: OpenStreams;
  /** Of strangers, without a request in work. */
  readonly #strangers = new WaitingSockets();
  /** Of strangers, in their handshake. */
  readonly #shaking = new WaitingSockets();
  /** Of others, without a request in work. */
  readonly #idle = new WaitingSockets();
  /** How the wait of each of both ends. */
  readonly #waits = new WeakMap<Socket, () => boolean>();
  /** The addresses that were answered. */
  readonly #known: LRUCache<string, true>;
  #toldFullAt = -Infinity;

  constructor(private readonly options: GateOptions) {
    const { addressesCounted, handshakeBurst, handshakesPerSecond } = options.limits;
    this.#streams = new OpenStreams(options.limits, options.onStreamEnded);
    this.#known = boundedCache(addressesCounted);
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
    if (this.#open >= this.options.max && !this.#makeRoomFor(socket)) return false;
    this.#open += 1;
    // Whose it is, is not known yet where a proxy tells it.
    this.#waits.set(socket, this.#strangers.add(socket));
    socket.once('close', () => {
      this.#open -= 1;
      this.#stopWaiting(socket);
    });
    return true;
  }

  #wait(socket: Socket, keys: readonly string[]): void {
    const waiting = this.#isStranger(keys) ? this.#strangers : this.#idle;
    this.#waits.set(socket, waiting.add(socket));
  }

  #stopWaiting(socket: Socket): void {
    this.#waits.get(socket)?.();
  }

  /**
   * Ends the connection that has waited longest: of strangers before others, whose requests are still arriving last.
   * Strangers have their least time from one another only. False: there is none.
   */
  #makeRoomFor(socket: Socket): boolean {
    const { limits, onEnded, endArriving } = this.options;
    const { waitingLeast } = limits;
    const ofStrangers = this.#isStranger(this.#keysOf(socket)) ? waitingLeast : 0;
    const waysToEnd: readonly (readonly [Ended, () => boolean | undefined])[] = [
      ['unused', () => this.#strangers.endOldest(ofStrangers)],
      ['idle', () => this.#idle.endOldest(waitingLeast)],
      ['arriving', () => endArriving?.(waitingLeast)],
    ];
    const ended = waysToEnd.find(([, end]) => end());
    if (ended === undefined) this.#tellFull();
    else onEnded?.(ended[0]);
    return ended !== undefined;
  }

  #tellFull(): void {
    const now = performance.now();
    if (now - this.#toldFullAt < TELL_FULL_EVERY) return;
    this.#toldFullAt = now;
    this.options.onFull?.();
  }

  /** Counts it for the networks of its client. A refusal leaves the socket to the caller, who destroys it. */
  seat(socket: Socket): Seat | ConnectionRefusal {
    const { limits, hasHandshakes } = this.options;
    const keys = this.#keysOf(socket);
    if (keys.length === 0) return this.#take(socket, keys);
    const [address, network] = keys;
    if (
      this.#all.of(address) >= limits.perAddress ||
      this.#all.of(network) >= limits.perNetwork ||
      this.#unused.of(address) >= limits.unusedPerAddress ||
      this.#unused.of(network) >= limits.unusedPerNetwork
    )
      return 'network_connections';
    if (hasHandshakes && !this.#takeTokens(address, network)) return 'handshake_rate';
    return this.#take(socket, keys);
  }

  /** The address and the network that the connection counts for. None: it carries many clients, or nobody is counted. */
  #keysOf(socket: Socket): readonly [address: string, network: string] | readonly [] {
    const { limitsNetworks, trustedProxies } = this.options;
    if (!limitsNetworks || isTrustedProxy(socket, trustedProxies)) return [];
    const peer = peerAddressOf(socket);
    return [clientNetworksOf(peer).near, networkOf(peer)];
  }

  #takeTokens(address: string, network: string): boolean {
    if (!this.#handshakes.takeToken(address)) return false;
    if (this.#networkHandshakes.takeToken(network)) return true;
    this.#handshakes.returnToken(address);
    return false;
  }

  #take(socket: Socket, keys: readonly string[]): Seat {
    let isUnused = true;
    if (!this.#isStranger(keys)) {
      this.#stopWaiting(socket);
      this.#wait(socket, keys);
    }
    for (const key of keys) {
      this.#all.add(key, 1);
      this.#unused.add(key, 1);
    }
    const endUnused = (): void => {
      if (isUnused) for (const key of keys) this.#unused.add(key, -1);
      isUnused = false;
    };
    let endHandshake = (): boolean => false;
    socket.once('close', () => {
      endUnused();
      endHandshake();
      for (const key of keys) this.#all.add(key, -1);
    });
    let inWork = 0;
    return {
      beginRequest: () => {
        inWork += 1;
        this.#stopWaiting(socket);
        endUnused();
      },
      endRequest: (isAnswered) => {
        inWork -= 1;
        const [address] = keys;
        if (isAnswered && address !== undefined) this.#known.set(address, true);
        if (inWork === 0 && !socket.destroyed) this.#wait(socket, keys);
      },
      beginHandshake: () => {
        if (!this.#isStranger(keys)) return true;
        if (!this.#hasRoomToShake()) return false;
        endHandshake = this.#shaking.add(socket);
        return true;
      },
      endHandshake: () => void endHandshake(),
      openStream: (stream) => this.#streams.open(stream, keys),
    };
  }

  /** Whether no request of the address was answered. */
  #isStranger([address]: readonly string[]): boolean {
    return address !== undefined && this.#known.get(address) === undefined;
  }

  /** Where there is none, the handshake that has taken longest gives way. */
  #hasRoomToShake(): boolean {
    const { limits, onEnded } = this.options;
    if (this.#shaking.size < limits.handshakesMax) return true;
    if (!this.#shaking.endOldest(limits.handshakeLeast)) return false;
    onEnded?.('stalled');
    return true;
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

/** The request is in work until the last byte of its answer is sent: it may have taken a secret. */
export function takeSeat(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): void {
  const seat = seatOf(request.socket);
  if (seat === undefined) return;
  seat.beginRequest();
  // Of HTTP/2 the response itself is finished when the stream is reset, too.
  const sent = isHttp2(request) ? request.stream : (response as ServerResponse);
  response.once('close', () => {
    seat.endRequest(sent.writableFinished && response.statusCode < REFUSED_FROM);
  });
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
