import { DAY, HOUR, MINUTE, SECOND } from '../shared/durations.js';

/** The usable lifetime of a certificate. `from` is the later of its notBefore and its promotion. */
export interface Lifetime {
  readonly from: Date;
  readonly notAfter: Date;
}

/** The renewal window that the CA suggests (ARI, RFC 9773 section 4.2). */
export interface RenewalWindow {
  readonly start: Date;
  readonly end: Date;
}

/** 0 (included) to 1 (excluded), as Math.random gives it. */
export type Random = () => number;

/** Renewals are spread over this share of the lifetime, so that certificates issued together are not renewed together. */
const SPREAD = 1 / 20;

/**
 * When to renew without ARI: with a third of the lifetime left or up to SPREAD earlier, and not in the first minute of
 * an hour. The same rule for 90 days and for 5 minutes.
 */
export function renewalInstant({ from, notAfter }: Lifetime, random: Random): Date {
  const lifetime = notAfter.getTime() - from.getTime();
  const planned = notAfter.getTime() - lifetime / 3 - random() * lifetime * SPREAD;
  const earliest = from.getTime() + lifetime / 2;
  return new Date(Math.max(earliest, awayFromTheHour(planned, random)));
}

/** With a sixth of the lifetime left a renewal is taken before first issuances. */
export function urgentInstant({ from, notAfter }: Lifetime): Date {
  return new Date(notAfter.getTime() - (notAfter.getTime() - from.getTime()) / 6);
}

/** A random instant inside the window; the caller keeps it while the window is the same. Now, for a window in the past. */
export function instantInWindow({ start, end }: RenewalWindow, now: Date, random: Random): Date {
  const length = end.getTime() - start.getTime();
  const chosen = awayFromTheHour(start.getTime() + random() * length, random);
  return new Date(Math.max(chosen, start.getTime(), now.getTime()));
}

export function isSameWindow(a: RenewalWindow | null, b: RenewalWindow): boolean {
  return a?.start.getTime() === b.start.getTime() && a.end.getTime() === b.end.getTime();
}

/** The certificate that a suggestion is about. */
export interface Suggested {
  readonly isRenewal: boolean;
  /** The window has begun, or the CA says why it suggests it. */
  readonly isUrged: boolean;
  readonly promotedAt: Date;
  readonly notAfter: Date;
}

const EARLIEST_SHARE = 1 / 4;

/**
 * Bounds a suggested instant, so that a CA's error causes neither a lapse nor endless renewals: not later than with a
 * sixth of the lifetime left, and not in its first quarter. A CA that says why, or whose window has begun, revokes the
 * certificate as a rule: a first certificate is then renewed at once, a renewed one after a day (or a quarter of a
 * lifetime shorter than four days).
 */
export function withinReason(instant: Date, suggested: Suggested): Date {
  const { promotedAt: from, notAfter } = suggested;
  const latest = urgentInstant({ from, notAfter }).getTime();
  const earliest = from.getTime() + earliestAge(notAfter.getTime() - from.getTime(), suggested);
  return new Date(Math.min(Math.max(instant.getTime(), earliest), latest));
}

function earliestAge(lifetime: number, { isRenewal, isUrged }: Suggested): number {
  const share = lifetime * EARLIEST_SHARE;
  if (!isUrged) return share;
  return isRenewal ? Math.max(Math.min(HOUR, lifetime / 2), Math.min(DAY, share)) : 0;
}

const POLL_DEFAULT_SECONDS = (6 * HOUR) / SECOND;
const POLL_MIN_SECONDS = MINUTE / SECOND;
// RFC 9773 section 4.3 lets the client choose; twice a day notices a mass revocation in time.
const POLL_MAX_SECONDS = (12 * HOUR) / SECOND;

/** Seconds until the next ARI poll. */
export function nextPollSeconds(retryAfterSeconds: number | null): number {
  const wished = retryAfterSeconds ?? POLL_DEFAULT_SECONDS;
  return Math.min(Math.max(wished, POLL_MIN_SECONDS), POLL_MAX_SECONDS);
}

/** Avoids the first minute of an hour, in which other clients' cron jobs load the CA. */
function awayFromTheHour(instant: number, random: Random): number {
  if (instant % HOUR >= MINUTE) return instant;
  return instant - MINUTE - random() * MINUTE;
}
