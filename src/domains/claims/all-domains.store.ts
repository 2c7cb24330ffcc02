import { Injectable } from '@nestjs/common';
import { DataSource, IsNull, MoreThan, Not } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Hostname } from '../../shared/hostname.js';
import type { Domain, DomainId } from '../domain.js';
import { otherOfPair } from '../domain-name.js';
import { DomainEntity } from '../domain.entity.js';
import { countsAsClaimed, findPairClaims } from './pair-claims.js';

export interface AllDomainsFilter {
  readonly accountId: AccountId | null;
  readonly onlyBlocked: boolean;
  readonly limit: number;
  /** The id of the last row of the page before. */
  readonly after: DomainId | null;
}

/** The claims of all accounts, for the operator. Removed claims are not found. */
@Injectable()
export class AllDomainsStore {
  constructor(private readonly dataSource: DataSource) {}

  /** The proven claim first. */
  async ofName(hostname: Hostname): Promise<DomainEntity[]> {
    const claims = await this.#domains.find({
      where: { hostname, removedAt: IsNull() },
      order: { verifiedAt: { direction: 'ASC', nulls: 'LAST' }, id: 'ASC' },
    });
    return claims;
  }

  findByExtid(extid: string): Promise<DomainEntity | null> {
    return this.#domains.findOneBy({ extid, removedAt: IsNull() });
  }

  /** See countsAsClaimed(); also for a name that belongs to no pair. */
  async isPairClaimed(domain: Domain): Promise<boolean> {
    const { accountId } = domain;
    const other = otherOfPair(domain);
    if (other === null) return true;
    const claims = await findPairClaims(this.#domains, accountId, [other]);
    return claims.some((claim) => countsAsClaimed(claim, accountId));
  }

  /** In the order of their row's id. */
  page({ accountId, onlyBlocked, limit, after }: AllDomainsFilter): Promise<DomainEntity[]> {
    return this.#domains.find({
      where: {
        removedAt: IsNull(),
        ...(accountId === null ? {} : { accountId }),
        ...(onlyBlocked ? { blockedAt: Not(IsNull()) } : {}),
        ...(after === null ? {} : { id: MoreThan(after) }),
      },
      order: { id: 'ASC' },
      take: limit,
    });
  }

  /** The check of the claim is due at once. */
  async checkSoon(id: DomainId): Promise<void> {
    await this.#domains.update(
      { id, removedAt: IsNull(), nextCheckAt: Not(IsNull()) },
      { nextCheckAt: () => 'now()', checkAttempts: 0 },
    );
  }

  get #domains() {
    return this.dataSource.getRepository(DomainEntity);
  }
}
