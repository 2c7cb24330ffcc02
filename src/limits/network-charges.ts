import type { LimitName } from '../config/limits.js';
import type { ClientNetworks } from '../shared/network.js';
import type { Charge } from './rate-limits.js';

/** The near network first: what it is refused for does not count against the wide one. */
export function networkCharges(
  { near, wide }: ClientNetworks,
  limit: LimitName,
  wideLimit: LimitName,
): Charge[] {
  const charges: Charge[] = [{ limit, subject: near }];
  if (wide !== null) charges.push({ limit: wideLimit, subject: wide });
  return charges;
}
