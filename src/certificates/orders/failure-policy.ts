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
  readonly heldBy: HeldBy;
  /** Counts towards the name's back-off. */
  readonly countsAttempt: boolean;
  /** The next attempt continues the order; otherwise it makes a new one, with a new key. */
  readonly keepsOrder: boolean;
  /** How long the name waits, at least: the hold may last longer. */
  readonly waitSeconds: number;
}

const BACKOFF_SECONDS = [60, 600, 6000];
const JITTER = 0.1;
const RATE_LIMIT_SECONDS = 600;
/** A broken chain is downloaded again; after the third time another certificate is ordered. */
const ORDER_FAILURES_MAX = 3;

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
  const waits = { problemClass, isCaFault: false, hold: null, heldBy: 'backoff' } as const;
  switch (problemClass) {
    case 'rate_limited':
      return caFault(problem, problemClass, {
        scope: scopeOf(problem, failed),
        reason: 'rate_limit',
        seconds: problem.retryAfterSeconds ?? RATE_LIMIT_SECONDS,
      });
    case 'ca_down':
      return caFault(problem, problemClass, {
        scope: 'all',
        reason: 'ca_down',
        seconds: problem.retryAfterSeconds,
      });
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

function caFault(problem: AcmeProblem, problemClass: ProblemClass, hold: NewHold): FailureVerdict {
  return {
    problemClass,
    isCaFault: true,
    hold,
    heldBy: hold.reason,
    countsAttempt: false,
    keepsOrder: true,
    waitSeconds: hold.seconds ?? 0,
  };
}

/**
 * What a rate limit counts by. A CA that counts by domain or by name quotes it in the problem's text, and nowhere else;
 * without a quote the limit is taken to be the account's.
 */
function scopeOf({ status, detail }: AcmeProblem, failed: FailedAttempt): HoldScope {
  if (status === 503) return 'all';
  if (detail.includes(`"${failed.hostname}"`)) return `name:${failed.hostname}`;
  if (detail.includes(`"${failed.registrableDomain}"`)) return `domain:${failed.registrableDomain}`;
  return 'all';
}
