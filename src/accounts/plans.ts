import { DAY_SECONDS } from '../shared/durations.js';

/** The limits of one plan. */
export interface PlanLimits {
  /** The longest time to live of a secret, in seconds. A longer one is reduced to it. */
  readonly ttlSecondsMax: number;
  /** The largest value of a secret, in bytes of UTF-8. A larger one is refused, never truncated. */
  readonly secretBytesMax: number;
  /** The number of custom domains that an account may have; 0: the plan has none. */
  readonly domainsMax: number;
}

/** The plans of accounts, and the limits of anonymous callers. */
export const PLANS = {
  anonymous: { ttlSecondsMax: 7 * DAY_SECONDS, secretBytesMax: 10_000, domainsMax: 0 },
  basic: { ttlSecondsMax: 14 * DAY_SECONDS, secretBytesMax: 10_000, domainsMax: 0 },
  identity_plus: { ttlSecondsMax: 30 * DAY_SECONDS, secretBytesMax: 100_000, domainsMax: 100 },
} as const satisfies Record<string, PlanLimits>;

export type AccountPlan = Exclude<keyof typeof PLANS, 'anonymous'>;

export const ACCOUNT_PLANS = ['basic', 'identity_plus'] as const satisfies readonly AccountPlan[];

/** The plans that allow custom domains. */
export const PLANS_WITH_DOMAINS: readonly AccountPlan[] = ACCOUNT_PLANS.filter(
  (plan) => PLANS[plan].domainsMax > 0,
);
