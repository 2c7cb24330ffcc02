import pg, { type PoolClient, type PoolConfig } from 'pg';
import { SECOND } from '../shared/durations.js';
import { FairLine } from '../shared/fair-line.js';
import { currentRequester } from '../shared/requester.js';
import { notConnected } from './connection-failure.js';
import { limitedClient } from './limited-client.js';

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (destroy?: Error | boolean) => void,
) => void;

const WAITING_MAX = 2000;
const WAIT_MAX = 5 * SECOND;
/** Connections that our own work never takes, so that it cannot keep the clients waiting. */
const KEPT_FOR_CLIENTS = 2;

const CLIENTS = 0;
const OURSELVES = 1;

/**
 * pg's pool behind a fair line: a client that asks for more connections than there are waits for its turn, or gets
 * AppError `busy`. Clients and our own work have a lane each, and the lanes take turns: neither a flood nor a backlog
 * keeps the other waiting. The pool itself has a free place for each who comes, so an attempt that ends at the time limit for
 * connecting means that the server does not answer, and never that others are asking too much.
 */
export class FairPool extends pg.Pool {
  readonly #line: FairLine;
  /** The lanes of the connections in use. */
  readonly #lanes = new WeakMap<PoolClient, number>();

  constructor(options: PoolConfig) {
    let answers = 0;
    const { connectionTimeoutMillis: connectMs = 0, query_timeout: answerMs = 0 } = options;
    const Client = limitedClient({ connectMs, answerMs, answers: () => answers });
    // Without limits of its own: a timer for each would be set and cleared for each statement.
    super({ ...options, connectionTimeoutMillis: 0, query_timeout: 0, Client });
    const { max } = this.options;
    this.#line = new FairLine({
      places: max,
      lanes: [
        { waitingMax: WAITING_MAX },
        { waitingMax: WAITING_MAX, placesMax: Math.max(1, max - KEPT_FOR_CLIENTS) },
      ],
      waitMaxMs: WAIT_MAX,
      busyMessage: 'Too many requests right now. Please try again.',
    });
    // TypeORM borrows connections without listening to them, and an `error` event without a listener ends the process.
    this.on('connect', (client) => client.on('error', () => {}));
    this.on('release', (fault, client) => {
      if (!fault) answers += 1;
      this.#line.leave(this.#lanes.get(client));
    });
  }

  /** How many wait for their turn. */
  get lineLength(): number {
    return this.#line.waiting;
  }

  override connect(): Promise<PoolClient>;
  override connect(callback: Connected): void;
  override connect(callback?: Connected): Promise<PoolClient> | void {
    const { key, isOurselves } = currentRequester();
    const lane = isOurselves ? OURSELVES : CLIENTS;
    const entered = this.#line.enter(key, lane);
    if (callback === undefined) return this.#connectAfter(entered, lane);
    if (entered === undefined) this.#connectNow(lane, callback);
    else void this.#connectLater(entered, lane, callback);
  }

  async #connectLater(entered: Promise<void>, lane: number, callback: Connected): Promise<void> {
    try {
      await entered;
    } catch (error) {
      return callback(error as Error, undefined, () => {});
    }
    this.#connectNow(lane, callback);
  }

  async #connectAfter(entered: Promise<void> | void, lane: number): Promise<PoolClient> {
    await entered;
    return new Promise((resolve, reject) => {
      this.#connectNow(lane, (error, client) => {
        if (client === undefined) reject(error ?? new Error('the pool gave no connection'));
        else resolve(client);
      });
    });
  }

  /** The caller has a place in the line: it ends with the release of the connection, or at once without one. */
  #connectNow(lane: number, callback: Connected): void {
    super.connect((error, client, release) => {
      if (client === undefined) this.#line.leave(lane);
      else if (this.#lanes.get(client) !== lane) this.#lanes.set(client, lane);
      callback(error && notConnected(error), client, release);
    });
  }
}
