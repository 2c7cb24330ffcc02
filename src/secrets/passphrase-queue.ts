import { Injectable } from '@nestjs/common';
import { ARGON2_LANE, Argon2Queue } from '../shared/argon2-queue.js';

const RUNNING_MAX = 2;

/** What a passphrase is stretched for: `miss` is a reveal of a secret that does not exist. */
export type StretchPurpose = 'open' | 'conceal' | 'miss';

const LANES: Readonly<Record<StretchPurpose, number>> = { open: 0, conceal: 1, miss: 2 };

/** Stretches passphrases, two at a time. Opening and concealing take turns, and misses come last. */
@Injectable()
export class PassphraseQueue extends Argon2Queue {
  constructor() {
    super({
      places: RUNNING_MAX,
      lanes: [ARGON2_LANE, ARGON2_LANE, { ...ARGON2_LANE, isLast: true }],
      busyMessage: 'Too many requests with a passphrase right now. Please try again.',
    });
  }

  /**
   * Argon2id of the passphrase, 32 bytes.
   * @param network by which those who wait take turns
   * @throws AppError `busy` when the queue is full, or the wait too long
   */
  stretch(
    passphrase: string,
    salt: Buffer,
    network: string,
    purpose: StretchPurpose = 'open',
  ): Promise<Buffer> {
    return this.inTurn(() => this.hash(passphrase, salt), network, LANES[purpose]);
  }
}
