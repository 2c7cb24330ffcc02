import { MINUTE, SECOND } from '../../shared/durations.js';

const FIRST = SECOND / 2;
const LONGEST = 30 * SECOND;
/** A worker that has served for so long has not failed by its start. */
const STEADY_AFTER = MINUTE;

/** How long a worker that ended stays away: twice as long each time, until one has served for a minute. */
export class RestartBackoff {
  #failures = 0;

  /** @param servedMs how long the worker that has ended served */
  next(servedMs: number): number {
    if (servedMs >= STEADY_AFTER) this.#failures = 0;
    this.#failures += 1;
    return Math.min(FIRST * 2 ** (this.#failures - 1), LONGEST);
  }
}
