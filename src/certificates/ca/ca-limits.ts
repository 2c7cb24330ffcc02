import { DAY, HOUR, MINUTE, SECOND } from '../../shared/durations.js';

/** `count` events in each period of `periodSeconds`. */
export interface CaLimit {
  readonly count: number;
  readonly periodSeconds: number;
}

/**
 * A little below the limits of the strictest public CA, so that we stop before the CA refuses. Renewals are exempt from
 * the first two, as they are there.
 */
export const CA_LIMITS = {
  /** key: CA. Orders of our account that are no renewals. */
  newOrders: { count: 280, periodSeconds: (3 * HOUR) / SECOND },
  /** key: CA + registrable domain. The CA also counts other accounts' certificates, so it may refuse earlier. */
  certificatesPerDomain: { count: 45, periodSeconds: (7 * DAY) / SECOND },
  /** key: CA + name. */
  failedAuthorizations: { count: 4, periodSeconds: HOUR / SECOND },
} as const satisfies Record<string, CaLimit>;

export type CaLimitName = keyof typeof CA_LIMITS | 'certificatesPerName';

/** The hard stop for lifetimes of 45 days or more. */
const CERTIFICATES_PER_NAME = 3;
const WINDOW = 7 * DAY;
/** Renewals come with a third of the lifetime left; this many times as many are allowed. */
const SLACK = 2;

/**
 * The hard stop per exact name, over all CAs, against lost storage or a loop that orders without end. Shorter lifetimes
 * need more certificates.
 * @param lifetimeSeconds of the name's current certificate; null: it has none
 */
export function certificatesPerName(lifetimeSeconds: number | null): CaLimit {
  const periodSeconds = WINDOW / SECOND;
  if (lifetimeSeconds === null) return { count: CERTIFICATES_PER_NAME, periodSeconds };
  const usedSeconds = Math.max((lifetimeSeconds * 2) / 3, MINUTE / SECOND / 6);
  const needed = Math.ceil(periodSeconds / usedSeconds);
  return { count: Math.max(CERTIFICATES_PER_NAME, SLACK * needed), periodSeconds };
}
