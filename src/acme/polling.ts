import { setTimeout as sleep } from 'node:timers/promises';
import { SECOND } from '../shared/durations.js';

export interface Polled<T> {
  readonly value: T;
  /** What the CA asked for; null: nothing. */
  readonly retryAfterSeconds: number | null;
}

export interface PollingOptions {
  /** Milliseconds to go on for; afterwards the last answer is given, finished or not. */
  readonly budget: number;
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE = SECOND / 4;
const GROWTH = 1.5;
const LONGEST_PAUSE = 5 * SECOND;

/**
 * Asks until `isFinal`, at the pace that the CA asks for. A Retry-After beyond what is left of the budget ends it at
 * once: waiting that long is for the scheduler, not for a worker that holds a lease.
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
