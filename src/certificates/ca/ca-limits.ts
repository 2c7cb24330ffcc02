import type { CaLimit } from '../../config/acme-limits.js';
import { MINUTE, SECOND } from '../../shared/durations.js';

/** Renewals come with a third of the lifetime left; this many times as many are allowed. */
const SLACK = 2;

/**
 * The hard stop per exact name. Shorter lifetimes need more certificates than the limit says.
 * @param lifetimeSeconds of the name's current certificate; null: it has none
 */
export function certificatesPerName(limit: CaLimit, lifetimeSeconds: number | null): CaLimit {
  if (lifetimeSeconds === null) return limit;
  const usedSeconds = Math.max((lifetimeSeconds * 2) / 3, MINUTE / SECOND / 6);
  const needed = Math.ceil(limit.periodSeconds / usedSeconds);
  return { ...limit, count: Math.max(limit.count, SLACK * needed) };
}
