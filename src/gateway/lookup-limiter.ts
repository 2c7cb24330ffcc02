import type { LRUCache } from 'lru-cache';
import { boundedCache } from '../shared/bounded-cache.js';
import { SECOND } from '../shared/durations.js';
import type { Network } from '../shared/network.js';

interface LookupLimiterOptions {
  /** Tokens of a full bucket. */
  readonly burst?: number;
  /** Tokens added in a second. */
  readonly perSecond?: number;
  /** The networks whose buckets are kept; the least recently used is dropped, and is full again. */
  readonly networksMax?: number;
  readonly now?: () => number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds, as `now` returns them. */
  filledAt: number;
}

const BURST = 100;
const PER_SECOND = 10;
const NETWORKS_MAX = 20_000;

/**
 * Limits the database queries that a network can cause for names and challenge tokens that do not exist: one token
 * bucket for each network. A lookup that finds something returns its token, so names that serve are not limited.
 */
export class LookupLimiter {
  readonly #buckets: LRUCache<Network, Bucket>;
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;

  constructor(options: LookupLimiterOptions = {}) {
    this.#buckets = boundedCache(options.networksMax ?? NETWORKS_MAX);
    this.#burst = options.burst ?? BURST;
    this.#perSecond = options.perSecond ?? PER_SECOND;
    this.#now = options.now ?? (() => performance.now());
  }

  /** False when the bucket is empty: the caller must not query. */
  takeToken(network: Network): boolean {
    const bucket = this.#bucketOf(network);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** Returns the token: the lookup found something. */
  returnToken(network: Network): void {
    const bucket = this.#bucketOf(network);
    bucket.tokens = Math.min(this.#burst, bucket.tokens + 1);
  }

  #bucketOf(network: Network): Bucket {
    const now = this.#now();
    const known = this.#buckets.get(network);
    if (known === undefined) {
      const full = { tokens: this.#burst, filledAt: now };
      this.#buckets.set(network, full);
      return full;
    }
    const added = ((now - known.filledAt) / SECOND) * this.#perSecond;
    known.tokens = Math.min(this.#burst, known.tokens + added);
    known.filledAt = now;
    return known;
  }
}
