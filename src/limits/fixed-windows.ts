import { boundedCache } from '../shared/bounded-cache.js';
import { SECOND } from '../shared/durations.js';

/** How far a key is in its window. */
export interface Usage {
  readonly used: number;
  /** Seconds until the window ends. */
  readonly resetsIn: number;
}

interface Window {
  used: number;
  /** Milliseconds, as `now` returns them. */
  readonly endsAt: number;
}

const KEYS_MAX = 20_000;

/** Counts by key in windows of time, in memory of fixed size: the keys that were counted longest ago are forgotten. */
export class FixedWindows {
  readonly #windows = boundedCache<string, Window>(KEYS_MAX);

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** Counts one more. A window of `seconds` begins with its first count. */
  add(key: string, seconds: number): Usage {
    const now = this.now();
    const known = this.#windows.get(key);
    const window =
      known !== undefined && known.endsAt > now
        ? known
        : { used: 0, endsAt: now + seconds * SECOND };
    window.used += 1;
    this.#windows.set(key, window);
    return { used: window.used, resetsIn: (window.endsAt - now) / SECOND };
  }

  /** The windows that have not ended. */
  open(): { readonly key: string; readonly used: number; readonly resetsIn: number }[] {
    const now = this.now();
    return [...this.#windows.entries()]
      .filter(([, { endsAt }]) => endsAt > now)
      .map(([key, { used, endsAt }]) => ({ key, used, resetsIn: (endsAt - now) / SECOND }));
  }

  delete(key: string): void {
    this.#windows.delete(key);
  }

  usedOf(key: string): number {
    const window = this.#windows.get(key);
    return window !== undefined && window.endsAt > this.now() ? window.used : 0;
  }
}
