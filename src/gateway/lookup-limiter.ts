import { LRUCache } from 'lru-cache';
import { SECOND } from '../shared/durations.js';
import type { Network } from '../shared/network.js';

export interface LookupLimiterOptions {
  /** How many misses a network has at once, and how many come back in a second. */
  readonly burst?: number;
  readonly perSecond?: number;
  readonly now?: () => number;
}

interface Bucket {
  tokens: number;
  /** Milliseconds, as of `now`. */
  filledAt: number;
}

const BURST = 100;
const PER_SECOND = 10;
const NETWORKS_MAX = 20_000;

/**
 * How often a network may make us ask the database for nothing: names that nobody serves, tokens that nobody waits for.
 * What is found costs it nothing in the end, so that it can ask for any number of names that do serve.
 */
export class LookupLimiter {
  readonly #buckets = new LRUCache<Network, Bucket>({ max: NETWORKS_MAX });
  readonly #burst: number;
  readonly #perSecond: number;
  readonly #now: () => number;

  constructor(options: LookupLimiterOptions = {}) {
    this.#burst = options.burst ?? BURST;
    this.#perSecond = options.perSecond ?? PER_SECOND;
    this.#now = options.now ?? (() => performance.now());
  }

  /** Takes one; false: there is none, so nothing is to be asked. */
  takeToken(network: Network): boolean {
    const bucket = this.#bucketOf(network);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** It was no miss. */
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
