import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Hostname } from '../../shared/hostname.js';
import type { DomainEventRecord } from '../domain-event.js';
import { DomainEntity } from '../domain.entity.js';
import type { OwnershipState } from '../ownership.js';

export interface DomainFilter {
  readonly state: OwnershipState | null;
  readonly limit: number;
  /** Where the page before ended. */
  readonly after: PageEnd | null;
}

/** The newest first: `at` is a timestamp in the database's own words, exact to the microsecond. */
export interface PageEnd {
  readonly at: string;
  readonly id: string;
}

export interface DomainRows {
  readonly rows: readonly DomainEntity[];
  /** Null: there are no more. */
  readonly end: PageEnd | null;
}

/** One account's claims, and their timelines. Claims that were removed are gone for it. */
@Injectable()
export class DomainStore {
  constructor(private readonly dataSource: DataSource) {}

  find(accountId: AccountId, extid: string): Promise<DomainEntity | null> {
    return this.dataSource.manager
      .createQueryBuilder(DomainEntity, 'domain')
      .where('domain.account_id = :accountId and domain.extid = :extid', { accountId, extid })
      .andWhere('domain.removed_at is null')
      .getOne();
  }

  findByHostname(accountId: AccountId, hostname: Hostname): Promise<DomainEntity | null> {
    return this.dataSource.manager
      .createQueryBuilder(DomainEntity, 'domain')
      .where('domain.account_id = :accountId', { accountId })
      .andWhere('domain.hostname = :hostname and domain.removed_at is null', { hostname })
      .getOne();
  }

  async list(accountId: AccountId, { state, limit, after }: DomainFilter): Promise<DomainRows> {
    const query = this.dataSource.manager
      .createQueryBuilder(DomainEntity, 'domain')
      .addSelect('domain.created_at::text', 'at')
      .where('domain.account_id = :accountId and domain.removed_at is null', { accountId })
      .orderBy('domain.created_at', 'DESC')
      .addOrderBy('domain.id', 'DESC')
      .limit(limit + 1);
    if (state !== null) query.andWhere('domain.ownership = :state', { state });
    if (after !== null)
      query.andWhere('(domain.created_at, domain.id) < (:at::timestamptz, :id::uuid)', after);
    const { entities, raw } = await query.getRawAndEntities<{ at: string }>();
    const rows = entities.slice(0, limit);
    const last = rows.at(-1);
    const at = raw[rows.length - 1]?.at;
    const hasMore = entities.length > limit && last !== undefined && at !== undefined;
    return { rows, end: hasMore ? { at, id: last.id } : null };
  }

  async count(accountId: AccountId): Promise<number> {
    const [row] = await this.dataSource.query<{ count: number }[]>(
      'select count(*)::int as count from domains where account_id = $1 and removed_at is null',
      [accountId],
    );
    return row?.count ?? 0;
  }

  /** The newest first, from before the event with the id `before`, if there is one. */
  events(domainId: string, limit: number, before: string | null): Promise<DomainEventRecord[]> {
    return this.dataSource.query<DomainEventRecord[]>(
      `select id, at, axis, type, detail from domain_events
       where domain_id = $1 and ($2::bigint is null or id < $2::bigint) order by id desc limit $3`,
      [domainId, before, limit],
    );
  }
}
