import { DAY_SECONDS, SECOND } from './durations.js';

export type HeaderValues = Readonly<Record<string, string | string[] | undefined>>;

const SECONDS = /^\d+$/;
/** A greater value is an error of the server. */
const LONGEST = 31 * DAY_SECONDS;

/** Seconds to wait, from Retry-After in either form (RFC 9110 section 10.2.3). Null: it is absent or has neither form. */
export function retryAfterIn(headers: HeaderValues, now: Date): number | null {
  const header = headers['retry-after'];
  if (typeof header !== 'string') return null;
  if (SECONDS.test(header.trim())) return bounded(Number(header));
  return secondsUntil(Date.parse(header), headers, now);
}

/** Seconds until `instant`, by the server's clock if it says what it is: ours may be another. Null for NaN. */
export function secondsUntil(instant: number, headers: HeaderValues, now: Date): number | null {
  if (Number.isNaN(instant)) return null;
  return bounded(Math.ceil((instant - (clockOf(headers) ?? now.getTime())) / SECOND));
}

/** What the server's clock says: its Date, and the Age of an answer from a cache. Null: no Date. */
export function clockOf(headers: HeaderValues): number | null {
  const { date, age } = headers;
  const at = Date.parse(typeof date === 'string' ? date : '');
  const seconds = typeof age === 'string' && SECONDS.test(age) ? Number(age) : 0;
  return Number.isNaN(at) ? null : at + seconds * SECOND;
}

function bounded(seconds: number): number {
  return Math.min(Math.max(seconds, 0), LONGEST);
}
