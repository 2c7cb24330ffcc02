import type { AccountId } from '../accounts/account.js';
import type { Hostname } from '../shared/hostname.js';

/** `foreign`: another account's, or nobody's; which of them is not told. */
export type ShareDomainState = 'serving' | 'not_serving' | 'foreign';

/** What a name is to an account that wants it in its links. */
export abstract class ShareDomains {
  abstract stateFor(account: AccountId, hostname: Hostname): Promise<ShareDomainState>;
}
