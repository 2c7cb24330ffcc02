import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { SECOND } from '../shared/durations.js';
import { FairLine } from '../shared/fair-line.js';

/** OWASP's minimum for Argon2id: 19 MiB, two passes. Takes about 40 ms of one core. */
const ARGON2ID = { parallelism: 1, tagLength: 32, memory: 19 * 1024, passes: 2 } as const;
const SALT_BYTES = 16;

/** More would occupy all of libuv's threads, and block file reads and name lookups. */
const RUNNING_MAX = 2;
const WAITING_MAX = 64;
const WAITING_MAX_PER_NETWORK = WAITING_MAX / 4;
const WAIT_MAX = 10 * SECOND;

/** What a passphrase is stretched for: `miss` is a reveal of a secret that does not exist. */
export type StretchPurpose = 'open' | 'conceal' | 'miss';

const LANES: Readonly<Record<StretchPurpose, number>> = { open: 0, conceal: 1, miss: 2 };

const argon2Async = promisify(argon2);

export function newSalt(): Buffer {
  return randomBytes(SALT_BYTES);
}

/**
 * Stretches passphrases outside the event loop, two at a time. Opening and concealing take turns, misses come last, and
 * within each the networks take turns.
 */
@Injectable()
export class PassphraseQueue {
  readonly #line = new FairLine({
    places: RUNNING_MAX,
    lanes: [
      { waitingMax: WAITING_MAX, perKeyMax: WAITING_MAX_PER_NETWORK },
      { waitingMax: WAITING_MAX, perKeyMax: WAITING_MAX_PER_NETWORK },
      { waitingMax: WAITING_MAX, perKeyMax: WAITING_MAX_PER_NETWORK, isLast: true },
    ],
    waitMaxMs: WAIT_MAX,
    busyMessage: 'Too many requests with a passphrase right now. Please try again.',
  });

  /**
   * Argon2id of the passphrase, 32 bytes.
   * @param network by which those who wait take turns
   * @throws AppError `busy` when the queue is full, or the wait too long
   */
  async stretch(
    passphrase: string,
    salt: Buffer,
    network: string,
    purpose: StretchPurpose = 'open',
  ): Promise<Buffer> {
    await this.#line.enter(network, LANES[purpose]);
    try {
      return await this.hash(passphrase, salt);
    } finally {
      this.#line.leave(LANES[purpose]);
    }
  }

  /** A method of its own, which tests override. */
  protected hash(passphrase: string, salt: Buffer): Promise<Buffer> {
    return argon2Async('argon2id', { ...ARGON2ID, message: passphrase, nonce: salt });
  }
}
