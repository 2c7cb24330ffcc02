import { DAY_SECONDS } from '../shared/durations.js';

/** What a caller may do. */
export interface PlanLimits {
  /** The longest time to live of a secret, in seconds; longer ones are clamped to it. */
  readonly ttlSecondsMax: number;
  /** The largest value, in bytes of UTF-8; over it an error, never truncation. */
  readonly secretBytesMax: number;
  /** How many custom domains an account may have; 0: the plan has none. */
  readonly domainsMax: number;
}

/** The plans of accounts, and the limits of callers without one. */
export const PLANS = {
  anonymous: { ttlSecondsMax: 7 * DAY_SECONDS, secretBytesMax: 10_000, domainsMax: 0 },
  basic: { ttlSecondsMax: 14 * DAY_SECONDS, secretBytesMax: 10_000, domainsMax: 0 },
  identity_plus: { ttlSecondsMax: 30 * DAY_SECONDS, secretBytesMax: 100_000, domainsMax: 100 },
} as const satisfies Record<string, PlanLimits>;

export type AccountPlan = Exclude<keyof typeof PLANS, 'anonymous'>;

export const ACCOUNT_PLANS = ['basic', 'identity_plus'] as const satisfies readonly AccountPlan[];

/** The plans with custom domains. */
export const PLANS_WITH_DOMAINS: readonly AccountPlan[] = ACCOUNT_PLANS.filter(
  (plan) => PLANS[plan].domainsMax > 0,
);
