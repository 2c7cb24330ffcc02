import { AsyncResource } from 'node:async_hooks';
import { Readable } from 'node:stream';
import { SECOND } from '../shared/durations.js';
import type { SetupProgress } from './setup-progress.js';

export interface ProgressSource {
  /** Null: the watcher may see the set-up no more, or there is none. */
  readonly load: () => Promise<SetupProgress | null>;
  /** Returns the function that ends it. */
  readonly watch: (onMove: () => void) => () => void;
  /** Called now and then while somebody watches. */
  readonly onWatched: () => void;
}

/** Shorter than the gateway's streamTimeout: the stream ends whole, and the browser asks again with its credentials. */
const LIFETIME = 90 * SECOND;
/** Spreads the new requests of streams that began together. */
const LIFETIME_SPREAD = 20 * SECOND;
const HEARTBEAT = 15 * SECOND;
const RECONNECT_AFTER = SECOND;
/** Between two looks at the database for one stream. */
const LOAD_DISTANCE = 0.5 * SECOND;
/** Of a client that does not read. */
const UNREAD_BYTES_MAX = 32 * 1024;

/**
 * Server-sent events about one set-up: `progress` when it has moved, `end` when there is nothing more to see. `body` ends
 * after a while; what it held is released when it closes, however that comes about.
 */
export class ProgressStream {
  readonly body = new Readable({ read: () => undefined });
  readonly #load: () => Promise<SetupProgress | null>;
  readonly #timers: NodeJS.Timeout[];
  readonly #unwatch: () => void;
  #sent = '';
  /** Its client may have much to read until then. */
  #hasEnded = false;
  #isLoading = false;
  #hasMoved = false;

  constructor(private readonly source: ProgressSource) {
    // Moves are told by the change feed; each look is on behalf of the client all the same.
    this.#load = AsyncResource.bind(source.load);
    this.#unwatch = source.watch(() => this.#move());
    this.#timers = [
      setInterval(() => this.#beat(), HEARTBEAT).unref(),
      setTimeout(() => this.end(), LIFETIME + Math.random() * LIFETIME_SPREAD).unref(),
    ];
    this.body.once('close', () => this.#release());
    this.#push(`retry: ${RECONNECT_AFTER}\n\n`);
    this.#move();
  }

  /** There is nothing more to see: the page that watches is loaded anew. */
  close(): void {
    this.#push('event: end\ndata: {}\n\n');
    this.end();
  }

  /** The browser asks again. */
  end(): void {
    if (this.#hasEnded || this.body.destroyed) return;
    this.#hasEnded = true;
    this.body.push(null);
  }

  #beat(): void {
    this.source.onWatched();
    this.#push(': \n\n');
  }

  #move(): void {
    this.#hasMoved = true;
    if (!this.#isLoading) void this.#tell();
  }

  async #tell(): Promise<void> {
    this.#isLoading = true;
    try {
      while (this.#hasMoved && !this.#hasEnded && !this.body.destroyed) {
        this.#hasMoved = false;
        this.#say(await this.#load());
        await pause(LOAD_DISTANCE);
      }
    } catch {
      // DatabaseHealth logs a database that cannot be reached; the browser asks again.
      this.end();
    } finally {
      this.#isLoading = false;
    }
  }

  #say(progress: SetupProgress | null): void {
    if (progress === null) return this.close();
    const data = JSON.stringify(progress);
    if (data === this.#sent) return;
    this.#sent = data;
    this.#push(`event: progress\ndata: ${data}\n\n`);
  }

  #push(text: string): void {
    if (this.#hasEnded || this.body.destroyed) return;
    this.body.push(text);
    if (this.body.readableLength > UNREAD_BYTES_MAX) this.body.destroy();
  }

  #release(): void {
    this.#unwatch();
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
