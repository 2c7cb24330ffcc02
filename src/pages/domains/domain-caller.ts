import type { Actor } from '../../accounts/activity/activity.js';
import { actingOf } from '../../auth/acting.js';
import type { Caller } from '../../auth/caller.js';

/** Who acts, for the account's activity. */
export function actorOf(caller: Caller): Actor {
  return actingOf(caller).actor;
}

/** The proof that a form comes from a page of the session; null without a session. */
export function csrfOf({ session }: Caller): string | null {
  return session?.csrfToken ?? null;
}
