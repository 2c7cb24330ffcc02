import { Injectable } from '@nestjs/common';
import type { AcmeProblem } from '../../acme/acme-problem.js';
import { SECOND } from '../../shared/durations.js';
import { CaHolds, type NewHold } from '../ca/ca-holds.js';
import { CaLedger, type LedgerName } from '../ca/ca-ledger.js';
import { type FailureVerdict, judgeFailure } from './failure-policy.js';
import { IssuanceFailures } from './issuance-failures.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import type { StoredProblem } from '../issuance.js';
import { caProblem } from '../stored-problem.js';
import type { Issuer } from '../issuers/issuer.js';

export interface HandledFailure {
  readonly verdict: FailureVerdict;
  readonly problem: StoredProblem;
  readonly waitSeconds: number;
}

export interface FailedTask {
  readonly issuer: Issuer;
  readonly name: LedgerName;
  /** performance.now() when the attempt began. */
  readonly began: number;
}

/** Without a Retry-After: as long as the CA is out of service. */
const DOWN: NewHold = { scope: 'all', reason: 'ca_down', seconds: null };

/** Records what a failed attempt means for other names: a hold, a ledger entry, a lost account. */
@Injectable()
export class FailureHandler {
  constructor(
    private readonly holds: CaHolds,
    private readonly ledger: CaLedger,
    private readonly failures: IssuanceFailures,
  ) {}

  async handle(
    found: AcmeProblem,
    lease: IssuanceLease,
    { issuer, name, began }: FailedTask,
  ): Promise<HandledFailure> {
    const problem = await placed(found, issuer);
    this.failures.count(issuer.name, problem);
    const verdict = judgeFailure(problem, lease.row, Math.random);
    const { problemClass } = verdict;
    if (problemClass === 'validation')
      await this.ledger.recordFailedAuthorization(issuer.name, name);
    if (problemClass === 'account') await issuer.forgetAccount();
    const isDown =
      verdict.isServerError && (await this.holds.suspect(issuer.name, lease.row.hostname));
    const hold = isDown ? DOWN : verdict.hold;
    const since = (performance.now() - began) / SECOND;
    const heldSeconds = hold === null ? 0 : await this.holds.place(issuer.name, hold, since);
    return {
      verdict,
      problem: caProblem(problem, issuer.name),
      waitSeconds: Math.max(verdict.waitSeconds, heldSeconds),
    };
  }

  /** Call it when the issuer has issued. */
  succeed(issuer: Pick<Issuer, 'name'>): Promise<void> {
    return this.holds.clear(issuer.name);
  }
}

/** A connection that breaks is this name's trouble as long as the CA answers another request. */
async function placed(problem: AcmeProblem, issuer: Issuer): Promise<AcmeProblem> {
  if (problem.type !== 'connection' || problem.isAboutService) return problem;
  return (await issuer.isReachable()) ? problem : problem.asServiceProblem();
}
