import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, IsNull, LessThan, MoreThan, Repository } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Hostname } from '../../shared/hostname.js';
import type { DomainId } from '../domain.js';
import type { DomainEventRecord } from '../domain-event.js';
import { DomainEventEntity } from '../domain-event.entity.js';
import { DomainEntity } from '../domain.entity.js';
import { findPairClaims } from './pair-claims.js';
import { PROVEN_STATES, type OwnershipState } from '../ownership.js';

export interface DomainFilter {
  /** Null for all states. */
  readonly state: OwnershipState | null;
  readonly limit: number;
  /** The end of the previous page. */
  readonly after: PageEnd | null;
}

/** Creation time and id of the last row of a page. `at` is PostgreSQL's text, exact to the microsecond. */
export interface PageEnd {
  readonly at: string;
  readonly id: string;
}

export interface DomainRows {
  readonly rows: readonly DomainEntity[];
  /** Null on the last page. */
  readonly end: PageEnd | null;
}

/** The claims of an account and their events. Removed claims are not found. */
@Injectable()
export class DomainStore {
  constructor(
    @InjectRepository(DomainEntity) private readonly domains: Repository<DomainEntity>,
    @InjectRepository(DomainEventEntity)
    private readonly domainEvents: Repository<DomainEventEntity>,
  ) {}

  find(accountId: AccountId, extid: string): Promise<DomainEntity | null> {
    return this.domains.findOneBy({ accountId, extid, removedAt: IsNull() });
  }

  findByHostname(accountId: AccountId, hostname: Hostname): Promise<DomainEntity | null> {
    return this.domains.findOneBy({ accountId, hostname, removedAt: IsNull() });
  }

  /** See findPairClaims(). */
  findPairClaims(
    accountId: AccountId,
    hostnames: readonly Hostname[],
  ): Promise<readonly DomainEntity[]> {
    return findPairClaims(this.domains, accountId, hostnames);
  }

  /** The claim that holds the name, of whichever account. */
  findProven(hostname: Hostname): Promise<DomainEntity | null> {
    return this.domains.findOneBy({
      hostname,
      ownership: In(PROVEN_STATES),
      removedAt: IsNull(),
    });
  }

  /** Newest first. */
  async list(accountId: AccountId, { state, limit, after }: DomainFilter): Promise<DomainRows> {
    const query = this.domains
      .createQueryBuilder('domain')
      // A Date has milliseconds only, which would skip or repeat rows at the end of a page.
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

  count(accountId: AccountId): Promise<number> {
    return this.domains.countBy({ accountId, removedAt: IsNull() });
  }

  hasClaimsSince(accountId: AccountId, since: Date): Promise<boolean> {
    return this.domains.existsBy({ accountId, createdAt: MoreThan(since), removedAt: IsNull() });
  }

  /** Newest first. @param before an event id: only older events are returned; null for the newest */
  events(domainId: DomainId, limit: number, before: string | null): Promise<DomainEventRecord[]> {
    return this.domainEvents.find({
      select: { id: true, at: true, axis: true, type: true, detail: true },
      where: { domainId, ...(before === null ? {} : { id: LessThan(before) }) },
      order: { id: 'DESC' },
      take: limit,
    });
  }
}
