import { Injectable } from '@nestjs/common';
import { AcmeProblem } from '../../acme/acme-problem.js';
import { CertificateStore } from '../stores/certificate.store.js';
import type { LedgerName } from '../ca/ca-ledger.js';
import type { LeasedIssuance } from '../issuance.js';
import type { IssuanceLease } from '../stores/issuance-lease.js';
import { blockIssuance } from './block-issuance.js';
import { type Issuer, Issuers } from '../issuers/issuer.js';
import type { Validation } from './order-run.js';
import { IssuanceAttempt, type AttemptResult } from './issuance-attempt.js';
import type { Need } from '../stores/wanted-names.store.js';

type CaFault = Extract<AttemptResult, { kind: 'ca_fault' }>;

const UNANSWERED = new Set(['connection', 'unreadable_answer']);

/** Attempts the issuers in order, the next one only after a fault of the one before. */
@Injectable()
export class IssuerFailover {
  constructor(
    private readonly issuers: Issuers,
    private readonly attempt: IssuanceAttempt,
    private readonly certificates: CertificateStore,
  ) {}

  async run(lease: IssuanceLease, need: Need, validation: Validation): Promise<void> {
    const name = nameOf(lease, need);
    const faults: CaFault[] = [];
    for (const issuer of this.#inOrder(lease.row.ca)) {
      const isStarted = validation.isStarted && issuer.name === lease.row.ca;
      const replaces = await this.#replaces(lease, issuer);
      const result = await this.attempt.run({
        lease,
        issuer,
        name,
        validation: { ...validation, isStarted },
        replaces,
      });
      if (result.kind === 'done') return;
      if (result.kind === 'ca_fault') faults.push(result);
      // If the first issuer is forbidden, the next one must not get around it.
      else if (faults.length === 0) return blockIssuance(lease, result.problem);
    }
    await postpone(lease, faults);
  }

  /** The issuer with an order in progress comes first. */
  #inOrder(ca: string | null): readonly Issuer[] {
    const { list } = this.issuers;
    return list.toSorted((a, b) => Number(b.name === ca) - Number(a.name === ca));
  }

  /** Only the issuer of the current certificate accepts `replaces`. */
  async #replaces({ row }: IssuanceLease, issuer: Issuer): Promise<string | null> {
    if (row.notAfter === null || row.isExpired || isRefused(row)) return null;
    const current = await this.certificates.findServed(row.hostname);
    if (current === null || current.ca !== issuer.name) return null;
    try {
      return await issuer.replacesId(current.chainPem);
    } catch (error) {
      // The attempt reports what is wrong with the CA.
      if (error instanceof AcmeProblem) return null;
      throw error;
    }
  }
}

function nameOf({ row }: IssuanceLease, need: Need): LedgerName {
  return {
    hostname: row.hostname,
    registrableDomain: need.registrableDomain,
    // An uploaded certificate has no known lifetime, so the order that follows it counts as a first one.
    isRenewal: row.lifetimeSeconds !== null && !row.isExpired,
    lifetimeSeconds: row.lifetimeSeconds,
  };
}

/** `replaces` may be the reason of a failed attempt, but one server error may be an accident. */
function isRefused({ attempts, problem }: LeasedIssuance): boolean {
  const isServerError = problem !== null && (problem.status >= 500 || UNANSWERED.has(problem.type));
  return attempts > 1 || (attempts === 1 && !isServerError);
}

/** Waits for the first issuer that can be asked again. Keeps the order in progress, unless it keeps failing. */
async function postpone(lease: IssuanceLease, faults: readonly CaFault[]): Promise<void> {
  const first = faults.toSorted((a, b) => a.seconds - b.seconds)[0];
  if (first === undefined) {
    throw new Error(`no issuer is configured for ${lease.row.hostname}`);
  }
  const problem = faults.find((fault) => fault.problem !== null)?.problem ?? lease.row.problem;
  const seconds = Math.max(first.seconds, 1);
  const order = faults.findLast((fault) => fault.order !== null)?.order ?? null;
  const attempts = lease.row.attempts + (order === null ? 0 : 1);
  await lease.settle(
    'failed',
    { ...order, attempts, heldBy: first.heldBy, problem },
    {
      due: { inSeconds: seconds + Math.random() },
      event: {
        type: 'postponed',
        detail: { ...problem, heldBy: first.heldBy, retryInSeconds: seconds },
        err: faults.find(({ err }) => err !== undefined)?.err,
      },
    },
  );
}
