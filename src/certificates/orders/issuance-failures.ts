import { Injectable } from '@nestjs/common';
import { Counter, Registry } from 'prom-client';
import { problemKind, type ProblemKind } from '../../domains/certificate-problem.js';
import type { StoredProblem } from '../issuance.js';

/** Counts failed attempts at a certificate in this process. Both labels are closed sets, which names cannot add to. */
@Injectable()
export class IssuanceFailures {
  readonly #total: Counter<'ca' | 'kind'>;

  constructor(registry: Registry) {
    this.#total = new Counter({
      name: 'gateway_issuance_failures_total',
      help: 'Failed attempts at a certificate, by CA and kind of problem; unexpected: an error of this program or its database',
      labelNames: ['ca', 'kind'],
      registers: [registry],
    });
  }

  count(ca: string, problem: Pick<StoredProblem, 'type' | 'status'>): void {
    this.#inc(ca, problemKind(problem));
  }

  /** @param ca null: none was asked yet */
  countUnexpected(ca: string | null): void {
    this.#inc(ca ?? 'none', 'unexpected');
  }

  #inc(ca: string, kind: ProblemKind | 'unexpected'): void {
    this.#total.inc({ ca, kind });
  }
}
