import { HOUR, MINUTE, SECOND } from '../shared/durations.js';

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

/** A random instant of the window; the caller keeps it while the window is the same. Now, for a window in the past. */
export function instantInWindow({ start, end }: RenewalWindow, now: Date, random: Random): Date {
  const length = end.getTime() - start.getTime();
  const chosen = awayFromTheHour(start.getTime() + random() * length, random);
  return new Date(Math.max(chosen, now.getTime()));
}

export function isSameWindow(a: RenewalWindow | null, b: RenewalWindow): boolean {
  return a?.start.getTime() === b.start.getTime() && a.end.getTime() === b.end.getTime();
}

/** The certificate that a suggestion is about. */
export interface Suggested {
  readonly isRenewal: boolean;
  readonly promotedAt: Date;
  readonly notAfter: Date;
}

/**
 * Bounds a suggested instant. Not after the certificate's end; and not within an hour of a renewal (half the lifetime,
 * if that is shorter), so that a CA which always suggests a window in the past does not cause endless renewals.
 */
export function withinReason(instant: Date, { isRenewal, promotedAt, notAfter }: Suggested): Date {
  const lifetime = notAfter.getTime() - promotedAt.getTime();
  const earliest = isRenewal ? promotedAt.getTime() + Math.min(HOUR, lifetime / 2) : 0;
  return new Date(Math.min(Math.max(instant.getTime(), earliest), notAfter.getTime()));
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
