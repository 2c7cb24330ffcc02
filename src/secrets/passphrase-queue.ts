import { argon2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Injectable } from '@nestjs/common';
import { AppError } from '../shared/app-error.js';
import type { Network } from '../shared/network.js';

/** OWASP's minimum for Argon2id: 19 MiB, two passes. Takes about 40 ms of one core. */
const ARGON2ID = { parallelism: 1, tagLength: 32, memory: 19 * 1024, passes: 2 } as const;
const SALT_BYTES = 16;

/** More would occupy all of libuv's threads, and block file reads and name lookups. */
const RUNNING_MAX = 2;
const WAITING_MAX = 64;
/** One network cannot fill the queue for the others. */
const WAITING_MAX_PER_NETWORK = WAITING_MAX / 4;
const RETRY_AFTER_SECONDS = 2;

interface Waiting {
  readonly network: Network;
  readonly start: () => void;
}

const argon2Async = promisify(argon2);

export function newSalt(): Buffer {
  return randomBytes(SALT_BYTES);
}

/** Stretches passphrases outside the event loop: two at a time, a limited number waiting, in the order of arrival. */
@Injectable()
export class PassphraseQueue {
  readonly #waiting: Waiting[] = [];
  #running = 0;

  /**
   * Argon2id of the passphrase, 32 bytes.
   * @throws AppError `busy` when the queue, or the network's share of it, is full
   */
  async stretch(passphrase: string, salt: Buffer, network: Network): Promise<Buffer> {
    await this.#enter(network);
    try {
      return await this.hash(passphrase, salt);
    } finally {
      this.#leave();
    }
  }

  /** A method of its own, which tests override. */
  protected hash(passphrase: string, salt: Buffer): Promise<Buffer> {
    return argon2Async('argon2id', { ...ARGON2ID, message: passphrase, nonce: salt });
  }

  #enter(network: Network): Promise<void> | void {
    if (this.#running < RUNNING_MAX) {
      this.#running += 1;
      return;
    }
    const sameNetwork = this.#waiting.filter((waiting) => waiting.network === network).length;
    if (this.#waiting.length >= WAITING_MAX || sameNetwork >= WAITING_MAX_PER_NETWORK) throw busy();
    return new Promise((start) => this.#waiting.push({ network, start }));
  }

  /** Starts the next waiting one in the freed place, or frees the place when none is waiting. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next.start();
  }
}

function busy(): AppError {
  return new AppError('busy', 'Too many requests with a passphrase right now. Please try again.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
