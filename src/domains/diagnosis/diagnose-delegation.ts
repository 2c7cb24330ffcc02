import { decideCaa } from '../../dns/caa-policy.js';
import { DAY } from '../../shared/durations.js';
import type { DomainFacts } from '../domain-facts.js';
import { isOwnDelegation, viewDelegation, type DelegationView } from './delegation-view.js';
import type { DnsRecordAdvice, Issue } from './diagnosis.js';
import { issue, type IssueFindings } from './issue-catalogue.js';
import type { IssueCode } from './issue-code.js';
import { recordRef } from './record-advice.js';
import { listed, panelName, pointingFix, whereToMake } from './record-wording.js';
import { viewRouting } from './routing-view.js';

/** Trouble of challenges that come to the name itself; a delegated name has none of it. */
const WAYS_BLOCKED: ReadonlySet<IssueCode> = new Set([
  'PROXY_CLOUDFLARE',
  'PROXY_OTHER',
  'REDIRECT_LOOP',
  'REDIRECT_BAD_PORT',
  'REDIRECT_ELSEWHERE',
  'PORT80_TIMEOUT',
  'PORT80_REFUSED',
  'PORT80_UNREACHABLE',
  'CHALLENGE_404',
  'CHALLENGE_HTML',
  'GEO_BLOCKED',
  'VALIDATION_FAILED',
  'CAA_METHOD',
]);
const PROXIED: ReadonlySet<IssueCode> = new Set(['PROXY_CLOUDFLARE', 'PROXY_OTHER']);
const SERVING_STATES = new Set(['active', 'renewing', 'degraded']);
const PROVEN_STATES = new Set(['verified', 'lapsed']);
/** How long before the end of the window its customer is told. */
const END_IS_NEAR = 7 * DAY;

/** Issues of the CNAME record at `_acme-challenge`. @param others what else is wrong with the name */
export function diagnoseDelegation(
  facts: DomainFacts,
  records: readonly DnsRecordAdvice[],
  others: readonly Issue[],
): Issue[] {
  if (facts.conflict) return [];
  if (!facts.expected.delegation.isOffered) return unreachableServer(facts);
  const view = viewDelegation(facts);
  if (view.state === 'ready') return prepared(facts, records);
  const found = faultOf(facts, view, others);
  if (found === null) return [];
  const { foundAt } = facts.acmeChallenge;
  const evidence = { chain: view.chain, txt: view.txt, foundAt };
  const ref = recordRef(records, 'certificate');
  return [issue(found.code, { recordRef: ref, evidence, ...found.findings })];
}

/** Whether the name may lead elsewhere for now: its certificate is made by the delegation, before it is switched. */
export function isBeforeSwitch(facts: DomainFacts): boolean {
  const { delegation, expected, ownership } = facts;
  const { state } = viewRouting(facts);
  return (
    expected.delegation.isOffered &&
    viewDelegation(facts).state === 'ready' &&
    PROVEN_STATES.has(ownership.state) &&
    !delegation.isPointed &&
    // A switch that went wrong: part of the name leads here.
    state !== 'mixed' &&
    timeLeft(facts) > 0
  );
}

/** Names the delegation as another way, where it is one. */
export function withWayOut(facts: DomainFacts, issues: readonly Issue[]): Issue[] {
  const isPossible =
    facts.expected.delegation.isOffered &&
    viewDelegation(facts).state === 'none' &&
    !facts.conflict;
  if (!isPossible) return [...issues];
  return issues.map((each) => {
    if (!WAYS_BLOCKED.has(each.code) || !permitsDns(facts, each)) return each;
    const summary = `${each.fix.summary} Or ${lowerFirst(makingFix(facts))} Then certificates do not depend on it.`;
    return { ...each, fix: { ...each.fix, summary } };
  });
}

function permitsDns({ cas, caa }: DomainFacts, { code }: Issue): boolean {
  if (code !== 'CAA_METHOD') return true;
  return cas.some((ca) => decideCaa(caa, { ...ca, methods: ['dns-01'] }).kind === 'permitted');
}

interface Fault {
  readonly code: IssueCode;
  readonly findings: IssueFindings;
}

/** Null: nothing is wrong, and nothing would be better with the record. */
function faultOf(facts: DomainFacts, view: DelegationView, others: readonly Issue[]): Fault | null {
  const { name, target } = facts.expected.delegation;
  const { cname, foundAt } = facts.acmeChallenge;
  const record = panelName(name, facts.zone);
  const isDelegated = facts.delegation.state === 'ready';
  if (view.state === 'unknown') {
    if (cname.status === 'unasked' || others.some(({ code }) => code === 'DNS_UNREACHABLE'))
      return null;
    return {
      code: 'DELEGATION_UNANSWERABLE',
      findings: {
        ...(isDelegated ? {} : { severity: 'info' as const }),
        detail: `The look-up of ${name} fails. Nothing is concluded from that, but a certificate authority would fail too.`,
        fix: `Ask your DNS provider why look-ups at ${record} fail.`,
      },
    };
  }
  if (foundAt !== null) return doubled(facts, foundAt);
  if (view.state === 'elsewhere' && isOwnDelegation(facts, view)) {
    return {
      code: 'DELEGATION_ELSEWHERE',
      findings: {
        detail: `It leads to ${listed(view.chain)}, not to the name of this claim.`,
        fix: `Change the value of the CNAME record ${record} to ${target}.`,
      },
    };
  }
  return isWanted(facts, others) ? missing(facts, view, others) : null;
}

