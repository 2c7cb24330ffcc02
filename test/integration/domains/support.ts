import { randomUUID } from 'node:crypto';
import type { Account, AccountId } from '../../../src/accounts/account.js';
import type { AccountPlan } from '../../../src/accounts/plans.js';
import type { CellConfig } from '../../../src/config/cell-config.js';
import type { Limits } from '../../../src/config/limits.js';
import type { Region } from '../../../src/config/region.js';
import { AccountChangesJob } from '../../../src/domains/claims/account-changes.job.js';
import { AccountEffects } from '../../../src/domains/claims/account-effects.js';
import { CheckLeases } from '../../../src/domains/checks/check-leases.js';
import { ClaimKnocks } from '../../../src/domains/checks/claim-knocks.js';
import { ClaimChecker } from '../../../src/domains/checks/claim-checker.js';
import { DomainCheckJob } from '../../../src/domains/checks/domain-check.job.js';
import { LookUpBudget } from '../../../src/domains/checks/look-up-budget.js';
import { DomainClaims } from '../../../src/domains/claims/domain-claims.js';
import { NoDelegation } from '../../../src/dns/delegation-offer.js';
import type { DnsAnswer } from '../../../src/dns/dns-answer.js';
import {
  ACME_CHALLENGE_UNASKED,
  NOT_PROBED,
  type ObservationRequest,
  type ObservedFacts,
} from '../../../src/domains/domain-facts.js';
import { DomainLifecycle } from '../../../src/domains/claims/domain-lifecycle.js';
import { DomainObserver } from '../../../src/domains/checks/domain-observer.js';
import { DomainSettings } from '../../../src/domains/domain-settings.js';
import { DomainTransitions } from '../../../src/domains/claims/domain-transitions.js';
import { DomainEventEntity } from '../../../src/domains/domain-event.entity.js';
import { DomainEntity } from '../../../src/domains/domain.entity.js';
import type { Domain } from '../../../src/domains/domain.js';
import { DomainStore } from '../../../src/domains/claims/domain.store.js';
import { DomainsService } from '../../../src/domains/domains.service.js';
import { RateLimits } from '../../../src/limits/rate-limits.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { requireHostname } from '../../../src/shared/hostname.js';
import type { TestDatabase } from '../../support/test-database.js';

export const settings: DomainSettings = Object.assign(new DomainSettings(), {
  region: 'eu' as Region,
  baseDomain: requireHostname('onetime.localhost'),
  fleet: ['eu', 'us'] as Region[],
  ingressAddresses: ['192.0.2.10'],
  allowsReservedTlds: true,
  cas: [],
  delegation: new NoDelegation('acme.eu.onetime.localhost'),
});

/** Observes records that tests publish, instead of DNS. */
export class FakeDns extends DomainObserver {
  readonly #txt = new Map<string, string[]>();
  readonly #cname = new Map<string, string>();
  readonly #addressed = new Set<string>();
  /** All lookups time out. */
  isSilent = false;
  /** An observation returns when this resolves, with the records of its beginning. */
  gate: Promise<void> = Promise.resolve();
  observations = 0;

  constructor() {
    super(undefined as never, undefined as never, new SystemClock());
  }

  publishTxt(domain: Domain, ...values: string[]): void {
    const name = `_onetime-challenge-${domain.challengeLabel}.${domain.hostname}`;
    this.#txt.set(name, values.length > 0 ? values : [domain.challengeValue]);
  }

  publishCname(domain: Domain): void {
    this.#cname.set(domain.hostname, `${domain.targetLabel}.eu.ingress.${settings.baseDomain}`);
  }

  /** A CNAME record to whatever target. */
  pointTo(hostname: string, target: string): void {
    this.#cname.set(hostname, target);
  }

  /** An address record in place of a CNAME record. */
  pointByAddress(hostname: string): void {
    this.#cname.delete(hostname);
    this.#addressed.add(hostname);
  }

  /** Leads the challenges of the name to the claim's own label. */
  publishDelegation(
    domain: Domain,
    target = `${domain.targetLabel}.${settings.delegation.zone}`,
  ): void {
    this.#cname.set(`_acme-challenge.${domain.hostname}`, target);
  }

