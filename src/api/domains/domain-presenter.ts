import type { Diagnosis, NextStep } from '../../domains/diagnosis/diagnosis.js';
import type { Domain } from '../../domains/domain.js';
import { panelName } from '../../domains/diagnosis/record-wording.js';
import { presentCertificate } from './certificate-presenter.js';
import type { DomainView } from './domain-view.js';
import { isProven } from './serving.js';
import { toSnakeCase } from './snake-case.js';

/** A JSON object of the domain API. */
export type WireRecord = Readonly<Record<string, unknown>>;

/** One domain: upstream's fields, whose names and types are not ours to change, and then ours. */
export function presentDomain(view: DomainView): WireRecord {
  return { ...presentUpstreamFields(view), ...presentOurFields(view) };
}

function presentUpstreamFields({ domain, facts }: DomainView): WireRecord {
  const { extid, hostname, displayName, registrableDomain, isApex, createdAt, updatedAt } = domain;
  const [sld = '', ...tld] = registrableDomain.split('.');
  return {
    identifier: extid || null,
    domainid: extid || null,
    extid: extid || null,
    display_domain: hostname,
    base_domain: registrableDomain,
    subdomain: hostname,
    trd: isApex ? '' : facts.relativeName,
    tld: tld.join('.'),
    sld,
    is_apex: isApex,
    // As upstream has it, relative to the zone: what goes into a DNS panel's name field.
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
    id: extid || null,
    hostname,
    unicode: displayName,
    zone: registrableDomain,
    relative_name: facts.relativeName,
    generation: domain.generation,
  };
}

function presentOurFields({ domain, facts, diagnosis, certificate, serving }: DomainView) {
  const { ready, since, blockedBy } = serving;
  return {
    serving: { ready, since: iso(since), blocked_by: blockedBy },
    ownership: {
      state: domain.ownership,
      method: domain.proofMethod,
      verified_at: iso(domain.verifiedAt),
      // Until when the claim can be proven; a proven one does not end by itself.
      expires_at: isProven(domain) ? null : iso(domain.challengeExpiresAt),
      missing_since: iso(domain.proofMissingSince),
      lapsed_at: iso(domain.lapsedAt),
      next_check_at: iso(domain.nextCheckAt),
    },
    routing: {
      state: domain.routing,
      since: iso(domain.routingSince),
      pointed_at: iso(domain.pointedAt),
      target: domain.isApex ? null : facts.expected.target,
      addresses: facts.expected.ingressAddresses,
      checked_at: iso(domain.checkedAt),
    },
    certificate: presentCertificate(certificate),
    records: diagnosis.records.map(toSnakeCase),
    issues: presentIssues(diagnosis, domain.checkedAt),
    next: nextSteps(domain, diagnosis),
  };
}

function presentIssues({ issues }: Diagnosis, checkedAt: Date | null): WireRecord[] {
  return issues.map((issue) => ({
    ...(toSnakeCase(issue) as WireRecord),
    last_checked: iso(checkedAt),
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

/** Upstream's one word for what we tell apart. */
function upstreamStatus(domain: Domain): string {
  if (domain.ownership === 'revoked') return 'unverified';
  if (!isRoutedHere(domain)) return 'pending';
  return isProven(domain) ? 'verified' : 'resolving';
}

function isRoutedHere({ pointedAt }: Domain): boolean {
  return pointedAt !== null;
}

function iso(instant: Date | null): string | null {
  return instant?.toISOString() ?? null;
}

function unixSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
