import { Injectable } from '@nestjs/common';
import type { Account, AccountId } from '../accounts/account.js';
import { GATEWAY, type Actor } from '../accounts/activity/activity.js';
import { AppError } from '../shared/app-error.js';
import type { Hostname } from '../shared/hostname.js';
import { ClaimChecker } from './checks/claim-checker.js';
import { ClaimKnocks } from './checks/claim-knocks.js';
import { domainsMaxOf } from './claims/account-capacity.js';
import { DomainClaims } from './claims/domain-claims.js';
import type { Domain } from './domain.js';
import type { DomainEventRecord } from './domain-event.js';
import type { DomainFacts } from './domain-facts.js';
import { diagnose } from './diagnosis/diagnose.js';
import { recordsToRemove, type UselessRecord } from './diagnosis/records-to-remove.js';
import { viewRouting } from './diagnosis/routing-view.js';
import { DomainLifecycle, type DomainSwitches } from './claims/domain-lifecycle.js';
import type { DomainEntity } from './domain.entity.js';
import { countsAsClaimed } from './claims/pair-claims.js';
import { DomainStore } from './claims/domain.store.js';
import type { OwnershipState } from './ownership.js';
import type { OpenedLink } from './setup-link.js';
import { otherOfPair } from './domain-name.js';
import { decodeCursor, encodeCursor } from './claims/page-cursor.js';

/** An event's id, within PostgreSQL's bigint. */
const EVENT_CURSOR = /^\d{1,18}$/;

export interface DomainPage {
  readonly domains: readonly Domain[];
  /** Of all domains of the account, whatever the filter. */
  readonly count: number;
  readonly nextCursor: string | null;
}

export interface DomainPageRequest {
  readonly state: OwnershipState | null;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface EventPageRequest {
  readonly limit: number;
  readonly cursor: string | null;
}

export interface EventPage {
  readonly events: readonly DomainEventRecord[];
  readonly nextCursor: string | null;
}

/** Whoever has a link to a set-up. */
const LINK: Actor = { ...GATEWAY, name: 'set-up link' };

/** The account's claim to the other name of a pair. */
export interface OtherName {
  readonly extid: string;
  readonly hostname: Hostname;
  /** Which of the two redirects to the other; null: each is a name of its own. */
  readonly redirects: 'this' | 'other' | null;
}

/** By the name of the domain, not by the other one. */
export interface OtherNames {
  /** The account's own claims to them. */
  readonly own: ReadonlyMap<Hostname, OtherName>;
  /** Where nobody has to claim the other name: see countsAsClaimed(). */
  readonly claimed: ReadonlySet<Hostname>;
}

/** A domain and its facts without a row in the database. */
export interface DryRun {
  readonly domain: Domain;
  readonly facts: DomainFacts;
}

/**
 * The custom domains of an account. An unknown id and the id of another account's domain both throw AppError
 * `not_found`. claim() and dryRun() throw `plan_required` if the plan has no custom domains; they and verify() throw
 * `rate_limited` or `busy` when the account has used its LookUpBudget up. `actor` is who acts, for the account's activity.
 */
@Injectable()
export class DomainsService {
  constructor(
    private readonly claims: DomainClaims,
    private readonly store: DomainStore,
    private readonly lifecycle: DomainLifecycle,
    private readonly checker: ClaimChecker,
    private readonly knocks: ClaimKnocks,
  ) {}

  /** See DomainClaims.claim() and, for `isPair`, claimPair(). */
  async claim(
    account: Account,
    text: string,
    actor: Actor = GATEWAY,
    { isPair = false }: { readonly isPair?: boolean } = {},
  ): Promise<Domain> {
    const domainsMax = domainsMaxOf(account);
    const name = this.claims.parse(text);
    this.checker.budget.charge(account.id);
    const claim = { accountId: account.id, name, domainsMax, actor };
    return isPair ? this.claims.claimPair(claim) : this.claims.claim(claim);
  }

  /** The other names of the pairs that these domains of one account belong to. */
  async otherNames(accountId: AccountId, domains: readonly Domain[]): Promise<OtherNames> {
    const others = new Map(
      domains.flatMap((domain) => {
        const other = otherOfPair(domain);
        return other === null ? [] : [[other, domain] as const];
      }),
    );
    const found = await this.store.findPairClaims(accountId, [...others.keys()]);
    const claims = found.flatMap((claim) => {
      const domain = others.get(claim.hostname);
      return domain === undefined ? [] : [{ domain, claim }];
    });
    const own = claims.filter(({ claim }) => claim.accountId === accountId);
    const claimed = claims.filter(({ claim }) => countsAsClaimed(claim, accountId));
    return {
      own: new Map(own.map(({ domain, claim }) => [domain.hostname, otherNameOf(domain, claim)])),
      claimed: new Set(claimed.map(({ domain }) => domain.hostname)),
    };
  }

  /** Observes a name before a claim. The records of a later claim differ from the ones expected here. */
  async dryRun(account: Account, text: string): Promise<DryRun> {
    domainsMaxOf(account);
    const name = this.claims.parse(text);
    return this.checker.budget.run(account.id, async () => {
      const own = await this.store.findByHostname(account.id, name.hostname);
      const claim = own ?? (await this.claims.draft(account.id, name));
      const domain = { ...claim, facts: await this.checker.observe(claim) };
      return { domain, facts: this.checker.facts(domain) };
    });
  }

