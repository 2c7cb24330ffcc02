import { DAY_SECONDS, SECOND } from '../shared/durations.js';
import type { NetworkList } from '../shared/network.js';

/** Of one cell. */
export class WebhookSettings {
  /** Addresses that are not public and that a target may have all the same. */
  readonly privateTargets!: NetworkList;
  /** PEM of the roots for targets' certificates; null: the system's. */
  readonly roots!: string | null;
  /** One attempt from the look-up of the name to the end of the answer. */
  readonly attemptMs!: number;
  /** Attempts of one process at the same time. */
  readonly parallel!: number;
}

export const WEBHOOK_TIMING = { attemptMs: 10 * SECOND, parallel: 32 } as const;

/** Of one account. */
export const WEBHOOKS_MAX = 10;
/** A day and a week: how long the secret before signs too. */
export const SECRET_OVERLAP_SECONDS = { usual: DAY_SECONDS, max: 7 * DAY_SECONDS } as const;

/** An event that was not taken by then is given up. */
export const GIVE_UP_SECONDS = DAY_SECONDS;

const FIRST_RETRY_SECONDS = 5;
const LONGEST_RETRY_SECONDS = 2 * 3600;
const LONGEST_REST_SECONDS = 300;

/** The pause of an event after so many attempts: 5 seconds, doubled up to two hours, and up to a fifth more. */
export function retrySeconds(
  attempts: number,
  retryAfterSeconds: number | null,
  random: () => number = Math.random,
): number {
  const doubled = Math.min(
    FIRST_RETRY_SECONDS * 2 ** Math.min(attempts - 1, 20),
    LONGEST_RETRY_SECONDS,
  );
  const asked = Math.min(retryAfterSeconds ?? 0, LONGEST_RETRY_SECONDS);
  return Math.round(Math.max(doubled, asked) * (1 + random() / 5));
}

/** How long a target that has failed so many times in a row is left alone: a second, doubled up to five minutes. */
export function restSeconds(failures: number): number {
  return Math.min(2 ** Math.min(failures - 1, 20), LONGEST_REST_SECONDS);
}
