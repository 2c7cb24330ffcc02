import type { AccountId } from '../../accounts/account.js';
import { PLANS_WITH_DOMAINS, type AccountPlan } from '../../accounts/plans.js';
import type { Statement, StatementRunner } from '../../database/statements.js';
import type { Hostname } from '../../shared/hostname.js';
import type { DomainId } from '../domain.js';
import { hasLook, wholeLook, type DomainLook } from '../domain-look.js';
import { wholePolicy, type DomainPolicy } from '../domain-policy.js';
import { LAPSED_GRACE_DAYS } from '../ownership.js';

/** A name that serves now: proven, with a certificate, and within the plan of its account. */
export interface ServedDomain {
  readonly domainId: DomainId;
  readonly hostname: Hostname;
  readonly ownerId: AccountId;
  /** Clients without an account may create secrets by the API; false while the owner is suspended. */
  readonly apiEnabled: boolean;
  /** The same for the pages. */
  readonly homepageEnabled: boolean;
  readonly policy: DomainPolicy;
  readonly look: DomainLook;
  /** Whose images the look names: its own, or those of its main name, whose look a second name without one has. */
  readonly lookDomainId: DomainId;
  /** Its limits are those of people without an account. */
  readonly ownerPlan: AccountPlan;
  /** See Routing. */
  readonly pointedAt: Date | null;
  /** The other name of the pair, to which this one leads while that name serves; null for a name of its own. */
  readonly redirectsTo: Hostname | null;
}

/** The certificate of a name as it is stored: whoever looks up a name for a handshake needs both. */
export interface ServedCertificateRow {
  readonly version: number;
  readonly chainPem: string;
  readonly sealed: Buffer | null;
  readonly keyVersion: number;
  readonly notAfter: Date;
}

/** `secondsLeft`: how long the name serves if nothing changes, by the clock of the database. */
export interface ServedRow
  extends
    Omit<ServedDomain, 'hostname' | 'policy' | 'look' | 'lookDomainId'>,
    ServedCertificateRow {
  /** What differs from NO_POLICY. */
  readonly policy: Partial<DomainPolicy>;
  readonly look: Partial<DomainLook>;
  /** Of the name that `redirectsTo`. */
  readonly mainId: DomainId | null;
  readonly mainLook: Partial<DomainLook> | null;
  readonly secondsLeft: number;
}

export const PLAN_GRACE_DAYS = 14;

// The table certificates belongs to a room below this one. It is read here, never written, so that a cache miss costs
// one query and a name without a certificate does not serve.
const LAPSE_END = `case when d.ownership = 'lapsed'
  then d.lapsed_at + interval '${LAPSED_GRACE_DAYS} days' else 'infinity' end`;
// The grace period begins when AccountChangesJob has set plan_lapsed_at.
const PLAN_END = `case when a.plan = any($2)
  then 'infinity' else coalesce(d.plan_lapsed_at, now()) + interval '${PLAN_GRACE_DAYS} days' end`;

/** A prepared statement: each handshake with a name that is not cached runs it. */
export const FIND_SERVED: Statement = {
  name: 'domain-served',
  text: `
    select id as "domainId", account_id as "ownerId", api_enabled as "apiEnabled",
      homepage_enabled as "homepageEnabled", policy, look, plan as "ownerPlan", pointed_at as "pointedAt",
      main_hostname as "redirectsTo", main_id as "mainId", main_look as "mainLook",
      extract(epoch from ends_at - now())::float8 as "secondsLeft",
      version, chain_pem as "chainPem", sealed_private_key as sealed, key_version as "keyVersion",
      not_after as "notAfter"
    from (
      select d.id, d.account_id, d.pointed_at, d.policy, d.look, a.plan, m.hostname as main_hostname,
        m.id as main_id, m.look as main_look,
        d.api_enabled and a.state = 'active' as api_enabled,
        d.homepage_enabled and a.state = 'active' as homepage_enabled,
        c.version, c.chain_pem, c.sealed_private_key, c.key_version, c.not_after,
        least(c.not_after, ${LAPSE_END}, ${PLAN_END}) as ends_at
      from domains d
      join accounts a on a.id = d.account_id and a.state <> 'closing'
      join certificates c on c.hostname = d.hostname
        and c.superseded_at is null and c.destroyed_at is null
      left join domains m on m.id = d.main_id and m.account_id = d.account_id and m.removed_at is null
      where d.hostname = $1 and d.ownership in ('verified', 'lapsed') and d.removed_at is null
        and not exists (
          select 1 from domains b where b.hostname = d.hostname and b.blocked_at is not null
        )
    ) as served
    where ends_at > now()`,
};

export function servedValues(hostname: Hostname): readonly unknown[] {
  return [hostname, PLANS_WITH_DOMAINS];
}

/** One query, without a cache. Null: the name does not serve. */
export async function findServed(
  statements: StatementRunner,
  hostname: Hostname,
): Promise<ServedDomain | null> {
  const [row] = await statements.run<ServedRow>(FIND_SERVED, servedValues(hostname));
  return row === undefined ? null : servedOf(hostname, row);
}

export function servedOf(hostname: Hostname, row: ServedRow): ServedDomain {
  const { mainId, mainLook, domainId } = row;
  const own = wholeLook(row.look);
  const isMains = mainId !== null && !hasLook(own);
  return {
    domainId,
    hostname,
    ownerId: row.ownerId,
    apiEnabled: row.apiEnabled,
    homepageEnabled: row.homepageEnabled,
    policy: wholePolicy(row.policy),
    look: isMains ? wholeLook(mainLook ?? {}) : own,
    lookDomainId: isMains ? mainId : domainId,
    ownerPlan: row.ownerPlan,
    pointedAt: row.pointedAt,
    redirectsTo: row.redirectsTo,
  };
}
