import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../shared/durations.js';

export interface Polled<T> {
  readonly value: T;
  /** From Retry-After; null: the CA gave none. */
  readonly retryAfterSeconds: number | null;
}

export interface PollingOptions {
  /** Milliseconds; afterwards the last answer is returned, final or not. */
  readonly budget: number;
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE = SECOND / 4;
const GROWTH = 1.5;
const LONGEST_PAUSE = 5 * SECOND;

/**
 * Polls until `isFinal`, for as long as the budget lasts. Returns at once when the CA says to come back later: that wait
 * is for the scheduler, and the worker goes on with another name.
 */
export async function poll<T>(
  ask: () => Promise<Polled<T>>,
  isFinal: (value: T) => boolean,
  { budget, signal }: PollingOptions,
): Promise<Polled<T>> {
  const giveUpAt = performance.now() + budget;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * GROWTH, LONGEST_PAUSE)) {
    const answer = await ask();
    if (isFinal(answer.value)) return answer;
    const isToldToWait = (answer.retryAfterSeconds ?? 0) > 0;
    if (isToldToWait || performance.now() + pause > giveUpAt) return answer;
    await sleep(pause, undefined, signal === undefined ? {} : { signal });
  }
}
