import { DAY_SECONDS } from '../../shared/durations.js';
import type { Language } from '../../shared/language.js';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 60 * MINUTE_SECONDS;

/** The usual choices, in seconds. */
export const LIFETIMES: readonly number[] = [
  5 * MINUTE_SECONDS,
  30 * MINUTE_SECONDS,
  HOUR_SECONDS,
  4 * HOUR_SECONDS,
  DAY_SECONDS,
  3 * DAY_SECONDS,
  7 * DAY_SECONDS,
  14 * DAY_SECONDS,
  30 * DAY_SECONDS,
];

const SECOND_UNIT = { name: 'second', seconds: 1 } as const;
const UNITS = [
  { name: 'day', seconds: DAY_SECONDS },
  { name: 'hour', seconds: HOUR_SECONDS },
  { name: 'minute', seconds: MINUTE_SECONDS },
] as const;

/** In the unit in which people say it: the largest that divides it. */
export function lifetimeText(language: Language, seconds: number): string {
  const unit = UNITS.find(({ seconds: each }) => seconds % each === 0) ?? SECOND_UNIT;
  const format = { style: 'unit', unit: unit.name, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(language, format).format(seconds / unit.seconds);
}
