import type { CaaDecision } from '../dns/caa-policy.js';
import type { CaIdentity } from '../dns/caa-record.js';
import type { Hostname } from '../shared/hostname.js';
import type { ChallengeType } from '../acme/authorize-order.js';

/** Asks DNS, before any order, whether a CA may issue for a name. */
export abstract class CaaGate {
  /** @param ca an identity of the CA, the account, and the challenges that we could answer */
  abstract check(hostname: Hostname, ca: CaIdentity): Promise<CaaDecision>;
}

export type RoutingVerdict =
  /** `challengeType`: tls-alpn-01 where port 80 is out of reach. */
  | { readonly kind: 'pointed'; readonly challengeType: ChallengeType }
  /** `state` as the routing axis has it. */
  | { readonly kind: 'elsewhere'; readonly state: string }
  /** Nobody could say: no judgement. */
  | { readonly kind: 'unknown' };

/** Looks, now, whether a custom domain leads here: a dead name is not ordered for. */
export abstract class RoutingGate {
  abstract check(hostname: Hostname): Promise<RoutingVerdict>;
}
