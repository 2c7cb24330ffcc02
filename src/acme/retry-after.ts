import { retryAfterIn, secondsUntil, type HeaderValues } from '../shared/retry-after.js';

/** Let's Encrypt repeats the header in the problem's text, and some proxies drop the header. */
const IN_WORDS = /retry after (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d) UTC/i;

/** Seconds to wait, from the header or from the text. Null: neither has it. */
export function retryAfterSeconds(headers: HeaderValues, text: string, now: Date): number | null {
  const asked = retryAfterIn(headers, now);
  if (asked !== null) return asked;
  const words = IN_WORDS.exec(text);
  return words === null ? null : secondsUntil(Date.parse(`${words[1]}T${words[2]}Z`), headers, now);
}
