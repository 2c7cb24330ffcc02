import type { AccountId } from '../accounts/account.js';
import type { Hostname } from '../shared/hostname.js';

/** `foreign`: another account's domain or an unknown one; the two are not told apart. */
export type ShareDomainState = 'serving' | 'not_serving' | 'foreign';

/** The state of a custom domain for an account that requests it in a link. */
export abstract class ShareDomains {
  abstract stateFor(account: AccountId, hostname: Hostname): Promise<ShareDomainState>;
}
