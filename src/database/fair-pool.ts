import pg, { type PoolClient, type PoolConfig } from 'pg';
import { SECOND } from '../shared/durations.js';
import { FairLine } from '../shared/fair-line.js';
import { currentRequester } from '../shared/requester.js';

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (destroy?: Error | boolean) => void,
) => void;

const WAITING_MAX = 2000;
const WAIT_MAX = 5 * SECOND;

/**
 * pg's pool behind a fair line: a client that asks for more connections than there are waits for its turn, or gets
 * AppError `busy`. The pool itself has a free place for each who comes, so its own time-out means that the server does
 * not answer, and never that others are asking too much.
 */
export class FairPool extends pg.Pool {
  readonly #line: FairLine;

  constructor(options: PoolConfig) {
    super(options);
    this.#line = new FairLine({
      places: this.options.max,
      lanes: [{ waitingMax: WAITING_MAX }],
      waitMaxMs: WAIT_MAX,
      busyMessage: 'Too many requests right now. Please try again.',
    });
    this.on('release', () => this.#line.leave());
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | void {
    const entered = this.#line.enter(currentRequester());
    if (callback === undefined) return this.#connectAfter(entered);
    if (entered === undefined) this.#connectNow(callback);
    else void this.#connectLater(entered, callback);
  }

  async #connectLater(entered: Promise<void>, callback: Connected): Promise<void> {
    try {
      await entered;
    } catch (error) {
      return callback(error as Error, undefined, () => {});
    }
    this.#connectNow(callback);
  }

  async #connectAfter(entered: Promise<void> | void): Promise<PoolClient> {
    await entered;
    return new Promise((resolve, reject) => {
      this.#connectNow((error, client) => {
        if (client === undefined) reject(error ?? new Error('the pool gave no connection'));
        else resolve(client);
      });
    });
  }

  /** The caller has a place in the line: it ends with the release of the connection, or at once without one. */
  #connectNow(callback: Connected): void {
    super.connect((error, client, release) => {
      if (client === undefined) this.#line.leave();
      callback(error, client, release);
    });
  }
}
