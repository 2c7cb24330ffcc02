import type { Actor } from '../../accounts/activity/activity.js';
import { actingOf } from '../../auth/acting.js';
import type { Caller } from '../../auth/caller.js';

/** Who acts, for the account's activity. */
export function actorOf(caller: Caller): Actor {
  return actingOf(caller).actor;
}
