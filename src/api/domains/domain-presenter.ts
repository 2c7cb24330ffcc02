import { storedSettings } from '../../brand/brand-settings.js';
import type { Diagnosis, NextStep } from '../../domains/diagnosis/diagnosis.js';
import type { Domain } from '../../domains/domain.js';
import { namePartsOf } from '../../domains/domain-name.js';
import { panelName } from '../../domains/diagnosis/record-wording.js';
import { isProven } from '../../domains/ownership.js';
import { isoOrNull, unixSeconds } from '../instants.js';
import { presentCertificate } from './certificate-presenter.js';
import type { DomainRecord, IssueRecord } from './domain-answers.js';
import { presentSetup } from './setup-presenter.js';
import type { DomainView } from '../../setup/domain-view.js';
import { toSnakeCase } from './snake-case.js';
import { presentMove, presentTransfer } from './transfer-presenter.js';

/** One domain: upstream's fields, whose names and types are fixed, followed by ours. */
export function presentDomain(view: DomainView): DomainRecord {
  return { ...presentUpstreamFields(view), ...presentOurFields(view) };
}

function presentUpstreamFields({ domain, facts }: DomainView) {
  const { extid, hostname, displayName, registrableDomain, isApex, createdAt, updatedAt } = domain;
  return {
    identifier: extid || null,
    domainid: extid || null,
    extid: extid || null,
    display_domain: hostname,
    base_domain: registrableDomain,
    subdomain: hostname,
    ...namePartsOf(domain),
    is_apex: isApex,
    // Relative to the zone, as upstream has it and as a DNS panel's name field expects it.
    txt_validation_host: panelName(facts.expected.challengeName, registrableDomain),
    txt_validation_value: facts.expected.challengeValue,
    status: upstreamStatus(domain),
    vhost: {},
    vhost_fetch_failed_at: null,
    verified: isProven(domain),
    resolving: isRoutedHere(domain),
    created: unixSeconds(createdAt),
    updated: unixSeconds(updatedAt),
    homepage_config: { enabled: domain.homepageEnabled },
    api_config: { enabled: domain.apiEnabled },
    brand: { ...storedSettings(domain.look) },
    id: extid || null,
    hostname,
    unicode: displayName,
    zone: registrableDomain,
    relative_name: facts.relativeName,
    generation: domain.generation,
  };
}

function presentOurFields(view: DomainView) {
  const { domain, facts, diagnosis, certificate, serving, transfer, move } = view;
  const { ready, since, blockedBy } = serving;
  return {
    ...presentPair(view),
    serving: { ready, since: isoOrNull(since), blocked_by: [...blockedBy] },
    ownership: {
      state: domain.ownership,
      method: domain.proofMethod,
      verified_at: isoOrNull(domain.verifiedAt),
      // A proven claim has no expiry.
      expires_at: isProven(domain) ? null : isoOrNull(domain.challengeExpiresAt),
      missing_since: isoOrNull(domain.proofMissingSince),
      lapsed_at: isoOrNull(domain.lapsedAt),
      next_check_at: isoOrNull(domain.nextCheckAt),
    },
    routing: {
      state: domain.routing,
      since: isoOrNull(domain.routingSince),
      pointed_at: isoOrNull(domain.pointedAt),
      target: domain.isApex ? null : facts.expected.target,
      addresses: [...facts.expected.ingressAddresses],
      checked_at: isoOrNull(domain.checkedAt),
    },
    delegation: {
      state: domain.delegation,
      since: isoOrNull(domain.delegationSince),
      delegated_at: isoOrNull(domain.delegatedAt),
      offered: facts.expected.delegation.isOffered,
      name: facts.expected.delegation.name,
      target: facts.expected.delegation.target,
    },
    certificate: presentCertificate(certificate),
    transfer: transfer && presentTransfer(transfer, view.otherName),
    move: move && presentMove(move),
    records: diagnosis.records.map(toSnakeCase),
    issues: presentIssues(diagnosis, domain.checkedAt),
    setup: presentSetup(view),
    next: nextSteps(domain, diagnosis),
  };
}

function presentPair({ otherName }: DomainView) {
  const { extid: id, hostname, redirects } = otherName ?? { redirects: null };
  const isRedirect = redirects === 'this';
  return {
    role: isRedirect ? ('redirect' as const) : ('serve' as const),
    redirects_to: isRedirect ? (hostname ?? null) : null,
    pair: redirects === null || id === undefined ? null : { id, hostname: hostname ?? '' },
  };
}

export function presentIssues(
  { issues }: Pick<Diagnosis, 'issues'>,
  checkedAt: Date | null,
): IssueRecord[] {
  return issues.map((issue) => ({
    ...toSnakeCase(issue),
    last_checked: isoOrNull(checkedAt),
  }));
}

/** What the account can do next over this API. A dry run has no id yet: the next step is to claim. */
function nextSteps({ extid, ownership }: Domain, { issues }: Diagnosis): NextStep[] {
  if (extid === '') return [{ action: 'claim', method: 'POST', href: '/api/domains' }];
  const path = `/api/domains/${extid}`;
  if (ownership === 'revoked') {
    return [
      { action: 'claim_again', method: 'POST', href: '/api/domains' },
      { action: 'remove', method: 'DELETE', href: path },
    ];
  }
  const isBlocked = issues.some(({ severity }) => severity === 'blocking');
  const verify = { action: 'verify', method: 'POST', href: `${path}/verify` };
  const events = { action: 'events', method: 'GET', href: `${path}/events` };
  return isBlocked || !isProven({ ownership }) ? [verify, events] : [events, verify];
}

/** Upstream's single status for ownership and routing. */
function upstreamStatus(domain: Domain): DomainRecord['status'] {
  if (domain.ownership === 'revoked') return 'unverified';
  if (!isRoutedHere(domain)) return 'pending';
  return isProven(domain) ? 'verified' : 'resolving';
}

function isRoutedHere({ pointedAt }: Domain): boolean {
  return pointedAt !== null;
}
