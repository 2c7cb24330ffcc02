import { setTimeout as delay } from 'node:timers/promises';

const POLL = 200;
const PATIENCE = 60_000;

/** Asks again and again until there is an answer other than null. Throws a sentence when that takes too long. */
export async function eventually<T>(what: string, ask: () => Promise<T | null>): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE;
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (performance.now() > giveUpAt) {
      throw new Error(`Waited ${PATIENCE / 1000} seconds in vain: ${what}.`);
    }
    await delay(POLL);
  }
}
