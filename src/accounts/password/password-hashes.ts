import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  ARGON2_COST,
  ARGON2_LANE,
  Argon2Queue,
  newSalt,
  type Argon2Cost,
} from '../../shared/argon2-queue.js';
import { turnOf, type ClientNetworks } from '../../shared/network.js';
import { preparePassword } from './password-rules.js';

/** A password as it is stored: its hash, and what made it. */
export interface PasswordHash extends Argon2Cost {
  readonly hash: Buffer;
  readonly salt: Buffer;
}

export interface Verified {
  readonly isRight: boolean;
  /** Whether the hash was made with other parameters than those of today. */
  readonly isOutdated: boolean;
}

/** Hashes passwords, one at a time. A check of a known and of an unknown account is one run each. */
@Injectable()
export class PasswordHashes extends Argon2Queue {
  /** Compared with where there is no password: it is the hash of none. */
  readonly #nobodys: PasswordHash = {
    hash: Buffer.alloc(0),
    salt: newSalt(),
    ...ARGON2_COST,
  };

  constructor() {
    super({
      places: 1,
      lanes: [ARGON2_LANE],
      busyMessage: 'Too many people are signing in right now. Please try again.',
    });
  }

  /** What a new password costs. A method of its own, which tests override. */
  protected get cost(): Argon2Cost {
    return ARGON2_COST;
  }

  /** @param password as requirePassword() returns it */
  async make(password: string, client: ClientNetworks): Promise<PasswordHash> {
    const { cost } = this;
    const salt = newSalt();
    const hash = await this.inTurn(() => this.hash(password, salt, cost), turnOf(client));
    return { hash, salt, ...cost };
  }

  /** @param stored null: there is none, and the answer takes as long */
  async verify(
    typed: string,
    stored: PasswordHash | null,
    client: ClientNetworks,
  ): Promise<Verified> {
    const password = preparePassword(typed);
    // Whether there is an account does not matter here.
    if (password === null) return { isRight: false, isOutdated: false };
    const { hash, salt, memory, passes, parallelism } = stored ?? this.#nobodys;
    const cost = { memory, passes, parallelism };
    const found = await this.inTurn(() => this.hash(password, salt, cost), turnOf(client));
    const isRight = found.length === hash.length && timingSafeEqual(found, hash);
    return { isRight, isOutdated: !isSameCost(cost, this.cost) };
  }
}

function isSameCost(one: Argon2Cost, other: Argon2Cost): boolean {
  return (
    one.memory === other.memory &&
    one.passes === other.passes &&
    one.parallelism === other.parallelism
  );
}
