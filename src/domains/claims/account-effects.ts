import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import { PLANS_WITH_DOMAINS } from '../../accounts/plans.js';
import type { DomainId } from '../domain.js';
import type { DomainEntity } from '../domain.entity.js';

/** What must be done so that the claim agrees with its account. */
export type AccountEffect = 'release' | 'lapse' | 'restore';

export interface AffectedClaim extends Pick<DomainEntity, 'id' | 'hostname' | 'accountId'> {
  readonly effect: AccountEffect;
}

/** An account that changed. A later change has another `dueAt`. */
export interface AccountChange {
  readonly accountId: AccountId;
  /** PostgreSQL's text, exact to the microsecond. */
  readonly dueAt: string;
}

export interface ClaimPage {
  readonly affected: readonly AffectedClaim[];
  /** Where the next page begins; null: this was the last one. */
  readonly next: DomainId | null;
}

// The trigger of `accounts` makes the rows, in the transaction of the change. A change whose processing fails is due
// again after a minute, and the others do not wait for it.
const TAKE_CHANGES = `
  update account_changes set due_at = clock_timestamp() + interval '1 minute'
  where account_id = any(array(
    select account_id from account_changes where due_at <= now()
    order by due_at limit $1 for update skip locked
  )) returning account_id as "accountId", due_at::text as "dueAt"`;

// $1: the plans that have domains.
const EFFECT = `case
  when d.removed_at is not null then null
  when a.id is null or a.state = 'closing' then 'release'
  when a.plan = any($1) then case when d.plan_lapsed_at is null then null else 'restore' end
  else case when d.plan_lapsed_at is null then 'lapse' end
end`;

const OF_ACCOUNT = `
  select d.id, d.hostname, d.account_id as "accountId", ${EFFECT} as effect
  from domains d left join accounts a on a.id = d.account_id
  where d.account_id = $2 and d.removed_at is null`;

// The account is looked up by row: a page never makes the planner read all accounts.
const PAGE = `
  select d.id, d.hostname, d.account_id as "accountId", ${EFFECT} as effect
  from (
    select id, hostname, account_id, plan_lapsed_at, removed_at from domains
    where id > $2 order by id limit $3
  ) d left join lateral (
    select id, plan, state from accounts where id = d.account_id limit 1
  ) a on true order by d.id`;

type PageRow = Pick<DomainEntity, 'id' | 'hostname' | 'accountId'> & {
  readonly effect: AccountEffect | null;
};

/** Finds the claims that do not agree with their account: those of changed accounts, and page by page all. */
@Injectable()
export class AccountEffects {
  constructor(private readonly dataSource: DataSource) {}

  /** No other process takes the same changes within a minute. */
  async takeChanges(limit: number): Promise<AccountChange[]> {
    const [taken] = await this.dataSource.query<[AccountChange[], number]>(TAKE_CHANGES, [limit]);
    return taken;
  }

  /** Keeps the row if the account has changed again meanwhile. */
  async complete({ accountId, dueAt }: AccountChange): Promise<void> {
    await this.dataSource.query(
      'delete from account_changes where account_id = $1 and due_at = $2::timestamptz',
      [accountId, dueAt],
    );
  }

  async ofAccount(accountId: AccountId): Promise<AffectedClaim[]> {
    const values = [PLANS_WITH_DOMAINS, accountId];
    return onlyAffected(await this.dataSource.query<PageRow[]>(OF_ACCOUNT, values));
  }

  /** The claims with an id above `after`, up to `limit`. */
  async page(after: DomainId, limit: number): Promise<ClaimPage> {
    const rows = await this.dataSource.query<PageRow[]>(PAGE, [PLANS_WITH_DOMAINS, after, limit]);
    const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
    return { affected: onlyAffected(rows), next };
  }
}

function onlyAffected(rows: readonly PageRow[]): AffectedClaim[] {
  return rows.flatMap(({ effect, ...claim }) => (effect === null ? [] : [{ ...claim, effect }]));
}
