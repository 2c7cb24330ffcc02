import type { CaaDecision } from '../dns/caa-policy.js';
import type { CaIdentity } from '../dns/caa-record.js';
import type { PersistAccount } from '../dns/persist-record.js';
import type { Hostname } from '../shared/hostname.js';
import type { ChallengeType } from '../acme/authorize-order.js';

/** Checks CAA records before an order: may this CA issue for the name? */
export abstract class CaaGate {
  /** @param ca an identity of the CA, our account there, and the validation methods that we can answer */
  abstract check(hostname: Hostname, ca: CaIdentity): Promise<CaaDecision>;
}

/** An account and its CA as a challenge names them. */
export type PermitsPersist = (account: PersistAccount) => boolean;

export interface PossibleChallenges {
  /** Those that can succeed at the name, the best first. */
  readonly challengeTypes: readonly ChallengeType[];
  /** Not all of it could be looked up: what worked last comes before the best. */
  readonly isUncertain: boolean;
  /** Whether the record at the name permits an account by dns-persist-01; absent: that is never used. */
  readonly permitsPersist?: PermitsPersist;
}

export type RoutingVerdict =
  /** `delegated`: the name need not lead here, since its challenges do. */
  | ({ readonly kind: 'pointed' | 'delegated' } & PossibleChallenges)
  /** `state` of the routing axis. */
  | { readonly kind: 'elsewhere'; readonly state: string }
  /** The check was inconclusive. */
  | { readonly kind: 'unknown' };

/** Checks now whether a CA could validate a custom domain, and how, so that no order is made that cannot succeed. */
export abstract class RoutingGate {
  abstract check(hostname: Hostname): Promise<RoutingVerdict>;
}
