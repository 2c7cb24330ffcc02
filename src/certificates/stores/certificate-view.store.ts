import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';
import type { CertificateView } from '../certificate-view.js';

interface ViewRow extends Omit<CertificateView, 'ari' | 'attempts'> {
  readonly hostname: Hostname;
  readonly ariStart: Date | null;
  readonly ariEnd: Date | null;
  readonly ariExplanation: string | null;
  readonly count: number;
  readonly nextAt: Date | null;
  readonly heldBy: CertificateView['attempts']['heldBy'];
}

// SQL, since it joins two tables into one answer. The next_at of an active certificate is its renewal, not a postponed attempt.
const VIEW = `
  select i.hostname, i.state, coalesce(c.source, i.source) as source, coalesce(c.ca, i.ca) as ca,
    c.profile, c.serial, c.not_before as "notBefore", c.not_after as "notAfter",
    c.promoted_at as "promotedAt", i.renew_at as "renewAfter", i.ari_start as "ariStart",
    i.ari_end as "ariEnd", i.ari_explanation as "ariExplanation", i.attempts as count,
    case when i.state in ('active', 'none', 'revoked') then null else i.next_at end as "nextAt",
    i.held_by as "heldBy", i.problem, coalesce(c.not_after > now(), false) as "isServable"
  from issuances i
  left join certificates c on c.hostname = i.hostname and c.superseded_at is null
  where i.hostname = any($1)`;

@Injectable()
export class CertificateViewStore {
  constructor(private readonly dataSource: DataSource) {}

  /** One query. Leaves out names without an issuance. */
  async find(hostnames: readonly Hostname[]): Promise<Map<Hostname, CertificateView>> {
    const rows = await this.dataSource.query<ViewRow[]>(VIEW, [hostnames]);
    return new Map(rows.map((row) => [row.hostname, viewOf(row)]));
  }
}

function viewOf(row: ViewRow): CertificateView {
  const { hostname: _, ariStart, ariEnd, ariExplanation, count, nextAt, heldBy, ...shown } = row;
  const hasWindow = ariStart !== null && ariEnd !== null;
  return {
    ...shown,
    ari: hasWindow ? { start: ariStart, end: ariEnd, explanation: ariExplanation } : null,
    attempts: { count, nextAt, heldBy },
  };
}
