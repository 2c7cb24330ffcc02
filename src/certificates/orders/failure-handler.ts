import { Injectable } from '@nestjs/common';
import type { AcmeProblem } from '../../acme/acme-problem.js';
import { CaHolds } from '../ca/ca-holds.js';
import { CaLedger, type LedgerName } from '../ca/ca-ledger.js';
import { type FailureVerdict, judgeFailure } from './failure-policy.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import type { StoredProblem } from '../issuance.js';
import type { Issuer } from '../issuers/issuer.js';

export interface HandledFailure {
  readonly verdict: FailureVerdict;
  readonly problem: StoredProblem;
  readonly waitSeconds: number;
}

/** Records what a failed attempt means for other names: a hold, a ledger entry, a lost account. */
@Injectable()
export class FailureHandler {
  constructor(
    private readonly holds: CaHolds,
    private readonly ledger: CaLedger,
  ) {}

  async handle(
    problem: AcmeProblem,
    lease: IssuanceLease,
    { issuer, name }: { readonly issuer: Issuer; readonly name: LedgerName },
  ): Promise<HandledFailure> {
    const verdict = judgeFailure(problem, lease.row, Math.random);
    const { hold, problemClass } = verdict;
    if (problemClass === 'validation')
      await this.ledger.recordFailedAuthorization(issuer.name, name);
    if (problemClass === 'account') await issuer.forgetAccount();
    const heldSeconds = hold === null ? 0 : await this.holds.place(issuer.name, hold);
    return {
      verdict,
      problem: stored(problem, issuer),
      waitSeconds: Math.max(verdict.waitSeconds, heldSeconds),
    };
  }

  /** Call it when the issuer has issued. */
  succeed(issuer: Issuer): Promise<void> {
    return this.holds.clear(issuer.name);
  }
}

function stored(problem: AcmeProblem, issuer: Issuer): StoredProblem {
  const { type, status, detail, subproblems, unpauseUrl } = problem;
  return {
    type,
    status,
    detail,
    subproblems: subproblems.map((each) => ({ type: each.type, detail: each.detail })),
    ca: issuer.name,
    unpauseUrl,
  };
}
