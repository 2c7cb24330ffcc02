import { DAY_SECONDS } from '../../shared/durations.js';
import { AcmeProblem } from '../../acme/acme-problem.js';
import { classify, type ProblemClass } from '../../acme/classify-problem.js';
import type { HoldScope, NewHold } from '../ca/ca-holds.js';
import type { HeldBy } from '../issuance.js';
import type { Random } from '../renewal-schedule.js';

export interface FailedAttempt {
  readonly hostname: string;
  readonly registrableDomain: string;
  /** Failed attempts of the name in a row before this one. */
  readonly attempts: number;
  /** Failures of the order in progress before this one. */
  readonly orderFailures: number;
}

/** What follows from a failed attempt. */
export interface FailureVerdict {
  readonly problemClass: ProblemClass;
  /** A fault of the CA, so another CA may be asked. */
  readonly isCaFault: boolean;
  /** Null: only this name waits. */
  readonly hold: NewHold | null;
  /** The CA failed for this name. Whether it is down shows in other names: CaHolds.suspect(). */
  readonly isServerError: boolean;
  readonly heldBy: HeldBy;
  /** Counts towards the name's back-off. */
  readonly countsAttempt: boolean;
  /** The next attempt continues the order; otherwise it makes a new one, with a new key. */
  readonly keepsOrder: boolean;
  /** How long the name waits, at least: the hold may last longer. */
  readonly waitSeconds: number;
}

const ABOUT_NAME = /exact set of (?:identifiers|domains)|failed (?:authorizations|validations)/i;
const BACKOFF_SECONDS = [60, 600, 6000];
const JITTER = 0.1;
const RATE_LIMIT_SECONDS = 600;
/** A broken chain is downloaded again; after the third time another certificate is ordered. */
const ORDER_FAILURES_MAX = 3;
/** One server error may be an accident. */
const SECOND_TRY_SECONDS = 5;

/** 1, 10, 100 minutes, then daily, plus up to a tenth. @param attempts failed in a row, with this one */
export function backoffSeconds(attempts: number, random: Random): number {
  const base = BACKOFF_SECONDS[Math.max(attempts, 1) - 1] ?? DAY_SECONDS;
  return Math.round(base * (1 + random() * JITTER));
}

/** What follows from a problem. Pure, so that all replicas decide alike. */
export function judgeFailure(
  problem: AcmeProblem,
  failed: FailedAttempt,
  random: Random,
): FailureVerdict {
  const problemClass = classify(problem);
  const backoff = backoffSeconds(failed.attempts + 1, random);
  const waits = {
    problemClass,
    isCaFault: false,
    isServerError: false,
    hold: null,
    heldBy: 'backoff',
  } as const;
  switch (problemClass) {
    case 'rate_limited':
      return caFault(problemClass, {
        scope: scopeOf(problem, failed),
        reason: 'rate_limit',
        seconds: problem.retryAfterSeconds ?? RATE_LIMIT_SECONDS,
      });
    case 'ca_down': {
      if (!isServiceDown(problem)) return serverError(problem, failed, backoff);
      const seconds = problem.retryAfterSeconds;
      return caFault(problemClass, { scope: 'all', reason: 'ca_down', seconds });
    }
    case 'account':
      // The account is registered again, the first time at once. The order belonged to the lost account.
      return {
        ...waits,
        countsAttempt: true,
        keepsOrder: false,
        waitSeconds: failed.attempts === 0 ? 1 : backoff,
      };
    case 'paused':
    case 'rejected_identifier':
      // Only a person can resolve it.
      return { ...waits, countsAttempt: true, keepsOrder: false, waitSeconds: DAY_SECONDS };
    case 'validation':
    case 'caa':
    case 'bad_replaces':
      return { ...waits, countsAttempt: true, keepsOrder: false, waitSeconds: backoff };
    case 'other': {
      const keepsOrder =
        problem.type.startsWith('certificate_') && failed.orderFailures + 1 < ORDER_FAILURES_MAX;
      return { ...waits, countsAttempt: true, keepsOrder, waitSeconds: backoff };
    }
  }
}

/** The failed request is one that every name needs, or the CA says that it is out of service. */
function isServiceDown({ isAboutService, status }: AcmeProblem): boolean {
  return isAboutService || status === 503;
}

/** The fault of the CA, and about this name as far as known. An order that keeps failing is given up. */
function serverError(
  { retryAfterSeconds }: AcmeProblem,
  { attempts, orderFailures }: FailedAttempt,
  backoff: number,
): FailureVerdict {
  const pause = attempts === 0 ? SECOND_TRY_SECONDS : backoff;
  return {
    problemClass: 'ca_down',
    isCaFault: true,
    isServerError: true,
    hold: null,
    heldBy: 'backoff',
    countsAttempt: true,
    keepsOrder: orderFailures + 1 < ORDER_FAILURES_MAX,
    waitSeconds: Math.max(pause, retryAfterSeconds ?? 0),
  };
}

function caFault(problemClass: ProblemClass, hold: NewHold): FailureVerdict {
  return {
    problemClass,
    isCaFault: true,
    isServerError: false,
    hold,
    heldBy: hold.reason,
    countsAttempt: false,
    keepsOrder: true,
    waitSeconds: hold.seconds ?? 0,
  };
}

/**
 * What a rate limit counts by. CAs say it in the problem's text, and nowhere else: with the name or the domain, or with
 * the words of Let's Encrypt for its limits by name. Without either the limit is taken to be the account's.
 */
function scopeOf(problem: AcmeProblem, failed: FailedAttempt): HoldScope {
  if (problem.status === 503 || problem.isAboutService) return 'all';
  const text = [problem, ...problem.subproblems].map(({ detail }) => detail).join(' ');
  const { hostname, registrableDomain } = failed;
  const names = new Set(text.toLowerCase().match(/[a-z\d-]+(?:\.[a-z\d-]+)+/g));
  const isName = hostname !== registrableDomain && names.has(hostname);
  if (isName || ABOUT_NAME.test(text)) return `name:${hostname}`;
  return names.has(registrableDomain) ? `domain:${registrableDomain}` : 'all';
}
