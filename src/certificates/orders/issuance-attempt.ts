import { traced } from '../../shared/tracing.js';
import { Injectable } from '@nestjs/common';
import { AcmeProblem } from '../../acme/acme-problem.js';
import type { IssuedCertificate } from '../../acme/issued-certificate.js';
import type { Headroom } from '../ca/ca-ledger.js';
import { FailureHandler } from './failure-handler.js';
import type { IssuanceChange } from '../stores/issuance.store.js';
import { ownProblem } from '../stored-problem.js';
import type { OwnProblemType } from '../../domains/certificate-problem.js';
import type { CaLimitName } from '../../config/acme-limits.js';
import { IssuanceFailures } from './issuance-failures.js';
import { IssuePermit } from './issue-permit.js';
import type { HeldBy, StoredProblem } from '../issuance.js';
import { OrderRun, type OrderTask } from './order-run.js';
import { Promoter } from './promoter.js';

export type AttemptResult =
  /** The lease was ended: with a certificate, a failure or a wait. */
  | { readonly kind: 'done' }
  /** The CA cannot issue now, through no fault of the name, so another CA may. The lease is kept. */
  | {
      readonly kind: 'ca_fault';
      readonly heldBy: HeldBy;
      readonly seconds: number;
      /** Null: a known hold, so the CA was not asked. */
      readonly problem: StoredProblem | null;
      /** What the CA's fault was seen by, for the log. */
      readonly err?: AcmeProblem;
      /** Null: the fault is about the CA, not about this name's order, so it is no failed attempt. */
      readonly order: IssuanceChange | null;
    }
  /** The name's CAA records forbid this issuer, so it was not asked. The lease is kept. */
  | { readonly kind: 'forbidden'; readonly problem: StoredProblem };

const LIMIT_PROBLEMS = {
  newOrders: 'limit_new_orders',
  certificatesPerDomain: 'limit_certificates_per_domain',
  certificatesPerName: 'limit_certificates_per_name',
  failedAuthorizations: 'limit_failed_authorizations',
} as const satisfies Record<CaLimitName, OwnProblemType>;

const DONE = { kind: 'done' } as const;

/** One attempt at a certificate with one issuer. */
@Injectable()
export class IssuanceAttempt {
  constructor(
    private readonly permit: IssuePermit,
    private readonly orders: OrderRun,
    private readonly promoter: Promoter,
    private readonly failures: FailureHandler,
    private readonly counted: IssuanceFailures,
  ) {}

  async run(task: OrderTask): Promise<AttemptResult> {
    const began = performance.now();
    try {
      const facts = { 'gateway.ca': task.issuer.name, 'gateway.hostname': task.lease.row.hostname };
      return await traced('certificate order', facts, () => this.#run(task, began));
    } catch (problem) {
      if (problem instanceof AcmeProblem) return this.#fail(task, problem, began);
      throw problem;
    }
  }

  async #run(task: OrderTask, began: number): Promise<AttemptResult> {
    const { issuer, name, lease } = task;
    const permit = await this.permit.check(issuer, name, task.validation);
    if (permit.kind === 'on_hold')
      return { ...permit, kind: 'ca_fault', problem: null, order: null };
    if (permit.kind === 'forbidden') {
      this.counted.count(issuer.name, permit.problem);
      return permit;
    }
    const result = await this.orders.run({
      ...task,
      validation: { ...task.validation, ...permit },
    });
    switch (result.kind) {
      case 'issued':
        return this.#promote(task, result.certificate);
      case 'waiting':
        await lease.release({ inSeconds: result.retryAfterSeconds }, { heldBy: 'none' });
        return DONE;
      case 'full':
        return this.#wait(task, result.headroom);
      case 'failed':
        return this.#fail(task, result.problem, began);
    }
  }

  async #promote(
    { lease, issuer }: OrderTask,
    certificate: IssuedCertificate,
  ): Promise<AttemptResult> {
    await this.promoter.promote(lease.row, issuer, certificate);
    await this.failures.succeed(issuer);
    return DONE;
  }

  /** Another CA may be asked for a limit per account, not for a limit per name. */
  async #wait({ lease, issuer }: OrderTask, headroom: Headroom): Promise<AttemptResult> {
    const seconds = headroom.retryAfterSeconds;
    const problem = ownProblem(
      LIMIT_PROBLEMS[headroom.limit],
      `${headroom.limit}: ${headroom.used} of ${headroom.count}`,
    );
    this.counted.count(issuer.name, problem);
    const isAboutName =
      headroom.limit === 'certificatesPerName' || headroom.limit === 'failedAuthorizations';
    if (!isAboutName)
      return { kind: 'ca_fault', heldBy: 'rate_limit', seconds, problem, order: null };
    await lease.settle(
      'failed',
      { heldBy: 'rate_limit', problem },
      { due: { inSeconds: seconds }, event: { type: 'postponed', detail: { ...headroom } } },
    );
    return DONE;
  }

  async #fail(task: OrderTask, problem: AcmeProblem, began: number): Promise<AttemptResult> {
    const { lease } = task;
    // A request that was aborted here is no fault of the CA.
    lease.signal.throwIfAborted();
    const handled = await this.failures.handle(problem, lease, { ...task, began });
    const { verdict, problem: stored, waitSeconds: seconds } = handled;
    const order = verdict.keepsOrder
      ? { orderFailures: lease.row.orderFailures + 1 }
      : { ca: null, orderUrl: null, sealedKey: null, keyVersion: null, orderFailures: 0 };
    if (verdict.isCaFault) {
      const failed = verdict.countsAttempt ? order : null;
      const { heldBy } = verdict;
      return { kind: 'ca_fault', heldBy, seconds, problem: stored, err: problem, order: failed };
    }
    const attempts = lease.row.attempts + (verdict.countsAttempt ? 1 : 0);
    await lease.settle(
      'failed',
      { ...order, attempts, heldBy: verdict.heldBy, problem: stored },
      {
        due: { inSeconds: seconds },
        event: {
          type: 'failed',
          detail: { ...stored, attempts, retryInSeconds: seconds },
          err: problem,
        },
      },
    );
    return DONE;
  }
}
