import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { SECOND } from './durations.js';
import { FairLine, type Lane } from './fair-line.js';

/** What Argon2id costs. What was hashed with other parameters is hashed with them again to compare. */
export interface Argon2Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

/** OWASP's minimum for Argon2id: 19 MiB, two passes. Takes about 40 ms of one core. */
export const ARGON2_COST: Argon2Cost = { memory: 19 * 1024, passes: 2, parallelism: 1 };

const TAG_LENGTH = 32;
const SALT_BYTES = 16;
const WAITING_MAX = 64;
const WAITING_MAX_PER_KEY = WAITING_MAX / 4;
const WAIT_MAX = 10 * SECOND;

export const ARGON2_LANE: Lane = { waitingMax: WAITING_MAX, perKeyMax: WAITING_MAX_PER_KEY };

interface Argon2QueueOptions {
  /** How many run at a time. All queues together leave one of libuv's four threads to file reads and name lookups. */
  readonly places: number;
  readonly lanes: readonly [Lane, ...Lane[]];
  /** The message of the AppError `busy`. */
  readonly busyMessage: string;
}

const argon2Async = promisify(argon2);

export function newSalt(): Buffer {
  return randomBytes(SALT_BYTES);
}

/** Argon2id outside the event loop, a few at a time. Lanes take turns, and within each the networks. */
export abstract class Argon2Queue {
  readonly #line: FairLine;

  protected constructor(options: Argon2QueueOptions) {
    this.#line = new FairLine({ ...options, waitMaxMs: WAIT_MAX });
  }

  /**
   * @param turn by which those who wait take turns
   * @throws AppError `busy` when the queue is full, or the wait too long
   */
  protected async inTurn(work: () => Promise<Buffer>, turn: string, lane = 0): Promise<Buffer> {
    await this.#line.enter(turn, lane);
    try {
      return await work();
    } finally {
      this.#line.leave(lane);
    }
  }

  /** A method of its own, which tests override. */
  protected hash(text: string, salt: Buffer, cost: Argon2Cost = ARGON2_COST): Promise<Buffer> {
    return argon2Async('argon2id', { ...cost, tagLength: TAG_LENGTH, message: text, nonce: salt });
  }
}
