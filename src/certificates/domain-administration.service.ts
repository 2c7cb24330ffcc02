import { Injectable } from '@nestjs/common';
import { AccountsService } from '../accounts/accounts.service.js';
import { COMMAND_LINE, type Actor } from '../accounts/activity/activity.js';
import { PLANS } from '../accounts/plans.js';
import { AllDomainsStore } from '../domains/claims/all-domains.store.js';
import { ClaimInterventions } from '../domains/claims/claim-interventions.js';
import type { Diagnosis } from '../domains/diagnosis/diagnosis.js';
import type { Domain, DomainId } from '../domains/domain.js';
import { isProven } from '../domains/ownership.js';
import { AppError } from '../shared/app-error.js';
import { isUuid } from '../shared/uuid.js';
import { parseHostname } from '../shared/hostname.js';
import { DomainDiagnosisService } from './domain-diagnosis.service.js';
import { CertificateRemovalStore } from './stores/certificate-removal.store.js';
import {
  CertificateReportStore,
  type CertificateReport,
} from './stores/certificate-report.store.js';
import { IssuanceInterventions } from './stores/issuance-interventions.store.js';

export interface AllDomainsRequest {
  /** An account's e-mail address; null: of all accounts. */
  readonly account: string | null;
  readonly onlyBlocked: boolean;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface AllDomainsPage {
  readonly domains: readonly Domain[];
  readonly nextCursor: string | null;
}

/** A domain of any account; the certificate is null for a claim that does not hold its name. */
export interface AdministeredDomain {
  readonly domain: Domain;
  readonly certificate: CertificateReport | null;
  readonly diagnosis: Diagnosis;
}

/** A domain, and the second name of its pair, if the same was done to that; null: it was not, or there is none. */
export interface AdministeredPair {
  readonly domain: Domain;
  readonly second: Domain | null;
}

const EXTID = /^cd[0-9a-z]{1,62}$/;

/** The certificates' side of the work on a domain. */
@Injectable()
export class IssuedCertificates {
  constructor(
    readonly reports: CertificateReportStore,
    readonly removal: CertificateRemovalStore,
    readonly interventions: IssuanceInterventions,
  ) {}
}

/**
 * The operator's work on the domains of all accounts: the same for the API and the command line. `name` is a host name,
 * or the id of a claim. A host name means the claim that holds it, or else its only claim. Throws AppError `not_found`,
 * and `invalid_request` with reason `AMBIGUOUS` for a name with several claims of which none is proven. `actor` is who
 * acts, for the activity of the accounts concerned.
 */
@Injectable()
export class DomainAdministrationService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly store: AllDomainsStore,
    private readonly claims: ClaimInterventions,
    private readonly certificates: IssuedCertificates,
    private readonly diagnoses: DomainDiagnosisService,
  ) {}

  /** All claims to the name, the proven one first. */
  async ofName(text: string): Promise<Domain[]> {
    const hostname = parseHostname(text);
    return hostname === null ? [] : this.store.ofName(hostname);
  }

  async list({ account, onlyBlocked, limit, cursor }: AllDomainsRequest): Promise<AllDomainsPage> {
    if (cursor !== null && !isUuid(cursor))
      throw new AppError('invalid_request', 'The cursor is not one of ours.', { field: 'cursor' });
    const owner = account === null ? null : await this.accounts.get(account);
    const rows = await this.store.page({
      accountId: owner?.id ?? null,
      onlyBlocked,
      limit: limit + 1,
      after: cursor as DomainId | null,
    });
    const domains = rows.slice(0, limit);
    return { domains, nextCursor: rows.length > limit ? (domains.at(-1)?.id ?? null) : null };
  }

  async show(name: string): Promise<AdministeredDomain> {
    const domain = await this.#require(name);
    const certificate = isProven(domain)
      ? await this.certificates.reports.find(domain.hostname)
      : null;
    return { domain, certificate, diagnosis: await this.diagnoses.of(domain) };
  }

  /** The running gateways check the claim within seconds. */
  async checkSoon(name: string): Promise<Domain> {
    const domain = await this.#require(name);
    await this.store.checkSoon(domain.id);
    return domain;
  }

  /** The name stops serving at once, in all processes. The owner reads the reason. */
  async block(name: string, reason: string, actor: Actor = COMMAND_LINE): Promise<Domain> {
    const { extid, hostname } = await this.#require(name);
    await this.claims.blocks.block(hostname, reason, actor);
    return this.#again(extid);
  }

  async unblock(name: string, actor: Actor = COMMAND_LINE): Promise<Domain> {
    const { extid, hostname } = await this.#require(name);
    await this.claims.blocks.unblock(hostname, actor);
    return this.#again(extid);
  }

  /** Removes the claim as DomainLifecycle.release() and, if it holds its name, the certificate. Returns the domains as they were. */
  async release(name: string, actor: Actor = COMMAND_LINE): Promise<AdministeredPair> {
    const domain = await this.#require(name);
    const released = await this.claims.lifecycle.release(domain, 'by_operator', actor);
    for (const { hostname } of released.filter(isProven))
      await this.certificates.removal.remove(hostname, { revoke: false });
    return { domain, second: released.find(({ mainId }) => mainId === domain.id) ?? null };
  }

  /** @param account the receiver's e-mail address. Throws `invalid_request`, reason `PLAN_REQUIRED`, for its plan */
  async transfer(
    name: string,
    account: string,
    actor: Actor = COMMAND_LINE,
  ): Promise<AdministeredPair> {
    const domain = await this.#require(name);
    const receiver = await this.accounts.get(account);
    const { domainsMax } = PLANS[receiver.plan];
    if (domainsMax === 0)
      throw new AppError('invalid_request', 'The plan of the receiving account has no domains.', {
        field: 'account',
        reason: 'PLAN_REQUIRED',
      });
    const to = { accountId: receiver.id, domainsMax };
    const second = await this.claims.transfers.transfer(domain, to, actor);
    return { domain: await this.#again(domain.extid), second };
  }

  /** Throws `invalid_request`, reason `UPLOADED` or `NO_CERTIFICATE`. */
  async reissue(name: string, actor: Actor = COMMAND_LINE): Promise<AdministeredDomain> {
    const domain = await this.#require(name);
    const outcome = isProven(domain)
      ? await this.certificates.interventions.reissue(domain.hostname, actor)
      : 'none';
    if (outcome === 'due') return this.show(domain.extid);
    const [reason, message] =
      outcome === 'uploaded'
        ? ['UPLOADED', 'Its owner uploads and renews the certificate.']
        : ['NO_CERTIFICATE', 'The name has no certificate that was ordered here.'];
    throw new AppError('invalid_request', message, { reason });
  }

  async #again(extid: string): Promise<Domain> {
    return (await this.store.findByExtid(extid)) ?? missing();
  }

  async #require(name: string): Promise<Domain> {
    if (EXTID.test(name)) return (await this.store.findByExtid(name)) ?? missing();
    const [first, ...others] = await this.ofName(name);
    if (first === undefined) return missing();
    if (isProven(first) || others.length === 0) return first;
    const ids = [first, ...others].map(({ extid }) => extid).join(', ');
    throw new AppError('invalid_request', 'The name has several claims: give the id of one.', {
      reason: 'AMBIGUOUS',
      hint: `The ids are ${ids}.`,
    });
  }
}

function missing(): never {
  throw new AppError('not_found', 'There is no such domain.');
}
