import { setTimeout as delay } from 'node:timers/promises';

const GIVE_UP_AFTER = 60_000;

/** Waits for a condition; rejects when it does not come true in a minute. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + GIVE_UP_AFTER;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('the condition did not come true');
    await delay(20);
  }
}
