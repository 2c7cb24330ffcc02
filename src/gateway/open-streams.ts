import { constants, type ServerHttp2Stream } from 'node:http2';
import type { Network } from '../shared/network.js';
import type { ConnectionLimits } from './connection-limits.js';

export type StreamLimits = Pick<
  ConnectionLimits,
  'streamsMax' | 'streamsPerAddress' | 'streamsPerNetwork'
>;

/** Whom no network is known of, or counted for. */
const OF_NOBODY = '';

type Streams = Set<ServerHttp2Stream>;

/**
 * The open streams of HTTP/2, by who opened them. An answer that is not read keeps its memory until its stream ends, and
 * a client may open many connections with many streams each. Beyond a limit the oldest stream that was answered ends, so
 * that nobody is kept out by others behind the same address; where none was answered, the new one.
 */
export class OpenStreams {
  readonly #byKey = new Map<string, Streams>();
  readonly #keysOf = new Map<ServerHttp2Stream, readonly string[]>();

  /** @param onEnded called for each stream that a limit ends, with the network of the client that met it */
  constructor(
    private readonly limits: StreamLimits,
    private readonly onEnded: (network: Network | null) => void = () => undefined,
  ) {}

  get count(): number {
    return this.#keysOf.size;
  }

  /** @param keys the address and the network of the client; none: only the limit of all counts it */
  open(stream: ServerHttp2Stream, keys: readonly string[]): void {
    this.#add(stream, keys.length === 0 ? [OF_NOBODY] : keys);
    const full = this.#fullOf(keys);
    if (full === null) return;
    this.onEnded(keys.at(-1) ?? null);
    this.#endOne(full, stream);
  }

  /** The streams of whom are too many; null: nobody's are. */
  #fullOf([address, network]: readonly string[]): Streams | null {
    const { streamsMax, streamsPerAddress, streamsPerNetwork } = this.limits;
    if (address !== undefined && this.#of(address).size > streamsPerAddress)
      return this.#of(address);
    if (network !== undefined && this.#of(network).size > streamsPerNetwork)
      return this.#of(network);
    return this.count > streamsMax ? this.#largest() : null;
  }

  #endOne(streams: Streams, latest: ServerHttp2Stream): void {
    let ended = latest;
    for (const stream of streams) {
      if (!stream.headersSent) continue;
      ended = stream;
      break;
    }
    // At once: several may open before its close is told.
    this.#remove(ended);
    // Not REFUSED_STREAM: the request may be in work.
    ended.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // close() alone keeps the memory while the client takes no byte, not even the frame that ends the stream.
    ended.destroy();
  }

  #add(stream: ServerHttp2Stream, keys: readonly string[]): void {
    for (const key of keys) {
      const streams = this.#of(key);
      streams.add(stream);
      this.#byKey.set(key, streams);
    }
    this.#keysOf.set(stream, keys);
    stream.once('close', () => this.#remove(stream));
  }

  #remove(stream: ServerHttp2Stream): void {
    const keys = this.#keysOf.get(stream) ?? [];
    this.#keysOf.delete(stream);
    for (const key of keys) {
      const streams = this.#of(key);
      streams.delete(stream);
      if (streams.size === 0) this.#byKey.delete(key);
    }
  }

  #of(key: string): Streams {
    return this.#byKey.get(key) ?? new Set();
  }

  /** Of an address or a network: those who hold little keep it. */
  #largest(): Streams {
    let largest: Streams = new Set();
    for (const streams of this.#byKey.values()) if (streams.size > largest.size) largest = streams;
    return largest;
  }
}
