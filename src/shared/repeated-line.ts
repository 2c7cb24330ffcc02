import { MINUTE, SECOND } from '../shared/durations.js';

const FIRST_PAUSE = 2 * SECOND;
const LONGEST_PAUSE = MINUTE;

/** When a line about what is tried again and again is due: at once for another reason, then after 2, 4, 8 … 60 seconds. */
export class RepeatedLine {
  #reason: string | null = null;
  #dueAt = 0;
  #pause = FIRST_PAUSE;

  /** @param now by performance.now() */
  isDue(reason: string, now = performance.now()): boolean {
    const isNew = reason !== this.#reason;
    if (!isNew && now < this.#dueAt) return false;
    this.#pause = isNew ? FIRST_PAUSE : Math.min(2 * this.#pause, LONGEST_PAUSE);
    this.#dueAt = now + this.#pause;
    this.#reason = reason;
    return true;
  }
}
