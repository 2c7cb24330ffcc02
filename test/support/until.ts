import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until the result of `condition` is not null, undefined or false, and returns it. Checks every 25 ms.
 * @param what completes the error message "timed out … waiting for …"
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = 30_000,
): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const result = await condition();
    if (result !== null && result !== undefined && result !== false) return result;
    if (Date.now() > giveUpAt)
      throw new Error(`timed out after ${timeoutMs} ms waiting for ${what}`);
    await delay(25);
  }
}
