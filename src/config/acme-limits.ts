/** `count` events in each period of `periodSeconds`. */
export interface CaLimit {
  readonly count: number;
  readonly periodSeconds: number;
}

export const CA_LIMIT_NAMES = [
  'newOrders',
  'certificatesPerDomain',
  'certificatesPerName',
  'failedAuthorizations',
] as const;
export type CaLimitName = (typeof CA_LIMIT_NAMES)[number];

/** What we ask of a CA at most. A limit that is left out does not exist. */
export type CaLimits = Readonly<Partial<Record<CaLimitName, CaLimit>>>;

const HOUR_SECONDS = 3600;
const WEEK_SECONDS = 7 * 24 * HOUR_SECONDS;

/**
 * A little below the limits of the strictest public CA, so that we stop before the CA refuses. Renewals are exempt from
 * the first two, as they are there.
 */
export const PUBLIC_CA_LIMITS = {
  /** Of our account; no renewals. */
  newOrders: { count: 280, periodSeconds: 3 * HOUR_SECONDS },
  /** The CA also counts other accounts' certificates, so it may refuse earlier. */
  certificatesPerDomain: { count: 45, periodSeconds: WEEK_SECONDS },
  /** Over all CAs, against lost storage or a loop that orders without end; more for lifetimes below 45 days. */
  certificatesPerName: { count: 3, periodSeconds: WEEK_SECONDS },
  /** By name. */
  failedAuthorizations: { count: 4, periodSeconds: HOUR_SECONDS },
} as const satisfies CaLimits;

const PUBLIC_CAS = [
  'letsencrypt.org',
  'pki.goog',
  'zerossl.com',
  'sectigo.com',
  'ssl.com',
  'digicert.com',
  'globalsign.com',
  'buypass.com',
  'buypass.no',
  'actalis.com',
];

/** A private CA has no limits, unless they are configured. */
export function defaultLimits(directoryUrl: string): CaLimits {
  const { hostname } = new URL(directoryUrl);
  const isPublic = PUBLIC_CAS.some((ca) => hostname === ca || hostname.endsWith(`.${ca}`));
  return isPublic ? PUBLIC_CA_LIMITS : {};
}

/** What operators call the limits, in the configuration and in the metrics. */
export const CA_LIMIT_WORDS = {
  newOrders: 'orders',
  certificatesPerDomain: 'domain',
  certificatesPerName: 'name',
  failedAuthorizations: 'failures',
} as const satisfies Record<CaLimitName, string>;

const NAMES: ReadonlyMap<string, CaLimitName> = new Map(
  CA_LIMIT_NAMES.map((name) => [CA_LIMIT_WORDS[name], name]),
);
const ENTRY = /^([a-z]+)=([1-9]\d{0,6})\/([1-9]\d{0,6})$/;

/** Longer periods are not kept in the ledger. */
const PERIOD_MAX = WEEK_SECONDS;

/** `off`, or `orders=280/10800,name=3/604800`: count and seconds. Null: not readable. */
export function parseLimits(text: string): CaLimits | null {
  if (text === 'off') return {};
  const limits: Partial<Record<CaLimitName, CaLimit>> = {};
  for (const entry of text.split(',')) {
    const [, key = '', count, seconds] = ENTRY.exec(entry.trim()) ?? [];
    const name = NAMES.get(key);
    if (name === undefined || name in limits || Number(seconds) > PERIOD_MAX) return null;
    limits[name] = { count: Number(count), periodSeconds: Number(seconds) };
  }
  return limits;
}
