import { accountBinding } from '../../dns/caa-binding.js';
import { decideCaa, issueProperties, issuerOf, permitsEveryAccount } from '../../dns/caa-policy.js';
import {
  formatCaa,
  type CaaRecord,
  type CaIdentity,
  type RelevantCaaSet,
} from '../../dns/caa-record.js';
import { normalisedName } from '../../dns/dns-name.js';
import type { DomainFacts } from '../domain-facts.js';
import type { DnsRecordAdvice, Issue } from './diagnosis.js';
import { issue } from './issue-catalogue.js';
import { usableCas } from './persist-view.js';
import { listed, panelName, takesAddresses } from './record-wording.js';
import { viewRouting } from './routing-view.js';

/** CAA records by which a name lets our accounts issue and no others, and their price. */
interface Hardening {
  /** To add at the name itself. */
  readonly lines: readonly CaaRecord[];
  /** At the name, and permitting every account at one of our CAs: while they stand, `lines` change nothing. */
  readonly wider: readonly CaaRecord[];
  /** Of the CAs that the present records permit, those that could not issue any more. */
  readonly forbids: readonly string[];
}

const SERVING_STATES = new Set(['active', 'renewing', 'degraded']);

/** The advice for who asks how to harden a name: a record to add and the issue about it. Pure. */
export function adviseHardening(
  facts: DomainFacts,
): { readonly record: DnsRecordAdvice; readonly issue: (recordRef: number) => Issue } | null {
  const hardening = isReady(facts) ? hardeningOf(facts) : null;
  if (hardening === null) return null;
  return {
    record: recordOf(facts, hardening),
    issue: (recordRef) => issueOf(facts, hardening, recordRef),
  };
}

/**
 * Only a name that works, with a certificate of ours, and that can have records of its own: beside a CNAME record none is
 * possible, and one below a wildcard record would end what that answers for the name.
 */
function isReady(facts: DomainFacts): boolean {
  const { certificate, cas, caa, cname, ownership } = facts;
  const { state, chain, proxy, isHidden } = viewRouting(facts);
  return (
    ownership.state === 'verified' &&
    facts.blocked === null &&
    facts.hasUnnamedCa !== true &&
    certificate?.source === 'acme' &&
    SERVING_STATES.has(certificate.state) &&
    state === 'pointed' &&
    cname.status === 'nodata' &&
    chain.length === 0 &&
    proxy === null &&
    !isHidden &&
    !facts.wildcard &&
    caa.status === 'ok' &&
    cas.length > 0 &&
    usableCas(facts).every((ca) => decideCaa(caa, ca).kind === 'permitted')
  );
}

function hardeningOf(facts: DomainFacts): Hardening | null {
  const { caa, cas, hostname } = facts;
  const bindings = cas.map(accountBinding);
  if (!bindings.every((each) => each !== null) || isBound(caa, cas)) return null;
  const own = isOwn(facts) ? issueProperties(caa) : [];
  // The first record at the top of a zone would forbid every other CA of the whole zone.
  if (own.length === 0 && takesAddresses(facts)) return null;
  const lines = bindings.filter((line) => !own.some((each) => isSame(each, line)));
  if (lines.length === 0) return null;
  const wider = own.filter((each) => isOpen(each, cas));
  const present: RelevantCaaSet = { status: 'ok', foundAt: hostname, records: [...own, ...lines] };
  return { lines, wider, forbids: forbiddenBy(present, caa, cas) };
}

/** The records are at the name itself, and stay in force beside others there. */
function isOwn({ hostname, caa }: Pick<DomainFacts, 'hostname' | 'caa'>): boolean {
  return normalisedName(caa.foundAt ?? '') === normalisedName(hostname);
}

/** Only our accounts can issue as it is. */
function isBound(caa: RelevantCaaSet, cas: readonly CaIdentity[]): boolean {
  const present = issueProperties(caa);
  return present.length > 0 && !present.some((each) => isOpen(each, cas));
}

/** It permits every account at one of our CAs. */
function isOpen(record: CaaRecord, cas: readonly CaIdentity[]): boolean {
  return cas.some(({ domain }) => permitsEveryAccount(record, domain));
}

/** The CAs that `before` names and permits, and `after` does not. */
function forbiddenBy(
  after: RelevantCaaSet,
  before: RelevantCaaSet,
  cas: readonly CaIdentity[],
): string[] {
  const ours = new Set(cas.map(({ domain }) => domain.toLowerCase()));
  const seen = issueProperties(before).flatMap((each) => issuerOf(each) ?? []);
  return [...new Set(seen)].filter((domain) => {
    if (domain === '' || ours.has(domain)) return false;
    const other = { domain, accountUri: null, methods: [] };
    return decideCaa(after, other).kind === 'forbidden';
  });
}

function isSame(one: CaaRecord, other: CaaRecord): boolean {
  const plain = ({ value }: CaaRecord) => value.replaceAll(/[ \t]+/g, '').replace(/;$/, '');
  return plain(one) === plain(other);
}

function recordOf(facts: DomainFacts, { lines }: Hardening): DnsRecordAdvice {
  const { hostname, zone, caa } = facts;
  return {
    purpose: 'caa',
    phase: 'any_time',
    required: false,
    action: 'add',
    fqdn: normalisedName(hostname),
    name: panelName(hostname, zone),
    type: 'CAA',
    desired: lines.map(formatCaa),
    observed: caa.foundAt === hostname ? caa.records.map(formatCaa) : [],
    ttlObserved: null,
    status: 'missing',
    providerHint: null,
  };
}

function issueOf(facts: DomainFacts, hardening: Hardening, recordRef: number): Issue {
  const { hostname, zone, caa } = facts;
  const { lines, wider, forbids } = hardening;
  const values = listed(lines.map(formatCaa));
  return issue('CAA_BINDABLE', {
    detail: wider.length > 0 ? besideOthers(facts, wider) : onItsOwn(facts, forbids),
    fix: `Nothing has to change. To bind the name, add a CAA record ${panelName(hostname, zone)} with the value ${values}${isOwn(facts) ? ', beside those that are there' : ''}.`,
    recordRef,
    evidence: {
      foundAt: caa.foundAt,
      records: caa.records.map(formatCaa),
      forbids: [...forbids],
      wider: wider.map(formatCaa),
    },
  });
}

function besideOthers({ hostname }: DomainFacts, wider: readonly CaaRecord[]): string {
  const found = listed(wider.map(formatCaa));
  return `It forbids nothing by itself. While ${found} stands at ${hostname} too, every account there may issue; without it only ours could, which would end certificates that you get there yourself.`;
}

function onItsOwn({ hostname, caa, cas }: DomainFacts, forbids: readonly string[]): string {
  const names = listed([...new Set(cas.map(({ domain }) => domain))]);
  const others = forbids.length === 0 ? '' : `, also ${listed(forbids)}`;
  const { foundAt } = caa;
  const instead =
    foundAt === null || isOwn({ hostname, caa })
      ? ''
      : ` in place of the CAA records at ${foundAt}`;
  return `For ${hostname} and the names below it, only our account at ${names} could then issue${instead}: every other certificate authority and account would be forbidden there${others}.`;
}
