import { constants, type ServerHttp2Stream } from 'node:http2';
import { Members } from '../shared/members.js';
import type { Network } from '../shared/network.js';
import type { ConnectionLimits } from './connection-limits.js';

export type StreamLimits = Pick<
  ConnectionLimits,
  'streamsMax' | 'streamsPerAddress' | 'streamsPerNetwork'
>;

/** Whom no network is known of, or counted for. */
const OF_NOBODY = '';

interface OpenStream {
  readonly stream: ServerHttp2Stream;
  /** May be called again. */
  remove: () => void;
}

type Streams = Members<OpenStream>;

/**
 * The open streams of HTTP/2, by who opened them. An answer that is not read keeps its memory until its stream ends, and
 * a client may open many connections with many streams each. Beyond a limit the oldest stream that was answered ends, so
 * that nobody is kept out by others behind the same address; where none was answered, the new one.
 */
export class OpenStreams {
  readonly #byKey = new Map<string, Streams>();
  #count = 0;

  /** @param onEnded called for each stream that a limit ends, with the network of the client that met it */
  constructor(
    private readonly limits: StreamLimits,
    private readonly onEnded: (network: Network | null) => void = () => undefined,
  ) {}

  get count(): number {
    return this.#count;
  }

  /** @param keys the address and the network of the client; none: only the limit of all counts it */
  open(stream: ServerHttp2Stream, keys: readonly string[]): void {
    const latest = this.#add(stream, keys.length === 0 ? [OF_NOBODY] : keys);
    const full = this.#fullOf(keys);
    if (full === null) return;
    this.onEnded(keys.at(-1) ?? null);
    this.#endOne(full, latest);
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

  #endOne(streams: Streams, latest: OpenStream): void {
    let ended = latest;
    for (const open of streams) {
      if (!open.stream.headersSent) continue;
      ended = open;
      break;
    }
    // At once: several may open before its close is told.
    ended.remove();
    // Not REFUSED_STREAM: the request may be in work.
    ended.stream.close(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    // close() alone keeps the memory while the client takes no byte, not even the frame that ends the stream.
    ended.stream.destroy();
  }

  #add(stream: ServerHttp2Stream, keys: readonly string[]): OpenStream {
    const open: OpenStream = { stream, remove: () => undefined };
    const leaves = keys.map((key) => {
      const streams = this.#of(key);
      this.#byKey.set(key, streams);
      return streams.add(open);
    });
    this.#count += 1;
    open.remove = () => {
      // Of each key, or of none.
      if (!leaves.every((leave) => leave())) return;
      this.#count -= 1;
      for (const key of keys) if (this.#of(key).size === 0) this.#byKey.delete(key);
    };
    stream.once('close', open.remove);
    return open;
  }

  #of(key: string): Streams {
    return this.#byKey.get(key) ?? new Members();
  }

  /** Of an address or a network: those who hold little keep it. */
  #largest(): Streams {
    let largest: Streams = new Members();
    for (const streams of this.#byKey.values()) if (streams.size > largest.size) largest = streams;
    return largest;
  }
}
