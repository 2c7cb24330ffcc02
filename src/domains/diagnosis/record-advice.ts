import { isIPv6 } from 'node:net';
import { permittingRecord } from '../../dns/caa-binding.js';
import { decideCaa } from '../../dns/caa-policy.js';
import { formatCaa } from '../../dns/caa-record.js';
import { isOwnDelegation, viewDelegation, type DelegationView } from './delegation-view.js';
import {
  hasChallenge,
  needsBoth,
  otherTextsAtName,
  typesInTheWay,
  viewProof,
} from './ownership-proof.js';
import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';
import { isCloudflare, viewRouting, type RoutingView } from './routing-view.js';
import type { DnsRecordAdvice } from './diagnosis.js';
import { hasFailed, valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { usableCas } from './persist-view.js';
import { panelName, placeHint, takesAddresses } from './record-wording.js';
import { canonicalAddress } from '../../shared/ip-address.js';

type Verdict = Pick<DnsRecordAdvice, 'action' | 'status'> & { required?: boolean };
type RecordType = 'TXT' | 'CNAME' | 'A' | 'AAAA';

const OK: Verdict = { action: 'keep', status: 'ok' };
const MISSING: Verdict = { action: 'add', status: 'missing' };
const WRONG: Verdict = { action: 'change', status: 'wrong' };
const IN_THE_WAY: Verdict = { action: 'remove', status: 'conflict' };
const UNREACHABLE: Verdict = { action: 'add', status: 'unreachable' };
/** Not all servers have it. */
const SPREADING: Verdict = { action: 'keep', status: 'missing' };
const UNCHECKED: Verdict = { action: 'add', status: 'unchecked' };

const ADDS_ZONE =
  'This DNS panel adds the domain to names by itself: enter the name as shown here.';

/** All records to add, change, remove or keep. The order is stable: issues refer to records by index. */
export function adviseRecords(facts: DomainFacts): DnsRecordAdvice[] {
  const view = viewRouting(facts);
  return [
    adviseTxt(facts),
    ...(takesAddresses(facts) ? adviseApex(facts, view) : adviseSubdomain(facts, view)),
    ...adviseCaa(facts),
    ...adviseDelegation(facts),
  ];
}

/** The index of the first record of that purpose and type; null if there is none. */
export function recordRef(
  records: readonly DnsRecordAdvice[],
  purpose: DnsRecordAdvice['purpose'],
  type?: string,
): number | null {
  const at = records.findIndex(
    (each) => each.purpose === purpose && (type === undefined || each.type === type),
  );
  return at < 0 ? null : at;
}

function adviseTxt(facts: DomainFacts): DnsRecordAdvice {
  const { expected } = facts;
  const verdict = txtVerdict(facts);
  const isDoubled = hasChallenge(facts, facts.txtDoubled);
  const isCnameEnough = viewProof(facts).cname === 'present' && !needsBoth(facts);
  return {
    ...record(facts, 'TXT', facts.txt, verdict),
    purpose: 'ownership',
    phase: 'before_switch',
    required: !isCnameEnough,
    fqdn: expected.challengeName,
    name: panelName(expected.challengeName, facts.zone),
    desired: [expected.challengeValue],
    providerHint: isDoubled ? ADDS_ZONE : hintOf(facts, verdict),
  };
}

function txtVerdict(facts: DomainFacts): Verdict {
  const proof = viewProof(facts);
  if (proof.txt === 'present') return proof.isInexact ? WRONG : OK;
  if (hasChallenge(facts, facts.txt)) return SPREADING;
  if (hasFailed(facts.txt)) return unanswered(facts.txt);
  // What a wildcard record or an alias answers is no record of this name to change.
  const isOwn = !facts.txtWildcard && facts.txtChain.length === 0;
  return facts.txt.status === 'ok' && isOwn ? WRONG : MISSING;
}

function adviseSubdomain(facts: DomainFacts, view: RoutingView): DnsRecordAdvice[] {
  const verdict = cnameVerdict(facts, view);
  const cname = {
    ...record(facts, 'CNAME', facts.cname, verdict),
    desired: [facts.expected.target],
    providerHint: proxyHint(view) ?? hintOf(facts, verdict),
  };
  const isAddressEnough = view.chain.length === 0 && view.isOursByDns && !needsBoth(facts);
  const others = isAddressEnough ? [] : typesInTheWay(facts).map((type) => inTheWay(facts, type));
  if (view.chain.length > 0) return [cname, ...others];
  // The addresses of a wildcard record or of a proxy are no records of this name.
  if (facts.wildcard || view.isHidden) return [cname, ...others];
  // No CNAME record may exist beside address records: these are removed, or kept if they are right.
  const type = (answer: DnsAnswer<string>, name: RecordType) =>
    valuesOf(answer).length === 0
      ? []
      : [record(facts, name, answer, view.isOursByDns ? OK : IN_THE_WAY)];
  return [cname, ...type(facts.a, 'A'), ...type(facts.aaaa, 'AAAA'), ...others];
}

function cnameVerdict(facts: DomainFacts, view: RoutingView): Verdict {
  if (view.reachesTarget) return view.foreign.length === 0 ? OK : WRONG;
  if (view.isHidden && !facts.wildcard) return WRONG;
  if (facts.wildcard && !view.isOursByDns) return MISSING;
  if (view.chain.length > 0) return facts.wildcard ? MISSING : WRONG;
  if (hasFailed(facts.cname)) return unanswered(facts.cname);
  return { ...MISSING, required: !view.isOursByDns || needsBoth(facts) };
}

/** A record beside which no CNAME record can be made. */
function inTheWay(facts: DomainFacts, type: string): DnsRecordAdvice {
  const advice = record(facts, type, type === 'TXT' ? facts.txtAtName : facts.mx, IN_THE_WAY);
  return type === 'TXT' ? { ...advice, observed: otherTextsAtName(facts) } : advice;
}

/** Where to make a record that is missing. */
function hintOf(facts: DomainFacts, { status }: Verdict): string | null {
  return status === 'missing' ? placeHint(facts) : null;
}

function adviseApex(facts: DomainFacts, view: RoutingView): DnsRecordAdvice[] {
  const wanted = (isWanted: (address: string) => boolean) =>
    facts.expected.ingressAddresses.map(canonicalAddress).filter(isWanted);
  const a = {
    ...record(facts, 'A', facts.a, addressVerdict(facts.a, view)),
    desired: wanted((address) => !isIPv6(address)),
    providerHint: proxyHint(view) ?? hintOf(facts, addressVerdict(facts.a, view)),
  };
  const desired = wanted(isIPv6);
  const aaaa = { ...record(facts, 'AAAA', facts.aaaa, addressVerdict(facts.aaaa, view)), desired };
  const cname = record(facts, 'CNAME', facts.cname, IN_THE_WAY);
  return [
    ...(a.desired.length > 0 || a.observed.length > 0 ? [removedIfUndesired(a)] : []),
    // IPv6 is optional unless the region has no IPv4 address.
    ...(desired.length > 0 || (aaaa.observed.length > 0 && !view.isHidden)
      ? [
          {
            ...removedIfUndesired(aaaa),
            required: a.desired.length === 0 || aaaa.status === 'wrong',
          },
        ]
      : []),
    ...(view.chain.length > 0 ? [cname] : []),
  ];
}

/** A wrong record for which no value is desired is removed, not changed. */
function removedIfUndesired(advice: DnsRecordAdvice): DnsRecordAdvice {
  return advice.desired.length === 0 && advice.status === 'wrong'
    ? { ...advice, ...IN_THE_WAY, required: true }
    : advice;
}

function unanswered(answer: DnsAnswer<string>): Verdict {
  return answer.status === 'unasked' ? UNCHECKED : UNREACHABLE;
}

function addressVerdict(answer: DnsAnswer<string>, view: RoutingView): Verdict {
  if (hasFailed(answer)) return unanswered(answer);
  const observed = valuesOf(answer).map(canonicalAddress);
  if (observed.length === 0) return MISSING;
  return observed.some((address) => view.foreign.includes(address)) ? WRONG : OK;
}

/** The record to add so that the refused CAs may issue. */
function adviseCaa(facts: DomainFacts): DnsRecordAdvice[] {
  const refused = usableCas(facts).flatMap((ca) => {
    const decision = decideCaa(facts.caa, ca);
    return decision.kind === 'forbidden' && decision.reason !== 'critical'
      ? [permittingRecord(ca, decision)]
      : [];
  });
  const desired = refused.flatMap((each) => (each === null ? [] : [formatCaa(each)]));
  const { foundAt } = facts.caa;
  if (desired.length === 0 || foundAt === null) return [];
  return [
    {
      ...record(facts, 'CAA', { status: 'nodata' }, { action: 'add', status: 'wrong' }),
      purpose: 'caa',
      phase: 'any_time',
      required: refused.length === facts.cas.length,
      fqdn: normalisedName(foundAt),
      name: panelName(foundAt, facts.zone),
      desired,
      observed: facts.caa.records.map(formatCaa),
      providerHint: isAtOrUnder(normalisedName(foundAt), normalisedName(facts.zone))
        ? null
        : 'This record is in another zone, which the name leads to by its CNAME record.',
    },
  ];
}

/** The optional record by which certificates are made before the switch. Nothing that others need is to be replaced by it. */
function adviseDelegation(facts: DomainFacts): DnsRecordAdvice[] {
  const { name, target, isOffered } = facts.expected.delegation;
  if (!isOffered) return [];
  const view = viewDelegation(facts);
  const { cname, foundAt } = facts.acmeChallenge;
  const verdict = delegationVerdict(facts, view);
  return [
    {
      ...record(facts, 'CNAME', cname, verdict),
      purpose: 'certificate',
      phase: 'before_switch',
      required: false,
      fqdn: name,
      name: panelName(name, facts.zone),
      desired: [target],
      observed: view.txt.length > 0 ? [...view.txt] : [...valuesOf(cname)],
      providerHint:
        foundAt !== null
          ? ADDS_ZONE
          : verdict.status === 'conflict'
            ? 'What stands there renews the certificate of another service: only one of the two can.'
            : hintOf(facts, verdict),
    },
  ];
}

function delegationVerdict(facts: DomainFacts, view: DelegationView): Verdict {
  switch (view.state) {
    case 'ready':
      return OK;
    case 'none':
      return MISSING;
    case 'unknown':
      return unanswered(facts.acmeChallenge.cname);
    case 'elsewhere':
    case 'blocked':
      return isOwnDelegation(facts, view) ? WRONG : { action: 'keep', status: 'conflict' };
  }
}

function proxyHint(view: RoutingView): string | null {
  if (view.proxy === null) return null;
  return isCloudflare(view)
    ? 'Cloudflare: set the proxy status of this record to "DNS only".'
    : `${view.proxy} answers for this name: let the record lead to us instead.`;
}

function record(
  facts: DomainFacts,
  type: string,
  answer: DnsAnswer<string>,
  { action, status, required = true }: Verdict,
): DnsRecordAdvice {
  return {
    purpose: 'routing',
    phase: 'switch',
    required,
    action,
    fqdn: normalisedName(facts.hostname),
    name: panelName(facts.hostname, facts.zone),
    type,
    desired: action === 'keep' ? [...valuesOf(answer)] : [],
    observed: [...valuesOf(answer)],
    ttlObserved: answer.status === 'ok' ? answer.ttlSeconds : null,
    status,
    providerHint: null,
  };
}
