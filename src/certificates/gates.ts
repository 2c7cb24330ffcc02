import type { CaaDecision } from '../dns/caa-policy.js';
import type { CaIdentity } from '../dns/caa-record.js';
import type { Hostname } from '../shared/hostname.js';
import type { ChallengeType } from '../acme/authorize-order.js';

/** Checks CAA records before an order: may this CA issue for the name? */
export abstract class CaaGate {
  /** @param ca an identity of the CA, our account there, and the validation methods that we can answer */
  abstract check(hostname: Hostname, ca: CaIdentity): Promise<CaaDecision>;
}

export type RoutingVerdict =
  /** `challengeType`: tls-alpn-01 if port 80 cannot be reached. */
  | { readonly kind: 'pointed'; readonly challengeType: ChallengeType }
  /** `state` of the routing axis. */
  | { readonly kind: 'elsewhere'; readonly state: string }
  /** The check was inconclusive. */
  | { readonly kind: 'unknown' };

/** Checks now whether a custom domain leads to this region, so that no order is made that cannot validate. */
export abstract class RoutingGate {
  abstract check(hostname: Hostname): Promise<RoutingVerdict>;
}
