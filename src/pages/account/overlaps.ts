import { DAY_SECONDS } from '../../shared/durations.js';
import type { SentForm } from '../frame/page-form.js';

/** How long a value that was replaced stays valid. The first is the usual one. */
export const OVERLAPS = [
  { name: 'day', seconds: DAY_SECONDS },
  { name: 'now', seconds: 0 },
  { name: 'hour', seconds: DAY_SECONDS / 24 },
  { name: 'week', seconds: 7 * DAY_SECONDS },
] as const;

/** The choice of an OverlapField, in seconds. */
export function overlapIn(sent: SentForm): number {
  const chosen = sent.get('overlap');
  return (OVERLAPS.find(({ name }) => name === chosen) ?? OVERLAPS[0]).seconds;
}
