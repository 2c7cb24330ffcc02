import { DAY, HOUR, MINUTE, SECOND } from '../../shared/durations.js';

/** So many in so long. */
export interface CaLimit {
  readonly count: number;
  readonly periodSeconds: number;
}

/**
 * What a CA lets us do, a little less than what the strictest public one says: the CA is never the one to tell us.
 * Renewals are exempt from the first two, there as here.
 */
export const CA_LIMITS = {
  /** key: CA. First orders of our account. */
  newOrders: { count: 280, periodSeconds: (3 * HOUR) / SECOND },
  /** key: CA + registrable domain. The CA counts other people's certificates too, so this is no promise. */
  certificatesPerDomain: { count: 45, periodSeconds: (7 * DAY) / SECOND },
  /** key: CA + name. */
  failedAuthorizations: { count: 4, periodSeconds: HOUR / SECOND },
} as const satisfies Record<string, CaLimit>;

export type CaLimitName = keyof typeof CA_LIMITS | 'certificatesPerName';

/** What the hard stop allows where a certificate lasts 45 days or more, whatever goes wrong. */
const CERTIFICATES_PER_NAME = 3;
const WINDOW = 7 * DAY;
/** Renewals come with a third of the lifetime left; so many times as often may something go wrong. */
const SLACK = 2;

/**
 * The hard stop per exact name, over all CAs: storage that loses what was issued, or a loop of ours, must not ask for
 * certificates without end. Shorter lifetimes need more of them.
 * @param lifetimeSeconds of the name's present certificate; null: it has none, so nothing says that it is short
 */
export function certificatesPerName(lifetimeSeconds: number | null): CaLimit {
  const periodSeconds = WINDOW / SECOND;
  if (lifetimeSeconds === null) return { count: CERTIFICATES_PER_NAME, periodSeconds };
  const usedSeconds = Math.max((lifetimeSeconds * 2) / 3, MINUTE / SECOND / 6);
  const needed = Math.ceil(periodSeconds / usedSeconds);
  return { count: Math.max(CERTIFICATES_PER_NAME, SLACK * needed), periodSeconds };
}
