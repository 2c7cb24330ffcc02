import { HOUR, MINUTE, SECOND } from '../shared/durations.js';

/** From when to when a certificate can be used here. `from`: when we got it, if that is later than its notBefore. */
export interface Lifetime {
  readonly from: Date;
  readonly notAfter: Date;
}

/** What the CA suggests (ARI), and the instant in it that was chosen. */
export interface RenewalWindow {
  readonly start: Date;
  readonly end: Date;
}

/** 0 (included) to 1 (excluded), as Math.random gives it. */
export type Random = () => number;

/** The share of the lifetime by which renewals are spread, so that what was issued together is not renewed together. */
const SPREAD = 1 / 20;

/**
 * When to renew, if the CA does not say: with a third of the lifetime left, a little earlier for some than for others,
 * and never as the hour strikes. The same rule for 90 days and for 5 minutes.
 */
export function renewalInstant({ from, notAfter }: Lifetime, random: Random): Date {
  const lifetime = notAfter.getTime() - from.getTime();
  const planned = notAfter.getTime() - lifetime / 3 - random() * lifetime * SPREAD;
  const earliest = from.getTime() + lifetime / 2;
  return new Date(Math.max(earliest, awayFromTheHour(planned, random)));
}

/** From when on a renewal goes before first issues: with a sixth of the lifetime left. */
export function urgentInstant({ from, notAfter }: Lifetime): Date {
  return new Date(notAfter.getTime() - (notAfter.getTime() - from.getTime()) / 6);
}

/** One instant of the window, kept by the caller for as long as the window is the same. A window in the past: now. */
export function instantInWindow({ start, end }: RenewalWindow, now: Date, random: Random): Date {
  const length = end.getTime() - start.getTime();
  const chosen = awayFromTheHour(start.getTime() + random() * length, random);
  return new Date(Math.max(chosen, now.getTime()));
}

export function isSameWindow(a: RenewalWindow | null, b: RenewalWindow): boolean {
  return a?.start.getTime() === b.start.getTime() && a.end.getTime() === b.end.getTime();
}

/** What a CA suggests about a certificate, within what is good for the name. */
export interface Suggested {
  readonly isRenewal: boolean;
  readonly promotedAt: Date;
  readonly notAfter: Date;
}

/**
 * Not after its end. And a CA that gives each renewal a window in the past again must not make us renew without end:
 * what has just been renewed is not renewed within the hour, or within half its lifetime if that is shorter.
 */
export function withinReason(instant: Date, { isRenewal, promotedAt, notAfter }: Suggested): Date {
  const lifetime = notAfter.getTime() - promotedAt.getTime();
  const earliest = isRenewal ? promotedAt.getTime() + Math.min(HOUR, lifetime / 2) : 0;
  return new Date(Math.min(Math.max(instant.getTime(), earliest), notAfter.getTime()));
}

const POLL_DEFAULT_SECONDS = (6 * HOUR) / SECOND;
const POLL_MIN_SECONDS = MINUTE / SECOND;
// RFC 9773 section 4.3 leaves it to us; twice a day notices a mass revocation in time.
const POLL_MAX_SECONDS = (12 * HOUR) / SECOND;

/** In how many seconds to ask for the window again. */
export function nextPollSeconds(retryAfterSeconds: number | null): number {
  const wished = retryAfterSeconds ?? POLL_DEFAULT_SECONDS;
  return Math.min(Math.max(wished, POLL_MIN_SECONDS), POLL_MAX_SECONDS);
}

/** Everybody's cron jobs run in the first minute of an hour; ours go before. */
function awayFromTheHour(instant: number, random: Random): number {
  if (instant % HOUR >= MINUTE) return instant;
  return instant - MINUTE - random() * MINUTE;
}
