import type { AccountId } from '../accounts/account.js';
import type { DomainPolicy } from '../domains/domain-policy.js';
import type { Hostname } from '../shared/hostname.js';

/** `foreign`: another account's domain or an unknown one; the two are not told apart. */
export type ShareDomainState = 'serving' | 'not_serving' | 'foreign';

export interface ShareDomain {
  readonly state: ShareDomainState;
  /** Of a domain that serves. */
  readonly policy: DomainPolicy;
}

/** A custom domain as it is for an account that requests it in a link. */
export abstract class ShareDomains {
  abstract find(account: AccountId, hostname: Hostname): Promise<ShareDomain>;
}
