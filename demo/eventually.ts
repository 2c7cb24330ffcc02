import { setTimeout as delay } from 'node:timers/promises';

const POLL = 200;
const TIMEOUT = 60_000;

/** Repeats `ask` until the result is not null. Throws at the timeout. */
export async function eventually<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  const giveUpAt = performance.now() + TIMEOUT;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > giveUpAt) {
      throw new Error(`Timed out after ${TIMEOUT / 1000} seconds: ${what}.`);
    }
    await delay(POLL);
  }
}
