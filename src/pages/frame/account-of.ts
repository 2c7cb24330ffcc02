import type { Account } from '../../accounts/account.js';
import type { Caller } from '../../auth/caller.js';
import { notAuthorized } from '../../auth/not-authorized.js';

/** The account of a caller of a route that requires one. */
export function accountOf({ account }: Caller): Account {
  if (account === null) throw notAuthorized();
  return account;
}
