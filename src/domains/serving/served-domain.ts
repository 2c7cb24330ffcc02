import type { AccountId } from '../../accounts/account.js';
import { PLANS_WITH_DOMAINS } from '../../accounts/plans.js';
import type { Statement } from '../../database/statements.js';
import type { Hostname } from '../../shared/hostname.js';
import type { DomainId } from '../domain.js';
import { LAPSED_GRACE_DAYS } from '../ownership.js';

/** A name that serves now: proven, certified, within its account's plan. */
export interface ServedDomain {
  readonly domainId: DomainId;
  readonly hostname: Hostname;
  readonly ownerId: AccountId;
  /** Whether people without an account may create secrets over the API; never while the owner is suspended. */
  readonly apiEnabled: boolean;
  /** The same in the browser. */
  readonly homepageEnabled: boolean;
  /** When the name was last seen to reach this region; null when it was last seen not to. */
  readonly pointedAt: Date | null;
}

/** `secondsLeft`: how long it serves if nothing changes, by the database's clock. */
export interface ServedRow extends Omit<ServedDomain, 'hostname'> {
  readonly secondsLeft: number;
}

export const PLAN_GRACE_DAYS = 14;

// The certificates are another room's, below this one: their table is read here all the same, so that a cold name
// costs one query and a name that cannot be certified is nobody's. Nothing is written to it.
const LAPSE_END = `case when d.ownership = 'lapsed'
  then d.lapsed_at + interval '${LAPSED_GRACE_DAYS} days' else 'infinity' end`;
// Before the sweep of the plans has come by, the time to serve on has not begun.
const PLAN_END = `case when a.plan = any($2)
  then 'infinity' else coalesce(d.plan_lapsed_at, now()) + interval '${PLAN_GRACE_DAYS} days' end`;

export const FIND_SERVED: Statement = {
  name: 'domain-served',
  text: `
    select id as "domainId", account_id as "ownerId", api_enabled as "apiEnabled",
      homepage_enabled as "homepageEnabled", pointed_at as "pointedAt",
      extract(epoch from ends_at - now())::float8 as "secondsLeft"
    from (
      select d.id, d.account_id, d.pointed_at,
        d.api_enabled and a.state = 'active' as api_enabled,
        d.homepage_enabled and a.state = 'active' as homepage_enabled,
        least(c.not_after, ${LAPSE_END}, ${PLAN_END}) as ends_at
      from domains d
      join accounts a on a.id = d.account_id
      join certificates c on c.hostname = d.hostname
        and c.superseded_at is null and c.destroyed_at is null
      where d.hostname = $1 and d.ownership in ('verified', 'lapsed') and d.removed_at is null
    ) as served
    where ends_at > now()`,
};

export function servedValues(hostname: Hostname): readonly unknown[] {
  return [hostname, PLANS_WITH_DOMAINS];
}
