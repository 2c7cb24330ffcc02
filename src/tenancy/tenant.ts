import type { AccountId } from '../accounts/account.js';
import type { Region } from '../config/region.js';
import type { Hostname } from '../shared/hostname.js';

/** A customer's domain as far as it decides who may do what on it. */
export interface CustomDomain {
  readonly hostname: Hostname;
  readonly domainId: string;
  readonly ownerId: AccountId;
  /** Whether people without an account may create secrets over the API here. */
  readonly apiEnabled: boolean;
  /** The same for the pages. */
  readonly homepageEnabled: boolean;
}

/** Whose host a request came to. Resolved once, from the Host of the request, and passed on as a value. */
export interface Tenant {
  readonly region: Region;
  /** The customer's domain, or null on the region's own host. */
  readonly domain: Hostname | null;
  /** Whose domain that is and what is allowed there; null exactly when `domain` is. */
  readonly customDomain: CustomDomain | null;
  /** The name that links carry: the region's host or the customer's domain, never the deprecated base domain. */
  readonly hostname: Hostname;
  /** `https://eu.onetime.example`, with the public port unless it is 443; no slash at the end. */
  readonly origin: string;
  /** The names that count as "no custom domain" in `share_domain`: the region's host and the base domain. */
  readonly canonicalHostnames: readonly Hostname[];
  /** The request used the bare base domain, which is deprecated. */
  readonly isDeprecatedName: boolean;
}
