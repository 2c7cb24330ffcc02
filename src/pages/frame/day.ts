import { useFrame } from './frame.js';

/** Writes an instant, or a day such as `2026-11-27`, as the day in UTC, in the page's language. */
export function useDay(): (at: Date | string) => string {
  const { language } = useFrame();
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  return (at) => format.format(new Date(at));
}
