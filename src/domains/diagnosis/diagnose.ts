import { diagnoseCaa } from './diagnose-caa.js';
import { diagnoseCertificate } from './diagnose-certificate.js';
import { diagnoseOwnership } from './diagnose-ownership.js';
import { viewProof } from './ownership-proof.js';
import { viewRouting } from './routing-view.js';
import { diagnoseRouting } from './diagnose-routing.js';
import { diagnoseZone } from './diagnose-zone.js';
import type { Diagnosis, Issue, IssueSeverity } from './diagnosis.js';
import type { DomainFacts } from '../domain-facts.js';
import { adviseRecords } from './record-advice.js';

const URGENCY: Readonly<Record<IssueSeverity, number>> = { blocking: 0, warning: 1, info: 2 };

/** Derives the issues, the records that fix them, and the states from the facts. Pure. */
export function diagnose(facts: DomainFacts): Diagnosis {
  const records = adviseRecords(facts);
  const zone = diagnoseZone(facts);
  const isZoneBroken = zone.some((each) => each.code !== 'DNS_DISAGREEMENT');
  const issues = [
    ...zone,
    ...diagnoseOwnership(facts, records, isZoneBroken),
    ...diagnoseRouting(facts, records, isZoneBroken),
    ...diagnoseCaa(facts, records, isZoneBroken),
    ...diagnoseCertificate(facts),
  ];
  return {
    issues: withoutRepetition(issues).toSorted(
      (one, other) => URGENCY[one.severity] - URGENCY[other.severity],
    ),
    records,
    routing: viewRouting(facts).state,
    ownershipProof: viewProof(facts).overall,
  };
}

/** Keeps the first issue of each code. Ours come before those of the CA, because ours name the record. */
function withoutRepetition(issues: readonly Issue[]): Issue[] {
  return issues.filter(
    ({ code }, index) => issues.findIndex((other) => other.code === code) === index,
  );
}
