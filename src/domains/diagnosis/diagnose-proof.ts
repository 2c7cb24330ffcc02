import type { Diagnosis } from './diagnosis.js';
import { valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { proofIn } from './ownership-proof.js';

type Proof = Diagnosis['ownershipProof'];

/** What the records prove, each kind by itself and both together. */
export interface ProofView {
  readonly overall: Proof;
  readonly txt: Proof;
  readonly cname: Proof;
  /** The TXT value matches only without the quotation marks or blanks around it. */
  readonly isQuoted: boolean;
}

/**
 * The TXT value, or the claim's own CNAME target (never for an apex name), proves ownership; a name that
 * another account lost lately needs both. A failed look-up proves nothing, in either direction.
 */
export function viewProof(facts: DomainFacts): ProofView {
  const { txt: exact, cname } = proofIn(facts);
  const isQuoted = exact !== 'present' && hasChallenge(facts, facts.txt);
  const txt = isQuoted ? 'present' : exact;
  return {
    overall: needsBoth(facts) ? both(txt, cname) : either(txt, cname),
    txt,
    cname,
    isQuoted,
  };
}

/** Only the first proof has to be twofold: what is verified stays so by either. */
export function needsBoth(facts: DomainFacts): boolean {
  const isProven = facts.ownership.state === 'verified';
  return facts.expected.needsCnameProof && !facts.isApex && !isProven;
}

function either(one: Proof, other: Proof): Proof {
  if (one === 'present' || other === 'present') return 'present';
  return one === 'unknown' || other === 'unknown' ? 'unknown' : 'absent';
}

function both(one: Proof, other: Proof): Proof {
  if (one === 'absent' || other === 'absent') return 'absent';
  return one === 'unknown' || other === 'unknown' ? 'unknown' : 'present';
}

/** Whether the challenge value is among the answer's, quotation marks and blanks around it left aside. */
export function hasChallenge(facts: DomainFacts, answer: DnsAnswer<string>): boolean {
  return valuesOf(answer).map(unquoted).includes(facts.expected.challengeValue);
}

function unquoted(text: string): string {
  return text.replace(/^[\s"'\u201c\u201d]+|[\s"'\u201c\u201d]+$/g, '');
}
