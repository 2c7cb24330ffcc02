import type { Language } from '../shared/language.js';

/** A day and a time in UTC, which every reader can convert. */
export function instantIn(language: Language, instant: Date): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${format.format(instant)} UTC`;
}
