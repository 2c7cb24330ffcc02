import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { Account, AccountId } from '../accounts/account.js';
import { certificateFacts } from '../certificates/certificate-facts.js';
import { NO_CERTIFICATE } from '../certificates/certificate-view.js';
import { CertificatesService } from '../certificates/certificates.service.js';
import { withPair } from '../domains/connect/setup-picture.js';
import { diagnose, type Advice } from '../domains/diagnosis/diagnose.js';
import type { Domain } from '../domains/domain.js';
import type { DomainFacts } from '../domains/domain-facts.js';
import { DomainsService, type OtherNames } from '../domains/domains.service.js';
import { isProven } from '../domains/ownership.js';
import type { DomainMove } from '../domains/domain-move.js';
import type { TransferOffer } from '../domains/transfer-offer.js';
import { ClockWatch } from '../database/clock-watch.js';
import { AppError } from '../shared/app-error.js';
import { Clock } from '../shared/clock.js';
import { DomainOffers } from './domain-offers.js';
import type { DomainView } from './domain-view.js';
import { servingOf } from './serving.js';

/** Views that are made in one go: a millisecond. */
const SLICE = 25;

type Owner = Pick<Account, 'plan'>;

/** Builds the view of a domain from the rooms of domains and certificates. */
@Injectable()
export class DomainViews {
  constructor(
    private readonly domains: DomainsService,
    private readonly certificates: CertificatesService,
    private readonly clock: Clock,
    private readonly clocks: ClockWatch,
    private readonly offers: DomainOffers,
  ) {}

  /** Four queries for any number of domains of one account. */
  async ofMany(domains: readonly Domain[], owner: Owner): Promise<DomainView[]> {
    // A name has one certificate. Until a claim is proven, it may be another account's.
    const names = domains.filter(isProven).map(({ hostname }) => hostname);
    const [certificates, others, offers] = await Promise.all([
      this.certificates.viewMany(names),
      this.#otherNames(domains),
      this.#offersOf(domains),
    ]);
    const views: DomainView[] = [];
    for (const domain of domains) {
      // Other requests come in between.
      if (views.length > 0 && views.length % SLICE === 0) await setImmediate();
      const certificate = isProven(domain) ? certificates.get(domain.hostname) : undefined;
      const found = {
        certificate: certificate ?? NO_CERTIFICATE,
        ...pairOf(domain, others),
        ...offers(domain),
      };
      views.push(this.#view({ domain, ...found }, owner));
    }
    return views;
  }

  async of(domain: Domain, owner: Owner, advice: Advice | null = null): Promise<DomainView> {
    const [certificate, others, offers] = await Promise.all([
      isProven(domain) ? this.certificates.view(domain.hostname) : NO_CERTIFICATE,
      this.#otherNames([domain]),
      this.#offersOf([domain]),
    ]);
    const found = { certificate, ...pairOf(domain, others), ...offers(domain) };
    return this.#view({ domain, ...found }, owner, advice);
  }

  /** With the links to the DNS provider. For answers about one domain to its owner, and nobody else. */
  async forOwner(domain: Domain, owner: Owner, advice: Advice | null = null): Promise<DomainView> {
    await this.offers.connect.refresh();
    const view = await this.withoutLinks(domain, owner, advice);
    return { ...view, links: await this.offers.connect.linksOf(domain, view.connect) };
  }

  /** As forOwner(), of the same version, for what shows no link. */
  async withoutLinks(
    domain: Domain,
    owner: Owner,
    advice: Advice | null = null,
  ): Promise<DomainView> {
    return this.#withPair(await this.of(domain, owner, advice), advice);
  }

  /** One link can make the records of an apex and of its `www`. */
  async #withPair(view: DomainView, advice: Advice | null): Promise<DomainView> {
    const { domain, connect, otherName } = view;
    const isOfPair = connect?.isOffered === true && domain.isApex && otherName?.redirects != null;
    if (!isOfPair) return view;
    const other = await this.#find(domain.accountId, otherName.extid);
    if (other === null) return view;
    const both = withPair(connect, domain, { domain: other, facts: this.domains.facts(other) });
    if (both.pair === null) return view;
    const facts = { ...view.facts, setup: both.facts };
    return { ...view, facts, diagnosis: diagnose(facts, advice), connect: both };
  }

  /** Null: the account removed it meanwhile. */
  async #find(accountId: AccountId, extid: string): Promise<Domain | null> {
    try {
      return await this.domains.get(accountId, extid);
    } catch (error) {
      if (error instanceof AppError && error.code === 'not_found') return null;
      throw error;
    }
  }

  async #offersOf(domains: readonly Domain[]): Promise<(domain: Domain) => Given> {
    // Every process keeps its own state of the key, also one that shows lists and streams only. Nothing waits for it.
    void this.offers.connect.refresh();
    // A dry run has no id.
    const ids = domains.filter(({ id }) => id !== '').map(({ id }) => id);
    const { offers, moves } = this.offers.transfers;
    const [open, moving] = await Promise.all([offers.openOf(ids), moves.ofDomains(ids)]);
    await moves.watch(moving);
    return ({ id }) => ({ transfer: open.get(id) ?? null, move: moving.get(id) ?? null });
  }

  async #otherNames(domains: readonly Domain[]): Promise<OtherNames | null> {
    const [first] = domains;
    return first === undefined ? null : this.domains.otherNames(first.accountId, domains);
  }

  #view(
    { domain, certificate, otherName, isPairClaimed, transfer, move }: Found,
    { plan }: Owner,
    advice: Advice | null = null,
  ): DomainView {
    const now = this.clock.now();
    const known: DomainFacts = {
      ...this.domains.facts(domain),
      clockSkewSeconds: this.clocks.worstSeconds,
      certificate: certificateFacts(certificate, now),
      isPairClaimed,
    };
    const connect = this.offers.connect.pictureOf(domain, known);
    const facts = { ...known, setup: connect?.facts ?? null };
    const diagnosis = diagnose(facts, advice);
    const serving = servingOf({ domain, certificate, plan, now });
    return {
      domain,
      facts,
      diagnosis,
      certificate,
      serving,
      connect,
      links: null,
      transfer,
      move,
      otherName,
    };
  }
}

type Found = Pick<DomainView, 'domain' | 'certificate' | 'otherName' | 'transfer' | 'move'> &
  Pick<DomainFacts, 'isPairClaimed'>;

function pairOf({ hostname }: Domain, others: OtherNames | null) {
  const otherName = others?.own.get(hostname) ?? null;
  return { otherName, isPairClaimed: others?.claimed.has(hostname) ?? false };
}

interface Given {
  readonly transfer: TransferOffer | null;
  readonly move: DomainMove | null;
}
