import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { AccountEntity } from '../../accounts/account.entity.js';
import { PLANS_WITH_DOMAINS } from '../../accounts/plans.js';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import { DomainChangeEntity } from '../domain-change.entity.js';
import { DomainEntity } from '../domain.entity.js';
import { deleteOldChanges } from './domain-changes.js';
import { DomainLifecycle } from './domain-lifecycle.js';

interface AffectedClaim extends Pick<DomainEntity, 'id' | 'hostname'> {
  readonly effect: 'release' | 'lapse' | 'restore';
}

const EVERY = 10 * SECOND;
const BATCH = 100;

/**
 * Applies the removal of an account and changes of its plan to its domains. FIND_SERVED reads the account itself, so
 * serving does not wait for this job; the job writes columns and events.
 */
@Injectable()
export class AccountChangesJob implements OnModuleInit, OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: AccountChangesJob.name,
    round: () => this.round(),
    everyMs: EVERY,
  });

  constructor(
    @InjectRepository(DomainEntity) private readonly domains: Repository<DomainEntity>,
    @InjectRepository(DomainChangeEntity)
    private readonly changes: Repository<DomainChangeEntity>,
    private readonly lifecycle: DomainLifecycle,
  ) {}

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Processes one batch. Returns whether there may be more. */
  async round(): Promise<boolean> {
    const claims = await this.#affected();
    for (const claim of claims) await this.#apply(claim);
    await deleteOldChanges(this.changes);
    return claims.length === BATCH;
  }

  /** The claims whose columns do not agree with their account. */
  #affected(): Promise<AffectedClaim[]> {
    const hasPlan = 'account.plan in (:...plans)';
    return this.domains
      .createQueryBuilder('domain')
      .leftJoin(AccountEntity, 'account', 'account.id = domain.account_id')
      .select('domain.id', 'id')
      .addSelect('domain.hostname', 'hostname')
      .addSelect(
        `case when account.id is null then 'release' when ${hasPlan} then 'restore' else 'lapse' end`,
        'effect',
      )
      .where('domain.removed_at is null')
      .andWhere(`(account.id is null or (${hasPlan}) = (domain.plan_lapsed_at is not null))`)
      .setParameters({ plans: PLANS_WITH_DOMAINS })
      .orderBy('domain.id')
      .limit(BATCH)
      .getRawMany<AffectedClaim>();
  }

  #apply(claim: AffectedClaim): Promise<void> {
    switch (claim.effect) {
      case 'release':
        return this.lifecycle.release(claim, 'account_removed');
      case 'lapse':
        return this.lifecycle.lapsePlan(claim);
      case 'restore':
        return this.lifecycle.restorePlan(claim);
    }
  }
}