  /** Its owner is watching: a claim that is being set up is checked soon. */
  async get(accountId: AccountId, extid: string): Promise<Domain> {
    const domain = await this.#require(accountId, extid);
    this.knocks.knock(domain.hostname);
    return domain;
  }

  /** Whether the account has a claim to the name, proven or not. */
  async hasClaim(accountId: AccountId, hostname: Hostname): Promise<boolean> {
    return (await this.store.findByHostname(accountId, hostname)) !== null;
  }

  /** Whether the records of a proven name led to this region at the last check, whatever answered there. */
  async leadsHere(hostname: Hostname): Promise<boolean> {
    const claim = await this.store.findProven(hostname);
    if (claim === null) return false;
    const { isOursByDns, state } = viewRouting(this.checker.facts(claim));
    return isOursByDns && state !== 'wrong_region';
  }

  /** Newest first. Throws AppError `invalid_request` for an invalid cursor. */
  async list(accountId: AccountId, request: DomainPageRequest): Promise<DomainPage> {
    const { state, limit, cursor } = request;
    const after = cursor === null ? null : decodeCursor(cursor);
    if (cursor !== null && after === null) throw badCursor();
    const { rows, end } = await this.store.list(accountId, { state, limit, after });
    return {
      domains: rows,
      count: await this.store.count(accountId),
      nextCursor: end === null ? null : encodeCursor(end),
    };
  }

  /** How many claims the account has, proven or not. */
  count(accountId: AccountId): Promise<number> {
    return this.store.count(accountId);
  }

  /** Whether the account has a claim that was made after `since`. */
  hasClaimsSince(accountId: AccountId, since: Date): Promise<boolean> {
    return this.store.hasClaimsSince(accountId, since);
  }

  /** Checks the domain now. Throws AppError `rate_limited` on the eleventh call in a minute. */
  async verify(accountId: AccountId, extid: string, actor: Actor = GATEWAY): Promise<Domain> {
    if (!(await this.checker.checkNow(accountId, extid, actor))) throw domainNotFound();
    return this.#require(accountId, extid);
  }

  /** As verify(), for whoever has a link to the set-up: within a budget of the link's own. */
  async verifyByLink({ linkId, domain }: OpenedLink): Promise<void> {
    const { accountId, extid } = domain;
    if (!(await this.checker.checkNow(accountId, extid, LINK, linkId))) throw domainNotFound();
  }

  /** A claim that is being set up is checked soon, because somebody is watching. */
  watch({ hostname }: Pick<Domain, 'hostname'>): void {
    this.knocks.knock(hostname);
  }

  /** As DomainLifecycle.release(). */
  async remove(
    accountId: AccountId,
    extid: string,
    actor: Actor = GATEWAY,
  ): Promise<readonly Domain[]> {
    return this.lifecycle.release(await this.#require(accountId, extid), 'by_owner', actor);
  }

  /** The claim's own records, as far as they were seen: of no use after its end. */
  recordsToRemove(domain: Domain): UselessRecord[] {
    const facts = this.facts(domain);
    return recordsToRemove(facts, diagnose(facts).records);
  }

  /** Sets what clients without an account may do on the domain, and its policy. Throws as DomainLifecycle.configure(). */
  async configure(
    accountId: AccountId,
    extid: string,
    switches: DomainSwitches,
    actor: Actor = GATEWAY,
  ): Promise<Domain> {
    await this.lifecycle.configure(await this.#require(accountId, extid), switches, actor);
    return this.#require(accountId, extid);
  }

  /** Newest first. Throws AppError `invalid_request` for an invalid cursor. */
  async events(
    accountId: AccountId,
    extid: string,
    { limit, cursor }: EventPageRequest,
  ): Promise<EventPage> {
    if (cursor !== null && !EVENT_CURSOR.test(cursor)) throw badCursor();
    const { id } = await this.#require(accountId, extid);
    const events = await this.store.events(id, limit + 1, cursor);
    const shown = events.slice(0, limit);
    const nextCursor = events.length > limit ? (shown.at(-1)?.id ?? null) : null;
    return { events: shown, nextCursor };
  }

  /** The facts of the domain for diagnose(). `certificate` is null: another room adds it. */
  facts(domain: Domain): DomainFacts {
    return this.checker.facts(domain);
  }

  async #require(accountId: AccountId, extid: string): Promise<DomainEntity> {
    const domain = await this.store.find(accountId, extid);
    if (domain === null) throw domainNotFound();
    return domain;
  }
}

function otherNameOf(domain: Domain, claim: Domain): OtherName {
  const { extid, hostname } = claim;
  if (domain.mainId === claim.id) return { extid, hostname, redirects: 'this' };
  return { extid, hostname, redirects: claim.mainId === domain.id ? 'other' : null };
}

function domainNotFound(): AppError {
  return new AppError('not_found', 'Domain not found');
}

function badCursor(): AppError {
  return new AppError('invalid_request', 'The cursor is not one of ours.', { field: 'cursor' });
}
