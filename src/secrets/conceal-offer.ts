import { PLANS, type PlanLimits } from '../accounts/plans.js';
import type { Caller } from '../auth/caller.js';
import { NO_POLICY, type DomainPolicy } from '../domains/domain-policy.js';
import { PASSPHRASE_LENGTH } from '../shared/conceal-bounds.js';
import { DAY_SECONDS } from '../shared/durations.js';

/** For a secret that asks for no time to live, where the owner of the domain has set none. */
export const TTL_SECONDS_DEFAULT = 7 * DAY_SECONDS;

/** What a caller may choose for a new secret: the plan's limits within the policy of the domain in the link. */
export interface ConcealOffer {
  readonly secretBytesMax: number;
  readonly ttlSecondsMax: number;
  /** For a secret without a time to live of its own. */
  readonly ttlSecondsDefault: number;
  readonly isPassphraseRequired: boolean;
  readonly passphraseLength: { readonly min: number; readonly max: number };
}

/** The plan of the caller. People without an account have the plan of the owner on a custom domain. */
export function limitsOf({ account, tenant }: Caller): PlanLimits {
  return PLANS[account?.plan ?? tenant.customDomain?.ownerPlan ?? 'anonymous'];
}

/** @param policy of the domain in the link; absent: of the host of the request */
export function offerTo(
  caller: Caller,
  policy: DomainPolicy = caller.tenant.customDomain?.policy ?? NO_POLICY,
): ConcealOffer {
  const { secretBytesMax, ttlSecondsMax } = limitsOf(caller);
  const longest = Math.min(ttlSecondsMax, policy.ttlSecondsMax ?? ttlSecondsMax);
  const { min, max } = PASSPHRASE_LENGTH;
  return {
    secretBytesMax,
    ttlSecondsMax: longest,
    ttlSecondsDefault: Math.min(policy.ttlSecondsDefault ?? TTL_SECONDS_DEFAULT, longest),
    isPassphraseRequired: policy.isPassphraseRequired,
    passphraseLength: { min: policy.passphraseLengthMin ?? min, max },
  };
}
