import { AppError } from './app-error.js';
import { TurnQueue } from './turn-queue.js';

export interface Lane {
  /** How many may wait here. */
  readonly waitingMax: number;
  /** How many of one key may wait here; default: as many as there is room for. */
  readonly perKeyMax?: number;
  /** How many of this lane may be inside at a time; default: all places. */
  readonly placesMax?: number;
  /** Served only while nobody waits in another lane. */
  readonly isLast?: boolean;
}

interface FairLineOptions {
  /** How many may be inside at a time. */
  readonly places: number;
  /** Lanes take turns, so each keeps a share of the places. */
  readonly lanes: readonly [Lane, ...Lane[]];
  /** The longest wait, in milliseconds. */
  readonly waitMaxMs: number;
  /** The message of the AppError `busy`. */
  readonly busyMessage: string;
}

const isEmpty = ({ size }: { readonly size: number }): boolean => size === 0;

interface Waiting {
  readonly start: () => void;
  readonly refuse: () => void;
}

const RETRY_AFTER_SECONDS = 2;

/**
 * A bounded line in front of a few places. Those who wait are admitted in turn by key (the client's network), and when
 * the line is full the key with the most waiting loses its newest: one key cannot keep the others out.
 */
export class FairLine {
  readonly #lanes: readonly TurnQueue<Waiting>[];
  readonly #insideOf: number[];
  #inside = 0;
  #turn = 0;

  constructor(private readonly options: FairLineOptions) {
    this.#lanes = options.lanes.map(() => new TurnQueue<Waiting>());
    this.#insideOf = options.lanes.map(() => 0);
  }

  get waiting(): number {
    return this.#lanes.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Takes a place, at once or after a wait. Call leave() with the same lane once for each success.
   * @throws AppError `busy` when the line is full or the wait is too long
   */
  enter(key: string, lane = 0): Promise<void> | void {
    if (this.#inside < this.options.places && this.#hasPlaceFor(lane)) {
      this.#count(lane, 1);
      return;
    }
    const queue = this.#lanes[lane];
    const { waitingMax = 0, perKeyMax = waitingMax } = this.options.lanes[lane] ?? {};
    if (queue === undefined) throw new Error(`there is no lane ${lane}`);
    if (queue.countOf(key) >= perKeyMax) return Promise.reject(this.#busy());
    if (queue.size >= waitingMax) {
      const evicted = queue.takeFromLongest(queue.countOf(key) + 1);
      if (evicted === undefined) return Promise.reject(this.#busy());
      evicted.refuse();
    }
    return this.#wait(queue, key);
  }

  /** Gives the place to the next in line, if there is one. */
  leave(lane = 0): void {
    this.#count(lane, -1);
    if (this.#lanes.every(isEmpty)) return;
    const next = this.#nextLane();
    if (next === undefined) return;
    this.#count(next, 1);
    this.#lanes[next]?.shift()?.start();
  }

  #wait(queue: TurnQueue<Waiting>, key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        start: () => {
          clearTimeout(timer);
          resolve();
        },
        refuse: () => {
          clearTimeout(timer);
          reject(this.#busy());
        },
      };
      const timer = setTimeout(() => {
        queue.remove(key, waiting);
        waiting.refuse();
      }, this.options.waitMaxMs).unref();
      queue.push(key, waiting);
    });
  }

  /** The lane whose turn it is; undefined if nobody who waits may come in. */
  #nextLane(): number | undefined {
    const occupied = [...this.#lanes.keys()].filter(
      (lane) => (this.#lanes[lane]?.size ?? 0) > 0 && this.#hasPlaceFor(lane),
    );
    const inTurn = occupied.filter((lane) => this.options.lanes[lane]?.isLast !== true);
    const candidates = inTurn.length > 0 ? inTurn : occupied;
    this.#turn += 1;
    return candidates[this.#turn % candidates.length];
  }

  #hasPlaceFor(lane: number): boolean {
    const { placesMax = Infinity } = this.options.lanes[lane] ?? {};
    return (this.#insideOf[lane] ?? 0) < placesMax;
  }

  #count(lane: number, change: 1 | -1): void {
    this.#inside += change;
    this.#insideOf[lane] = (this.#insideOf[lane] ?? 0) + change;
  }

  #busy(): AppError {
    return new AppError('busy', this.options.busyMessage, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}
