import { DAY, HOUR, MINUTE, SECOND } from '../../shared/durations.js';
import { LAPSED_GRACE, type Ownership } from '../ownership.js';
import type { Routing } from '../routing.js';

/** The columns that decide when a claim is checked again. */
export interface CheckedClaim extends Ownership, Routing {
  /** Checks since the last change. */
  readonly checkAttempts: number;
}

/**
 * After a new claim and after each change, while the customer is probably editing records: each wait is a fifth of the
 * time since then, more or less. Whoever asks for the name meanwhile makes it due at once (ClaimKnocks). Claims with
 * fewer checks are those of the index `domains_setup_check_at_idx`.
 */
const SOON = [
  ...[4, 4, 5, 6, 8, 10, 12, 15, 15, 20, 20, 30, 30, 30].map((seconds) => seconds * SECOND),
  ...[1, 1, 2, 2, 5, 10].map((minutes) => minutes * MINUTE),
];
/** After a change of a claim that is proven and leads here: nothing is left to wait for. */
const CONFIRMATION = [MINUTE, 10 * MINUTE];
const UNSETTLED = HOUR;
const SETTLED = 6 * HOUR;
// A proven name that has led elsewhere for longer is not being set up: it has moved away.
const MOVED_AWAY_AFTER = 2 * DAY;
const JITTER = 0.1;

/**
 * When to check the claim again; null for a claim that has ended. `random` (0 to 1) spreads the times. A regular check
 * is never in the first minute of an hour, when cron jobs load the name servers.
 */
export function nextCheckAt(claim: CheckedClaim, now: Date, random: number): Date | null {
  if (claim.ownership === 'revoked') return null;
  const soon = (isSettled(claim) ? CONFIRMATION : SOON)[claim.checkAttempts];
  const wait = (soon ?? steadyInterval(claim, now)) * (1 - JITTER + 2 * JITTER * random);
  const spread =
    soon === undefined ? offTheHour(now.getTime() + wait, random) : now.getTime() + wait;
  const end = endOf(claim);
  return new Date(end === null ? spread : Math.min(spread, Math.max(end, now.getTime() + SECOND)));
}

function isSettled({ ownership, pointedAt, proofMissingSince }: CheckedClaim): boolean {
  return ownership === 'verified' && pointedAt !== null && proofMissingSince === null;
}

function steadyInterval(claim: CheckedClaim, now: Date): number {
  if (claim.ownership === 'pending' || claim.ownership === 'conflict') return UNSETTLED;
  if (claim.pointedAt !== null) return SETTLED;
  return now.getTime() - claim.routingSince.getTime() < MOVED_AWAY_AFTER ? UNSETTLED : SETTLED;
}

function offTheHour(time: number, random: number): number {
  const isFirstMinute = new Date(time).getUTCMinutes() === 0;
  return isFirstMinute ? time + MINUTE + random * 10 * MINUTE : time;
}

/** When the claim ends if nothing changes: an unproven claim and a lapsed one have a deadline. */
function endOf({ ownership, challengeExpiresAt, lapsedAt }: Ownership): number | null {
  if (ownership === 'pending' || ownership === 'conflict') return challengeExpiresAt.getTime();
  if (ownership === 'lapsed' && lapsedAt !== null) return lapsedAt.getTime() + LAPSED_GRACE;
  return null;
}
