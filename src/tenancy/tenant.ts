import type { AccountId } from '../accounts/account.js';
import type { AccountPlan } from '../accounts/plans.js';
import type { DomainLook } from '../domains/domain-look.js';
import type { DomainPolicy } from '../domains/domain-policy.js';
import type { Region } from '../config/region.js';
import type { Hostname } from '../shared/hostname.js';

/** The facts about a custom domain that decide what its visitors may do. */
export interface CustomDomain {
  readonly hostname: Hostname;
  readonly domainId: string;
  readonly ownerId: AccountId;
  /** Whether anonymous callers may create secrets here by the API. */
  readonly apiEnabled: boolean;
  /** Whether anonymous callers may create secrets here by the pages. */
  readonly homepageEnabled: boolean;
  readonly policy: DomainPolicy;
  readonly look: DomainLook;
  /** See ServedDomain. */
  readonly lookDomainId: string;
  /** Its limits are those of anonymous callers here. */
  readonly ownerPlan: AccountPlan;
}

/** The host that a request was sent to: the region's own or a custom domain. Resolved once, from the Host header. */
export interface Tenant {
  readonly region: Region;
  /** The custom domain, or null on the region's own host. */
  readonly domain: Hostname | null;
  /** Owner and settings of the custom domain. Null exactly when `domain` is null. */
  readonly customDomain: CustomDomain | null;
  /** The name in links: the region's host or the custom domain, never the deprecated base domain. */
  readonly hostname: Hostname;
  /** For example `https://eu.onetime.example`, with the public port unless it is 443; without a trailing slash. */
  readonly origin: string;
  /** The names that mean "no custom domain" in `share_domain`: the base domain and the hosts of all regions. */
  readonly canonicalHostnames: readonly Hostname[];
  /** Whether the request was sent to the base domain itself, which is deprecated. */
  readonly isDeprecatedName: boolean;
}
