import { Injectable } from '@nestjs/common';
import { Statements, type Statement } from '../../database/statements.js';
import { AppError } from '../../shared/app-error.js';
import type { Hostname } from '../../shared/hostname.js';
import type { CertificateState } from '../certificate-state.js';
import type { CertificateSource, HeldBy, StoredProblem } from '../issuance.js';

/** One name's certificate and issuance, for the operator. Nothing of it needs a key. */
export interface CertificateReport {
  readonly hostname: Hostname;
  readonly state: CertificateState;
  readonly source: CertificateSource;
  readonly ca: string | null;
  readonly serial: string | null;
  readonly notAfter: Date | null;
  readonly renewAt: Date | null;
  /** When the row is worked on; null: never. */
  readonly nextAt: Date | null;
  readonly heldBy: HeldBy;
  readonly attempts: number;
  readonly problem: StoredProblem | null;
}

export type ReportFilter = 'all' | 'due' | 'failing';

export interface ReportRequest {
  readonly filter: ReportFilter;
  /** Of `due`: worked on within so many seconds. */
  readonly withinSeconds: number;
  readonly limit: number;
  /** The last name of the page before. */
  readonly cursor: string | null;
}

export interface ReportPage {
  readonly certificates: readonly CertificateReport[];
  readonly nextCursor: string | null;
}

const COLUMNS = `
  i.hostname, i.state, coalesce(c.source, i.source) as source, coalesce(c.ca, i.ca) as ca,
  c.serial, c.not_after as "notAfter", i.renew_at as "renewAt", i.next_at as "nextAt",
  i.held_by as "heldBy", i.attempts, i.problem`;
const ROWS = `
  from issuances i left join certificates c on c.hostname = i.hostname and c.superseded_at is null`;

const FIND: Statement = {
  name: 'certificate-report-find',
  text: `select ${COLUMNS} ${ROWS} where i.hostname = $1`,
};
const ALL: Statement = {
  name: 'certificate-report-all',
  text: `select ${COLUMNS} ${ROWS} where i.hostname > $1 order by i.hostname limit $2`,
};
// Only what is due is read, by the indexes on next_at, and sorted by name for the cursor.
const DUE: Statement = {
  name: 'certificate-report-due',
  text: `
    select ${COLUMNS} ${ROWS}
    where i.next_at <= now() + make_interval(secs => $3::float8) and i.hostname > $1
    order by i.hostname limit $2`,
};
const FAILING: Statement = {
  name: 'certificate-report-failing',
  text: `
    select ${COLUMNS} ${ROWS}
    where (i.state in ('blocked', 'degraded', 'expired') or (i.state in ('queued', 'validating') and i.attempts > 0))
      and i.hostname > $1
    order by i.hostname limit $2`,
};

/** A host name. */
const CURSOR = /^[a-z0-9.-]{1,253}$/;

const STATEMENTS: Readonly<Record<ReportFilter, Statement>> = {
  all: ALL,
  due: DUE,
  failing: FAILING,
};

@Injectable()
export class CertificateReportStore {
  constructor(private readonly statements: Statements) {}

  async find(hostname: Hostname): Promise<CertificateReport | null> {
    const [row] = await this.statements.run<CertificateReport>(FIND, [hostname]);
    return row ?? null;
  }

  /**
   * In the order of the names. `due`: the issuance is worked on within `withinSeconds`, for a renewal, a poll or another
   * attempt. `failing`: without a valid certificate, or the last attempt failed.
   */
  async list({ filter, withinSeconds, limit, cursor }: ReportRequest): Promise<ReportPage> {
    if (cursor !== null && !CURSOR.test(cursor))
      throw new AppError('invalid_request', 'The cursor is not one of ours.', { field: 'cursor' });
    const values = [cursor ?? '', limit + 1, ...(filter === 'due' ? [withinSeconds] : [])];
    const rows = await this.statements.run<CertificateReport>(STATEMENTS[filter], values);
    const certificates = rows.slice(0, limit);
    const nextCursor = rows.length > limit ? (certificates.at(-1)?.hostname ?? null) : null;
    return { certificates, nextCursor };
  }
}
