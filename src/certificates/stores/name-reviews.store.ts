import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Hostname } from '../../shared/hostname.js';

/** An announcement of the domains room that is not reviewed yet. */
export interface NameChange {
  readonly seq: string;
  readonly hostname: Hostname;
}

// Who announces a change writes the row in its transaction. A row whose review fails, or whose process ends, is due
// again after a minute, and the others do not wait for it.
const TAKE_CHANGES = `
  update domain_changes set review_at = clock_timestamp() + interval '1 minute'
  where seq = any(array(
    select seq from domain_changes where review_at <= now()
    order by review_at limit $1 for update skip locked
  )) returning seq, hostname`;

// Each branch reads one page of its own index.
const PAGE = `
  select hostname from (
    (select hostname from domains
     where ownership in ('verified', 'lapsed') and removed_at is null and hostname > $1
     order by hostname limit $2)
    union
    (select hostname from issuances where hostname > $1 order by hostname limit $2)
  ) as names order by hostname limit $2`;

const MARK_URGENT = `
  update issuances set is_urgent = true where hostname = any(array(
    select hostname from issuances where not is_urgent and urgent_at <= now()
    order by urgent_at limit $1 for update skip locked
  ))`;

/** Which names to compare: those that were announced as changed, and page by page all. */
@Injectable()
export class NameReviewsStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The oldest first. No other process takes the same ones within a minute. */
  async takeChanges(limit: number): Promise<NameChange[]> {
    const [taken] = await this.dataSource.query<[NameChange[], number]>(TAKE_CHANGES, [limit]);
    return taken;
  }

  async complete(changes: readonly NameChange[]): Promise<void> {
    await this.dataSource.query(
      'update domain_changes set review_at = null where seq = any($1::bigint[])',
      [changes.map(({ seq }) => seq)],
    );
  }

  /** The names above `after` that have a proven claim or an issuance, up to `limit`. */
  async page(after: string, limit: number): Promise<Hostname[]> {
    const rows = await this.dataSource.query<{ hostname: Hostname }[]>(PAGE, [after, limit]);
    return rows.map(({ hostname }) => hostname);
  }

  /** Puts renewals whose certificates end soon before the other renewals. */
  async markUrgent(limit: number): Promise<void> {
    await this.dataSource.query(MARK_URGENT, [limit]);
  }
}
