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
 * Polls until `isFinal`, with the CA's Retry-After as the least pause. Returns at once if the pause exceeds the rest of
 * the budget: long waits are for the scheduler, not for a worker with a lease.
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
    const wait = Math.max(pause, (answer.retryAfterSeconds ?? 0) * SECOND);
    if (performance.now() + wait > giveUpAt) return answer;
    await sleep(wait, undefined, signal === undefined ? {} : { signal });
  }
}
