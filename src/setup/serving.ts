import { PLANS, type AccountPlan } from '../accounts/plans.js';
import type { CertificateView } from '../certificates/certificate-view.js';
import type { Domain } from '../domains/domain.js';
import { isProven, LAPSED_GRACE } from '../domains/ownership.js';
import { PLAN_GRACE_DAYS } from '../domains/serving/served-domain.js';
import { DAY } from '../shared/durations.js';

export type ServingBlocker = 'ownership' | 'certificate' | 'plan' | 'operator';

export interface Serving {
  readonly ready: boolean;
  /** The later of the proof and the current certificate; null while it is not ready. */
  readonly since: Date | null;
  readonly blockedBy: readonly ServingBlocker[];
}

export interface ServingFacts {
  readonly domain: Domain;
  readonly certificate: Pick<CertificateView, 'isServable' | 'promotedAt'>;
  readonly plan: AccountPlan;
  readonly now: Date;
}

/** Whether a name is served, and what blocks it. For display: FIND_SERVED decides what is served. */
export function servingOf({ domain, certificate, plan, now }: ServingFacts): Serving {
  const blockedBy: ServingBlocker[] = [
    ...(isOwned(domain, now) ? [] : ['ownership' as const]),
    ...(certificate.isServable ? [] : ['certificate' as const]),
    ...(isPaid(domain, plan, now) ? [] : ['plan' as const]),
    ...(domain.blockedAt === null ? [] : ['operator' as const]),
  ];
  const ready = blockedBy.length === 0;
  return { ready, since: ready ? readySince(domain, certificate) : null, blockedBy };
}

function isOwned(domain: Domain, now: Date): boolean {
  if (!isProven(domain)) return false;
  const { ownership, lapsedAt } = domain;
  return ownership === 'verified' || lapsedAt === null || ageOf(lapsedAt, now) < LAPSED_GRACE;
}

function isPaid({ planLapsedAt }: Domain, plan: AccountPlan, now: Date): boolean {
  if (PLANS[plan].domainsMax > 0 || planLapsedAt === null) return true;
  return ageOf(planLapsedAt, now) < PLAN_GRACE_DAYS * DAY;
}

function readySince({ verifiedAt }: Domain, certificate: ServingFacts['certificate']): Date | null {
  const moments = [verifiedAt, certificate.promotedAt].filter((at) => at !== null);
  return moments.length === 0 ? null : new Date(Math.max(...moments.map(Number)));
}

function ageOf(instant: Date, now: Date): number {
  return now.getTime() - instant.getTime();
}