  /** Removes the records at the name and below it. */
  clear(hostname: string): void {
    this.#cname.delete(hostname);
    this.#cname.delete(`_acme-challenge.${hostname}`);
    for (const name of this.#txt.keys()) if (name.endsWith(`.${hostname}`)) this.#txt.delete(name);
  }

  override async observe(request: ObservationRequest): Promise<ObservedFacts> {
    this.observations += 1;
    const { hostname, expected } = request;
    const cname = this.#cname.get(hostname);
    const isRouted = cname !== undefined || this.#addressed.has(hostname);
    const facts: ObservedFacts = {
      ...request,
      observedAt: new Date().toISOString(),
      a: this.#answer(isRouted ? ['192.0.2.10'] : undefined),
      aaaa: this.#answer(undefined),
      cname: this.#answer(cname === undefined ? undefined : [cname]),
      cnameByServer: [],
      cnameFollowed: [],
      routingFoundAt: [],
      cnameSiblings: [],
      txt: this.#answer(this.#txt.get(expected.challengeName)),
      txtByServer: [],
      txtChain: [],
      txtWildcard: false,
      txtFoundAt: [],
      mx: this.#answer(undefined),
      ownTypes: [],
      nameServers: [],
      nameServersOf: null,
      txtDoubled: this.#answer(undefined),
      txtAtName: this.#answer(undefined),
      caa: { status: 'ok', foundAt: null, records: [] },
      acmeChallenge: this.#acmeChallenge(request),
      persist: { status: 'unasked' },
      pairAddresses: { status: 'unasked' },
      pairChain: [],
      zoneStatus: this.isSilent ? 'unknown' : 'exists',
      wildcard: false,
      disagreement: false,
      dnssecBogus: false,
      clockSkewSeconds: null,
      probe: !isRouted || this.isSilent ? NOT_PROBED : { ...NOT_PROBED, status: 'ours' },
    };
    await this.gate;
    return facts;
  }

  #acmeChallenge({ expected }: ObservationRequest): ObservedFacts['acmeChallenge'] {
    if (!expected.delegation.isOffered) return ACME_CHALLENGE_UNASKED;
    const target = this.#cname.get(expected.delegation.name);
    const cname = this.#answer(target === undefined ? undefined : [target]);
    return { cname, txt: this.#answer(undefined), wildcard: false, foundAt: null };
  }

  #answer(values: string[] | undefined): DnsAnswer<string> {
    if (this.isSilent) return { status: 'timeout' };
    return values === undefined ? { status: 'nodata' } : { status: 'ok', values, ttlSeconds: 60 };
  }
}

/** The services of this room in one process of a region, without timers. */
export interface Room {
  readonly domains: DomainsService;
  readonly claims: DomainClaims;
  readonly checks: DomainCheckJob;
  readonly accountChanges: AccountChangesJob;
  readonly knocks: ClaimKnocks;
  readonly dns: FakeDns;
}

interface RoomOptions {
  readonly dns?: FakeDns;
  /** A real one, in place of `dns`. */
  readonly observer?: DomainObserver;
  readonly limits?: Limits | null;
  readonly settings?: DomainSettings;
}

export function openRoom(
  database: Pick<TestDatabase, 'dataSource'>,
  options: RoomOptions = {},
): Room {
  const { dns = new FakeDns(), limits = null, settings: ofRegion = settings } = options;
  const { dataSource } = database;
  const domains = dataSource.getRepository(DomainEntity);
  const leases = new CheckLeases(domains);
  const config = { limits } as CellConfig;
  // The budget is kept in memory: it needs no statement and no key.
  const counters = new RateLimits(config, undefined as never, undefined as never);
  const budget = new LookUpBudget(config, counters);
  const transitions = new DomainTransitions(dataSource);
  const checker = new ClaimChecker(options.observer ?? dns, transitions, leases, ofRegion, budget);
  const lifecycle = new DomainLifecycle(dataSource);
  const store = new DomainStore(domains, dataSource.getRepository(DomainEventEntity));
  const knocks = new ClaimKnocks(dataSource, { onceIn: 1 });
  const claims = new DomainClaims(dataSource, ofRegion);
  return {
    claims,
    domains: new DomainsService(claims, store, lifecycle, checker, knocks),
    checks: new DomainCheckJob(leases, checker, knocks),
    knocks,
    accountChanges: new AccountChangesJob(new AccountEffects(dataSource), lifecycle),
    dns,
  };
}

export async function anAccount(
  { dataSource }: Pick<TestDatabase, 'dataSource'>,
  plan: AccountPlan = 'identity_plus',
): Promise<Account> {
  const email = `${randomUUID()}@example.com`;
  const [row] = await dataSource.query<{ id: AccountId }[]>(
    'insert into accounts (email, email_key, plan) values ($1, $1, $2) returning id',
    [email, plan],
  );
  if (row === undefined) throw new Error('no account');
  return { id: row.id, email, plan, state: 'active' };
}

let names = 0;

/** A name unique to one test. */
export function aName(): string {
  names += 1;
  return `secrets.customer-${process.pid}-${names}.test`;
}

/** Claims a name, publishes its records and verifies it. */
export async function aVerified(
  { domains, dns }: Room,
  account: Account,
  name = aName(),
): Promise<Domain> {
  const domain = await domains.claim(account, name);
  dns.publishTxt(domain);
  dns.publishCname(domain);
  const verified = await domains.verify(account.id, domain.extid);
  expect(verified.ownership).toBe('verified');
  return verified;
}

/** Inserts a certificate row, enough for the name to serve. */
export async function certify(
  { dataSource }: Pick<TestDatabase, 'dataSource'>,
  hostname: string,
): Promise<void> {
  await dataSource.query(
    `insert into certificates (hostname, version, source, chain_pem, sealed_private_key, key_version, serial, not_before, not_after)
     values ($1, 1, 'local', 'chain', '\\x00', 1, '01', now() - interval '1 hour', now() + interval '90 days')`,
    [hostname],
  );
  await dataSource.query('insert into domain_changes (hostname) values ($1)', [hostname]);
}

/** The types of the events, oldest first. */
export async function eventTypesOf({ domains }: Room, domain: Domain): Promise<string[]> {
  const { accountId, extid } = domain;
  const { events } = await domains.events(accountId, extid, { limit: 100, cursor: null });
  return events.map(({ type }) => type).toReversed();
}
