import { LRUCache } from 'lru-cache';
import type { AccountId } from '../../accounts/account.js';
import { AppError } from '../../shared/app-error.js';
import { SECOND } from '../../shared/durations.js';

interface Bucket {
  tokens: number;
  /** Milliseconds, as `now` returns them. */
  filledAt: number;
}

/** All domains of an account can be claimed and verified in one go. */
export const LOOK_UPS_BURST = 200;
const PER_SECOND = 1;
const ACCOUNTS_MAX = 10_000;

/**
 * How often an account may make this process look at name servers and addresses that are not ours: claims, `verify` and
 * dry runs share one token bucket, since each of them sends some thirty queries and a probe to whatever the caller names.
 */
export class LookUpBudget {
  readonly #buckets = new LRUCache<AccountId, Bucket>({ max: ACCOUNTS_MAX });

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Throws AppError `rate_limited` when the account has used its budget up. */
  charge(accountId: AccountId): void {
    const bucket = this.#bucketOf(accountId);
    if (bucket.tokens >= 1) {
      bucket.tokens -= 1;
      return;
    }
    throw new AppError(
      'rate_limited',
      'Too many claims, dry runs and checks of your domains at once. Please wait a moment.',
      { retryAfterSeconds: Math.ceil((1 - bucket.tokens) / PER_SECOND) },
    );
  }

  #bucketOf(accountId: AccountId): Bucket {
    const now = this.now();
    const known = this.#buckets.get(accountId);
    if (known === undefined) {
      const full = { tokens: LOOK_UPS_BURST, filledAt: now };
      this.#buckets.set(accountId, full);
      return full;
    }
    const added = ((now - known.filledAt) / SECOND) * PER_SECOND;
    known.tokens = Math.min(LOOK_UPS_BURST, known.tokens + added);
    known.filledAt = now;
    return known;
  }
}
