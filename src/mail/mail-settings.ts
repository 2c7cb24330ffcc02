import { DAY_SECONDS, MINUTE, SECOND } from '../shared/durations.js';

export interface MailTiming {
  /** Until the connection is there, DNS and TLS included; in milliseconds, as the next three. */
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Without a byte from the server. A server that scans the message is silent for long. */
  readonly silenceMs: number;
  /** One attempt as a whole; shorter than the lease. */
  readonly attemptMs: number;
  /** Mails that are sent at the same time by one process. */
  readonly parallel: number;
}

export const MAIL_TIMING: MailTiming = {
  connectMs: 15 * SECOND,
  greetingMs: 15 * SECOND,
  silenceMs: MINUTE,
  attemptMs: 3 * MINUTE,
  parallel: 10,
};

/** A mail that no server has taken by then has failed. */
export const GIVE_UP_SECONDS = DAY_SECONDS;

const FIRST_RETRY_SECONDS = 60;
const LONGEST_RETRY_SECONDS = 3600;

/** The pause after so many failed attempts: a minute, doubled up to an hour, and up to a fifth more. */
export function retrySeconds(attempts: number, random: () => number): number {
  const doubled = FIRST_RETRY_SECONDS * 2 ** Math.min(attempts - 1, 10);
  return Math.round(Math.min(doubled, LONGEST_RETRY_SECONDS) * (1 + random() / 5));
}
