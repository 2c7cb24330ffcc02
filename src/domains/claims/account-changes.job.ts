import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PLANS_WITH_DOMAINS } from '../../accounts/plans.js';
import { DueLoop } from '../../database/due-loop.js';
import { SECOND } from '../../shared/durations.js';
import type { DomainEntity } from '../domain.entity.js';
import { DomainLifecycle } from './domain-lifecycle.js';

interface AffectedClaim extends Pick<DomainEntity, 'id' | 'hostname'> {
  readonly effect: 'release' | 'lapse' | 'restore';
}

const EVERY = 10 * SECOND;
const BATCH = 100;

// One statement for every way in which a claim may not agree with its account any more.
const AFFECTED = `
  select d.id, d.hostname, case
    when a.id is null then 'release' when a.plan = any($1) then 'restore' else 'lapse' end as effect
  from domains d left join accounts a on a.id = d.account_id
  where d.removed_at is null
    and (a.id is null or (a.plan = any($1)) = (d.plan_lapsed_at is not null))
  order by d.id limit ${BATCH}`;

/**
 * Carries an account's removal and its changes of plan over to its domains, whoever made them and wherever. What may
 * be served changes without it and at once (see FIND_SERVED); this keeps the book.
 */
@Injectable()
export class AccountChangesJob implements OnModuleInit, OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: AccountChangesJob.name,
    round: () => this.round(),
    everyMs: EVERY,
  });

  constructor(
    private readonly dataSource: DataSource,
    private readonly lifecycle: DomainLifecycle,
  ) {}

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** One batch; whether there may be more. */
  async round(): Promise<boolean> {
    const claims = await this.dataSource.query<AffectedClaim[]>(AFFECTED, [PLANS_WITH_DOMAINS]);
    for (const claim of claims) await this.#affect(claim);
    // Announcements are read for a minute; an hour of them is for whoever debugs.
    await this.dataSource.query(
      `delete from domain_changes where changed_at < now() - interval '1 hour'`,
    );
    return claims.length === BATCH;
  }

  #affect(claim: AffectedClaim): Promise<void> {
    if (claim.effect === 'release') return this.lifecycle.release(claim, 'account_removed');
    return claim.effect === 'lapse'
      ? this.lifecycle.lapsePlan(claim)
      : this.lifecycle.restorePlan(claim);
  }
}
