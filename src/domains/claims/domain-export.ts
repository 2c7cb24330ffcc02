import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AccountId } from '../../accounts/account.js';
import type { Hostname } from '../../shared/hostname.js';
import { wholeLook, type DomainLook } from '../domain-look.js';
import { describePolicy, wholePolicy, type DomainPolicy } from '../domain-policy.js';
import type { DomainEventEntity } from '../domain-event.entity.js';
import type { DomainEntity } from '../domain.entity.js';

/** A claim as it is kept, without what only the checks need. */
export type ExportedDomain = Pick<
  DomainEntity,
  | 'extid'
  | 'hostname'
  | 'targetLabel'
  | 'challengeLabel'
  | 'challengeValue'
  | 'ownership'
  | 'proofMethod'
  | 'verifiedAt'
  | 'lapsedAt'
  | 'lostAt'
  | 'vouchedUntil'
  | 'routing'
  | 'pointedAt'
  | 'delegation'
  | 'delegatedAt'
  | 'facts'
  | 'checkedAt'
  | 'homepageEnabled'
  | 'apiEnabled'
  | 'planLapsedAt'
  | 'createdAt'
  | 'updatedAt'
  | 'removedAt'
>;

export type ExportedDomainEvent = Pick<
  DomainEventEntity,
  'hostname' | 'at' | 'axis' | 'type' | 'detail'
>;

interface PageEnd {
  readonly pageAt: string;
  readonly pageId: string;
}

interface ExportedNames {
  /** The host name that this one redirects to: the second name of a pair. */
  readonly main: Hostname | null;
}

type Row = ExportedDomain &
  ExportedNames &
  PageEnd & { readonly policy: Partial<DomainPolicy>; readonly look: Partial<DomainLook> };

const DOMAINS = 100;
const EVENTS = 500;

// One of two indexes for each condition.
const DOMAIN_PAGE = (condition: string): string => `
  select extid, hostname, target_label as "targetLabel",
    challenge_label as "challengeLabel", challenge_value as "challengeValue",
    (select main.hostname from domains main where main.id = d.main_id and main.account_id = d.account_id) as main,
    ownership, proof_method as "proofMethod", verified_at as "verifiedAt", lapsed_at as "lapsedAt", lost_at as "lostAt",
    vouched_until as "vouchedUntil", routing, pointed_at as "pointedAt",
    delegation, delegated_at as "delegatedAt", facts, checked_at as "checkedAt",
    homepage_enabled as "homepageEnabled", api_enabled as "apiEnabled", policy, look, plan_lapsed_at as "planLapsedAt",
    created_at as "createdAt", updated_at as "updatedAt", removed_at as "removedAt",
    created_at::text as "pageAt", id as "pageId"
  from domains d
  where account_id = $1 and ${condition} and (created_at, id) < ($2::timestamptz, $3::uuid)
  order by created_at desc, id desc limit ${DOMAINS}`;

const PAGES = ['removed_at is null', 'removed_at is not null'].map(DOMAIN_PAGE);
const START: PageEnd = { pageAt: 'infinity', pageId: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

const EVENT_PAGE = `
  select id as "pageId", hostname, at, axis, type, detail from domain_events
  where domain_id = $1 and id < $2 order by id desc limit ${EVENTS}`;
const LAST_EVENT = String(2n ** 63n - 1n);

// A domain has few of them, and they are kept for two weeks.
const SETUP_LINKS = `
  select domain.extid as domain, link.id, link.created_at as "createdAt", link.expires_at as "expiresAt"
  from domains domain join setup_links link on link.domain_id = domain.id
  where domain.account_id = $1 and link.account_id = $1 order by link.created_at desc`;

const OFFERS = `
  select domain.extid as domain, domain.hostname, offer.id, offer.region,
    case when offer.state = 'offered' and offer.expires_at <= now() then 'expired' else offer.state end as state,
    offer.created_at as "createdAt", offer.expires_at as "expiresAt"
  from domain_transfers offer join domains domain on domain.id = offer.domain_id
  where offer.account_id = $1 order by offer.created_at desc`;

const MOVES = `
  select domain.extid as domain, domain.hostname, move.id, move.direction, move.region, move.state,
    move.peer_state as "peerState", move.created_at as "createdAt", move.expires_at as "expiresAt",
    move.heard_at as "heardAt", move.silence, move.silent_since as "silentSince"
  from domains domain join domain_moves move on move.domain_id = domain.id
  where domain.account_id = $1 order by move.created_at desc`;

/** The claims of an account, removed ones included as long as they are kept, and their timelines, for its export. */
@Injectable()
export class DomainExport {
  constructor(private readonly dataSource: DataSource) {}

  async *domains(
    accountId: AccountId,
  ): AsyncGenerator<
    readonly (ExportedDomain &
      ExportedNames &
      Pick<DomainLook, 'brand'> & { readonly policy: object })[]
  > {
    for await (const rows of this.#rows(accountId))
      yield rows.map(({ pageAt: _at, pageId: _id, policy, look, ...domain }) => ({
        ...domain,
        brand: wholeLook(look).brand,
        policy: describePolicy(wholePolicy(policy)),
      }));
  }

  async *setupLinks(accountId: AccountId): AsyncGenerator<readonly object[]> {
    yield await this.dataSource.query<object[]>(SETUP_LINKS, [accountId]);
  }

  /** Offers of the account's domains to others, whose the domains are now or not. Of the codes only hashes are kept. */
  async *offers(accountId: AccountId): AsyncGenerator<readonly object[]> {
    yield await this.dataSource.query<object[]>(OFFERS, [accountId]);
  }

  /** To and from other regions. */
  async *moves(accountId: AccountId): AsyncGenerator<readonly object[]> {
    yield await this.dataSource.query<object[]>(MOVES, [accountId]);
  }

  async *events(accountId: AccountId): AsyncGenerator<readonly ExportedDomainEvent[]> {
    for await (const rows of this.#rows(accountId))
      for (const { pageId } of rows) yield* this.#eventsOf(pageId);
  }

  /** The newest first: claims, then removed ones. */
  async *#rows(accountId: AccountId): AsyncGenerator<readonly Row[]> {
    for (const page of PAGES) {
      let end: PageEnd | undefined = START;
      while (end !== undefined) {
        const rows: readonly Row[] = await this.dataSource.query(page, [
          accountId,
          end.pageAt,
          end.pageId,
        ]);
        yield rows;
        end = rows.length === DOMAINS ? rows.at(-1) : undefined;
      }
    }
  }

  async *#eventsOf(domainId: string): AsyncGenerator<readonly ExportedDomainEvent[]> {
    let before: string | undefined = LAST_EVENT;
    while (before !== undefined) {
      const rows: readonly (ExportedDomainEvent & { readonly pageId: string })[] =
        await this.dataSource.query(EVENT_PAGE, [domainId, before]);
      yield rows.map(({ pageId: _id, ...event }) => event);
      before = rows.length === EVENTS ? rows.at(-1)?.pageId : undefined;
    }
  }
}
