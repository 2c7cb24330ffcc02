import { Injectable } from '@nestjs/common';
import { CellConfig } from '../config/cell-config.js';
import type { LimitName } from '../config/limits.js';
import type { AppError } from '../shared/app-error.js';
import type { ClientNetworks } from '../shared/network.js';
import { LimitKeys } from './limit-keys.js';
import { isExceeded, rateLimited, RateLimits, type Charge } from './rate-limits.js';

/** The three counters of a guess, in the order of GUESS_LIMITS; empty when limits are off. */
export interface GuessCharges {
  /** Of the network alone: the statement adds the secret to them. */
  readonly keys: readonly Buffer[];
  readonly seconds: readonly number[];
  readonly bursts: readonly number[];
}

/**
 * A guess is refused when the first is exceeded, or the second and the third. The second alone slows down: each network
 * keeps what the third leaves it, so that nobody can lock the recipient out.
 */
export const GUESS_LIMITS = ['PASSPHRASE', 'PASSPHRASE_SECRET', 'PASSPHRASE_SLOW'] as const;

/**
 * Limits guesses at passphrases. A secret's own statement counts them in the database (SecretStore), in one round trip
 * with reading it. Guesses at secrets that do not exist are counted here, with the same outcome.
 */
@Injectable()
export class GuessLimits {
  constructor(
    private readonly config: CellConfig,
    private readonly keys: LimitKeys,
    private readonly limits: RateLimits,
  ) {}

  chargesFor({ near }: ClientNetworks): GuessCharges {
    const { limits } = this.config;
    if (limits === null) return { keys: [], seconds: [], bursts: [] };
    return {
      keys: GUESS_LIMITS.map((limit) =>
        this.keys.keyOf(limit, limit === 'PASSPHRASE_SECRET' ? '' : near),
      ),
      seconds: GUESS_LIMITS.map((name) => limits[name].seconds),
      bursts: GUESS_LIMITS.map((name) => limits[name].burst),
    };
  }

  /** Counts a guess at a secret that does not exist. @throws AppError `rate_limited` */
  chargeMiss(lookup: Buffer, client: ClientNetworks): void {
    if (this.config.limits === null) return;
    const [own, all, slow] = guessesAt(lookup, client).map((charge) =>
      this.limits.chargeMemory([charge]),
    );
    const refusals = [own, all && isExceeded(all) ? slow : null].flatMap((standing) =>
      standing && isExceeded(standing) ? [standing] : [],
    );
    // The longest wait, as a secret's own statement has it.
    const [refusal] = refusals.sort((one, other) => other.resetsIn - one.resetsIn);
    if (refusal !== undefined) throw guessRefused(refusal.resetsIn, refusal.burst);
  }
}

/**
 * The attempts that were let through, which is all of the limit: counted by the database of a secret that exists and by
 * one process of another, the attempts beyond it would differ.
 */
export function guessRefused(resetsIn: number, max: number): AppError {
  return rateLimited(resetsIn, { made: max, max });
}

function guessesAt(lookup: Buffer, { near }: ClientNetworks): Charge[] {
  const secret = lookup.toString('base64url');
  const subjects: Record<(typeof GUESS_LIMITS)[number] & LimitName, string> = {
    PASSPHRASE: `${secret} ${near}`,
    PASSPHRASE_SECRET: secret,
    PASSPHRASE_SLOW: `${secret} ${near}`,
  };
  return GUESS_LIMITS.map((limit) => ({ limit, subject: subjects[limit] }));
}
