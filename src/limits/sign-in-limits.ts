import { Injectable } from '@nestjs/common';
import { boundedCache } from '../shared/bounded-cache.js';
import type { ClientNetworks } from '../shared/network.js';
import { isExceeded, rateLimited, RateLimits } from './rate-limits.js';

const SIGNED_IN_MAX = 20_000;

/**
 * Limits failed sign-ins by network and by login, before the accounts are asked. From a network that has signed in with
 * this login nothing is refused, and any other keeps one try a minute: nobody can lock an owner out. Failures are counted
 * when they are known, for an owner's parallel requests must not count against each other.
 */
@Injectable()
export class SignInLimits {
  readonly #signedIn = boundedCache<string, true>(SIGNED_IN_MAX);

  constructor(private readonly limits: RateLimits) {}

  /** @throws AppError `rate_limited` */
  admit({ near }: ClientNetworks, login: string): void {
    if (this.#signedIn.has(pairOf(near, login))) return;
    const isUsedUp =
      this.limits.isUsedUp({ limit: 'SIGN_IN', subject: near }) ||
      this.limits.isUsedUp({ limit: 'SIGN_IN_ACCOUNT', subject: login });
    if (!isUsedUp) return;
    const slow = this.limits.chargeMemory([
      { limit: 'SIGN_IN_SLOW', subject: pairOf(near, login) },
    ]);
    if (slow !== null && isExceeded(slow)) {
      throw rateLimited(slow.resetsIn, { made: slow.burst, max: slow.burst });
    }
  }

  succeeded({ near }: ClientNetworks, login: string): void {
    this.#signedIn.set(pairOf(near, login), true);
  }

  failed({ near }: ClientNetworks, login: string): void {
    this.limits.chargeMemory([
      { limit: 'SIGN_IN', subject: near },
      { limit: 'SIGN_IN_ACCOUNT', subject: login },
    ]);
  }
}

function pairOf(near: string, login: string): string {
  return `${near} ${login}`;
}