/** The record is not needed where everything works without it. */
function isWanted({ delegation }: DomainFacts, others: readonly Issue[]): boolean {
  return !delegation.isPointed || others.some(({ code }) => WAYS_BLOCKED.has(code));
}

function missing(facts: DomainFacts, view: DelegationView, others: readonly Issue[]): Fault {
  const { name } = facts.expected.delegation;
  if (view.chain.length + view.txt.length > 0 && !view.isWildcard) {
    const what = view.chain.length > 0 ? `CNAME record to ${listed(view.chain)}` : 'TXT record';
    return {
      code: 'DELEGATION_TAKEN',
      findings: {
        detail: `A ${what} stands at ${name}: another service gets its certificates by it.`,
        fix: `Keep it while that service is used; our certificate then follows once ${facts.hostname} leads here. Only one of the two can stand there.`,
      },
    };
  }
  const isProxied = others.some(({ code }) => PROXIED.has(code));
  const severity = isProxied ? ({ severity: 'warning' } as const) : {};
  if (view.isWildcard) {
    return {
      code: 'DELEGATION_WILDCARD',
      findings: {
        ...severity,
        detail: `A wildcard record answers at ${name}. It stays; a record of the name itself comes before it.`,
        fix: makingFix(facts),
      },
    };
  }
  return {
    code: 'DELEGATION_MISSING',
    findings: {
      ...severity,
      detail:
        'It is optional. With it the certificate is there before the name leads here, and no proxy, fence or closed port can stop a renewal.',
      fix: `${makingFix(facts)}${whereToMake(facts)}`,
    },
  };
}

function doubled({ expected, zone }: DomainFacts, foundAt: string): Fault {
  const { name } = expected.delegation;
  return {
    code: 'DELEGATION_DOUBLE_LABEL',
    findings: {
      detail: `The record was found at ${foundAt}: the panel added the domain to a name that already had it.`,
      fix: `Change the name of the CNAME record from ${panelName(foundAt, zone)} to ${panelName(name, zone)}.`,
    },
  };
}

function makingFix({ expected, zone }: DomainFacts): string {
  const { name, target } = expected.delegation;
  return `Add a CNAME record ${panelName(name, zone)} with the value ${target}.`;
}

/** A customer who made the record needs no certificate by it now, but cannot get one either. */
function unreachableServer(facts: DomainFacts): Issue[] {
  if (facts.delegation.state !== 'ready') return [];
  return [
    issue('NAMESERVER_UNREACHABLE', {
      detail: `${facts.expected.delegation.name} leads to our name server, which the public DNS does not reach at the moment.`,
      fix: `Nothing to change in the records of ${facts.hostname}. Operator: check the NS records of the zone for challenges, and port 53 of the gateways.`,
    }),
  ];
}

/** The name is ready, and does not lead here. */
function prepared(facts: DomainFacts, records: readonly DnsRecordAdvice[]): Issue[] {
  const { certificate, delegation, ownership } = facts;
  if (delegation.isPointed || !PROVEN_STATES.has(ownership.state)) return [];
  const left = timeLeft(facts);
  const isServing = certificate !== null && SERVING_STATES.has(certificate.state);
  const evidence = {
    windowEndsAt: delegation.windowEndsAt,
    notAfter: certificate?.notAfter ?? null,
  };
  const common = { fix: pointingFix(facts), recordRef: recordRef(records, 'routing'), evidence };
  const ready = issue('READY_TO_SWITCH', {
    ...common,
    detail: `The certificate of ${facts.hostname} is here: visitors are served from the moment the name leads here.`,
  });
  const unused = issue('PREPARED_NOT_USED', {
    ...common,
    detail:
      left > 0
        ? `The name does not lead here. Unless it does, its certificate is renewed until ${delegation.windowEndsAt} only.`
        : `The name has not led here for 30 days, so its certificate is not renewed any more.`,
  });
  return [...(isServing && left > 0 ? [ready] : []), ...(left < END_IS_NEAR ? [unused] : [])];
}

/** Until the end of the window, in milliseconds. */
function timeLeft({ delegation, certificate, observedAt }: DomainFacts): number {
  const end = Date.parse(delegation.windowEndsAt ?? '');
  const now = Date.parse(certificate?.asOf ?? observedAt);
  return Number.isNaN(end - now) ? 0 : end - now;
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
