import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';

const QUIET_MS = 30_000;
const LOAD_MAX = 5;

/**
 * Waits until the result of `condition` is not null, undefined or false, and returns it. Checks every 25 ms.
 * @param what completes the error message "timed out … waiting for …"
 */
export async function until<T>(
  what: string,
  condition: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  timeoutMs = patienceMs(),
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

/** 30 seconds on a quiet machine, up to five times as long when more processes want to run than there are processors. */
function patienceMs(): number {
  const load = (loadavg()[0] ?? 0) / availableParallelism();
  return QUIET_MS * Math.min(LOAD_MAX, Math.max(1, load));
}
