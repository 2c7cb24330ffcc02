import { normalisedName } from '../../dns/dns-name.js';
import type { RoutingView } from './routing-view.js';
import type { Issue, IssueOwner } from './diagnosis.js';
import type { DomainFacts } from '../domain-facts.js';
import { issue } from './issue-catalogue.js';
import type { IssueCode } from './issue-code.js';
import { listed, pointingFix, routingRecord } from './record-wording.js';

type Finding = readonly [code: IssueCode, detail: string, fix: string];

/**
 * Issues of the probe. None for a name whose records lead elsewhere: diagnoseAddresses() reports that.
 */
export function diagnoseProbe(facts: DomainFacts, view: RoutingView): Issue[] {
  if (!view.isOursByDns && view.state !== 'proxied') return [];
  const finding = findingOf(facts, view);
  if (finding === null) return [];
  const [code, detail, fix] = finding;
  const { status, address, httpStatus, location, server } = facts.probe;
  return [
    issue(code, {
      detail,
      fix,
      evidence: { status, address, httpStatus, location, server },
      ...severityOf(facts, code),
      owner: ownerOf(facts, view),
    }),
  ];
}

/** What listens at our own addresses is the operator's, such as a proxy that has no certificate for the name yet. */
function ownerOf(facts: DomainFacts, view: RoutingView): IssueOwner {
  return view.isOursByDns && facts.probe.status !== 'ours' ? 'operator' : 'customer';
}

/** If every CA can validate by tls-alpn-01 or dns-01, a failure of port 80 blocks nothing. */
function severityOf(facts: DomainFacts, code: IssueCode): { severity?: 'warning' | 'blocking' } {
  if (code === 'REDIRECT_FORCED_HTTPS') {
    return facts.probe.status === 'ours' ? {} : { severity: 'blocking' };
  }
  const isPort80Optional = facts.cas.every(({ methods }) =>
    methods.some((method) => method !== 'http-01'),
  );
  return isConnectionFault(code) && isPort80Optional ? { severity: 'warning' } : {};
}

function isConnectionFault(code: IssueCode): boolean {
  return code.startsWith('PORT80_');
}

function findingOf(facts: DomainFacts, view: RoutingView): Finding | null {
  const { status, address, viaHttps } = facts.probe;
  const where = `Port 80 of ${address ?? facts.hostname}`;
  switch (status) {
    case 'ours':
      return viaHttps ? forcedHttps(facts) : null;
    case 'timeout':
      return ['PORT80_TIMEOUT', `${where} did not answer in time.`, openPort80(facts, view)];
    case 'refused':
      return ['PORT80_REFUSED', `${where} refused the connection.`, openPort80(facts, view)];
    case 'unreachable':
      return ['PORT80_UNREACHABLE', `${where} could not be reached.`, openPort80(facts, view)];
    case 'redirected':
    case 'redirect_loop':
    case 'redirect_bad_port':
      return redirection(facts);
    case 'http_error':
    case 'html':
      return foreignAnswer(facts, view);
    case 'not_tried':
    case 'other_region':
    case 'private_address':
      return null;
  }
}

function redirection(facts: DomainFacts): Finding {
  const { status, location } = facts.probe;
  const path = '/.well-known/';
  const fix = `Remove the redirect at ${facts.hostname} for paths under ${path}. The record ${routingRecord(facts)} stays as it is.`;
  if (status === 'redirect_loop') {
    const detail =
      'Following the redirect leads back to where it began. A proxy that speaks plain HTTP to us while we redirect to HTTPS does that: its mode must be "Full".';
    return ['REDIRECT_LOOP', detail, fix];
  }
  if (status === 'redirect_bad_port') {
    const detail = `It leads to ${location ?? 'another port'}; certificate authorities follow to ports 80 and 443 only.`;
    return ['REDIRECT_BAD_PORT', detail, fix];
  }
  if (isForcedHttps(facts)) return forcedHttps(facts);
  return ['REDIRECT_ELSEWHERE', `It leads to ${location ?? 'another place'}.`, fix];
}

/** The redirect leads to HTTPS on the same name. */
function isForcedHttps(facts: DomainFacts): boolean {
  const location = facts.probe.location ?? '';
  if (!URL.canParse(location)) return false;
  const url = new URL(location);
  return url.protocol === 'https:' && url.hostname === normalisedName(facts.hostname);
}

function forcedHttps(facts: DomainFacts): Finding {
  const isFine = facts.probe.status === 'ours';
  return [
    'REDIRECT_FORCED_HTTPS',
    isFine
      ? 'A server between redirects to HTTPS and passes the request on: our checks get through.'
      : 'A server between redirects to HTTPS, where our check did not get through.',
    isFine
      ? `Nothing to change: the record ${routingRecord(facts)} is right.`
      : `Remove the redirect at ${facts.hostname} for paths under /.well-known/. The record ${routingRecord(facts)} stays as it is.`,
  ];
}

function foreignAnswer(facts: DomainFacts, view: RoutingView): Finding {
  const fix = view.isOursByDns
    ? `Check what listens on port 80 of ${facts.probe.address ?? 'this address'}: the record ${routingRecord(facts)} leads to it.`
    : `Let the proxy pass paths under /.well-known/ on to us. ${behindProxy(facts, view)}`;
  if (facts.probe.status === 'html') {
    return ['CHALLENGE_HTML', 'Something other than our gateway answered, with its own page.', fix];
  }
  const detail = `Something other than our gateway answered, with HTTP status ${facts.probe.httpStatus ?? 'unknown'}.`;
  return ['CHALLENGE_404', detail, fix];
}

function openPort80(facts: DomainFacts, view: RoutingView): string {
  return view.isOursByDns
    ? `The record ${routingRecord(facts)} is right. Operator: open port 80 of ${facts.probe.address ?? 'the gateways'} to everyone.`
    : `Open port 80 at the proxy. ${behindProxy(facts, view)}`;
}

/** The record behind a proxy cannot be seen, so it may be right. */
function behindProxy(facts: DomainFacts, view: RoutingView): string {
  if (!view.isHidden) return pointingFix(facts);
  const { target, ingressAddresses } = facts.expected;
  const value = facts.isApex ? listed(ingressAddresses) : target;
  return `The record ${routingRecord(facts)} must have the value ${value}.`;
}
