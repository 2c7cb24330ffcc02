import { DAY_SECONDS, SECOND } from '../shared/durations.js';

export type HeaderValues = Readonly<Record<string, string | string[] | undefined>>;

const SECONDS = /^\d+$/;
/** Let's Encrypt repeats the header in the problem's text, and some proxies drop the header. */
const IN_WORDS = /retry after (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/i;
/** No CA's limit is longer; a greater value is an error that would stop issuance. */
const LONGEST = 31 * DAY_SECONDS;

/** Seconds to wait, from Retry-After in either form (RFC 9110 section 10.2.3) or from the text. Null: neither has it. */
export function retryAfterSeconds(headers: HeaderValues, text: string, now: Date): number | null {
  const header = headers['retry-after'];
  if (typeof header === 'string') {
    if (SECONDS.test(header.trim())) return bounded(Number(header));
    // Relative to the CA's Date header, if present: our clock may be wrong.
    const date = Date.parse(header);
    if (!Number.isNaN(date)) return secondsBetween(clockOf(headers) ?? now.getTime(), date);
  }
  const words = IN_WORDS.exec(text);
  if (words === null) return null;
  return secondsBetween(clockOf(headers) ?? now.getTime(), Date.parse(`${words[1]}T${words[2]}Z`));
}

/** What the server's clock says: its Date, and the Age of an answer from a cache. Null: no Date. */
export function clockOf(headers: HeaderValues): number | null {
  const { date, age } = headers;
  const at = Date.parse(typeof date === 'string' ? date : '');
  const seconds = typeof age === 'string' && SECONDS.test(age) ? Number(age) : 0;
  return Number.isNaN(at) ? null : at + seconds * SECOND;
}

function secondsBetween(from: number, to: number): number | null {
  return Number.isNaN(to) ? null : bounded(Math.ceil((to - from) / SECOND));
}

function bounded(seconds: number): number {
  return Math.min(Math.max(seconds, 0), LONGEST);
}
