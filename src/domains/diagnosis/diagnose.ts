import { adviseHardening } from './caa-hardening.js';
import { diagnoseCaa } from './diagnose-caa.js';
import { diagnoseCertificate } from './diagnose-certificate.js';
import { diagnoseDelegation, isBeforeSwitch, withWayOut } from './diagnose-delegation.js';
import { diagnosePersist } from './diagnose-persist.js';
import { diagnoseOwnership } from './diagnose-ownership.js';
import { viewProof } from './ownership-proof.js';
import { viewRouting } from './routing-view.js';
import { diagnoseRouting } from './diagnose-routing.js';
import { diagnoseSetup } from './diagnose-setup.js';
import { diagnosePair } from './diagnose-pair.js';
import { diagnoseZone } from './diagnose-zone.js';
import type { Diagnosis, DnsRecordAdvice, Issue, IssueSeverity } from './diagnosis.js';
import { issue } from './issue-catalogue.js';
import type { IssueCode } from './issue-code.js';
import { listed } from './record-wording.js';
import type { DomainFacts } from '../domain-facts.js';
import { adviseRecords, recordRef } from './record-advice.js';

const URGENCY: Readonly<Record<IssueSeverity, number>> = { blocking: 0, warning: 1, info: 2 };

/** Issues of the zone that explain no failed look-up. */
const HINTS: ReadonlySet<IssueCode> = new Set(['DNS_DISAGREEMENT', 'DELEGATED_ZONE']);

/** What is advised to who asks for it only. */
export const ADVICE = ['hardening'] as const;
export type Advice = (typeof ADVICE)[number];

/** Derives the issues, the records that fix them, and the states from the facts. Pure. */
export function diagnose(facts: DomainFacts, advice: Advice | null = null): Diagnosis {
  const diagnosis = diagnoseFacts(facts);
  const hardening = advice === null ? null : adviseHardening(facts);
  if (hardening === null) return diagnosis;
  const { records, issues } = diagnosis;
  return {
    ...diagnosis,
    // The last, since issues refer to records by index.
    records: [...records, hardening.record],
    issues: [...issues, hardening.issue(records.length)],
  };
}

function diagnoseFacts(facts: DomainFacts): Diagnosis {
  const records = adviseRecords(facts);
  const issues = isObserved(facts)
    ? diagnoseObserved(facts, records)
    : diagnoseUnobserved(facts, records);
  return {
    issues: withoutRepetition([...diagnoseBlock(facts), ...issues, ...setupIssues(facts)]).toSorted(
      (one, other) => URGENCY[one.severity] - URGENCY[other.severity],
    ),
    records,
    routing: viewRouting(facts).state,
    ownershipProof: viewProof(facts).overall,
  };
}

function diagnoseBlock({ hostname, blocked }: DomainFacts): Issue[] {
  if (blocked === null) return [];
  return [
    issue('NAME_BLOCKED', {
      detail: `The operator of this service has blocked the name, so it is not served. The reason given: ${blocked.reason}`,
      fix: `Nothing to change in the records of ${hostname}: ask the operator to lift the block.`,
      evidence: { since: blocked.since },
    }),
  ];
}

function diagnoseObserved(facts: DomainFacts, records: readonly DnsRecordAdvice[]): Issue[] {
  const issues = [
    ...diagnoseRecords(facts, records),
    ...diagnoseCertificate(facts),
    ...diagnosePersist(facts),
  ];
  const delegation = diagnoseDelegation(facts, records, issues);
  const isExpected = isBeforeSwitch(facts);
  const seen = issues.map((each) =>
    isExpected && each.axis === 'routing' ? { ...each, severity: 'info' as const } : each,
  );
  return [...delegation, ...withWayOut(facts, seen)];
}

/** A name that is prepared has all that it needs for now: what the DNS provider could do is not urgent. */
function setupIssues(facts: DomainFacts): Issue[] {
  const issues = diagnoseSetup(facts);
  if (!isObserved(facts) || !isBeforeSwitch(facts)) return issues;
  return issues.map((each) => ({ ...each, severity: 'info' as const }));
}

function diagnoseRecords(facts: DomainFacts, records: readonly DnsRecordAdvice[]): Issue[] {
  const zone = diagnoseZone(facts);
  const isZoneBroken = zone.some(({ code }) => !HINTS.has(code));
  return [
    ...zone,
    ...diagnoseOwnership(facts, records, isZoneBroken),
    ...diagnoseRouting(facts, records, isZoneBroken),
    ...diagnosePair(facts),
    ...diagnoseCaa(facts, records, isZoneBroken),
  ];
}

/** False before the first observation, and after a new challenge. */
function isObserved(facts: DomainFacts): boolean {
  return facts.txt.status !== 'unasked';
}

/** What is known of a claim before anybody has looked at its records. */
function diagnoseUnobserved(facts: DomainFacts, records: readonly DnsRecordAdvice[]): Issue[] {
  const names = [...new Set(records.map(({ name, type }) => `${type} ${name}`))];
  return [
    ...diagnoseOwnership(facts, records, true),
    issue('NOT_CHECKED', {
      detail: `Nothing is known yet of the records of ${facts.hostname}: the first look-up comes by itself, or at once by "verify".`,
      fix: `Create the records (${listed(names)}) with the values shown here.`,
      recordRef: recordRef(records, 'ownership'),
    }),
  ];
}

/** Keeps the first issue of each code. Ours come before those of the CA, because ours name the record. */
function withoutRepetition(issues: readonly Issue[]): Issue[] {
  return issues.filter(
    ({ code }, index) => issues.findIndex((other) => other.code === code) === index,
  );
}
