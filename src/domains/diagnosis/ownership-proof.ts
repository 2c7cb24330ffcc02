import { hasFailed, valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';
import { matchesChallenge } from './challenge-text.js';
import type { DomainFacts, ObservedFacts } from '../domain-facts.js';

/** `absent` only if a server answered so; a failed lookup is `unknown`. */
export type Presence = 'present' | 'absent' | 'unknown';

/** The two records that prove ownership, as observed. */
export interface Proof {
  readonly txt: Presence;
  /** The claim's own CNAME target; always absent at the apex of a zone, which cannot have a CNAME record. */
  readonly cname: Presence;
}

export interface ProofView extends Proof {
  /** What both records prove together. */
  readonly overall: Presence;
  /** The TXT value matches only without the quotation marks around it, or in another letter case. */
  readonly isInexact: boolean;
  /** Some servers have the proof, but not the majority that proves. */
  readonly isSpreading: boolean;
}

/**
 * The proof with the letter case of the TXT value and quotation marks and blanks around it ignored. Either record proves ownership; a name that
 * another account lost lately needs both.
 */
export function viewProof(facts: DomainFacts): ProofView {
  const { txt: exact, cname } = proofIn(facts);
  const txt = presence(facts.txt, facts.txtByServer, (values) => isChallengeAmong(facts, values));
  const proof: Proof = { txt, cname };
  const overall = needsBoth(facts) ? bothProof(proof) : standingProof(proof);
  const isSeen =
    hasChallenge(facts, facts.txt) || facts.cnameByServer.some((chain) => isOwnChain(facts, chain));
  return {
    ...proof,
    overall,
    isInexact: txt === 'present' && exact !== 'present',
    isSpreading: overall !== 'present' && standingProof(proof) !== 'present' && isSeen,
  };
}

/** The proof with the TXT value compared exactly. */
export function proofIn(facts: ObservedFacts): Proof {
  return {
    txt: presence(facts.txt, facts.txtByServer, (values) =>
      values.includes(facts.expected.challengeValue),
    ),
    cname: facts.isApex
      ? 'absent'
      : presence(facts.cname, facts.cnameByServer, (chain) => isOwnChain(facts, chain)),
  };
}

function isOwnChain(facts: ObservedFacts, chain: readonly string[]): boolean {
  return !facts.isApex && leadsToTarget(chain, facts.expected.target, facts.zone);
}

/** Either record is enough. */
export function standingProof({ txt, cname }: Proof): Presence {
  if (txt === 'present' || cname === 'present') return 'present';
  return txt === 'absent' && cname === 'absent' ? 'absent' : 'unknown';
}

function bothProof({ txt, cname }: Proof): Presence {
  if (txt === 'absent' || cname === 'absent') return 'absent';
  return txt === 'present' && cname === 'present' ? 'present' : 'unknown';
}

/** Only an unproven claim needs both records: a verified one keeps its name with either. */
export function needsBoth(facts: DomainFacts): boolean {
  const isProven = facts.ownership.state === 'verified';
  return facts.expected.needsCnameProof && !facts.isApex && !isProven;
}

/** Whether the answer has the challenge value, letter case and quotation marks ignored. */
export function hasChallenge(facts: DomainFacts, answer: DnsAnswer<string>): boolean {
  return isChallengeAmong(facts, valuesOf(answer));
}

/** With a CNAME proof no TXT record is needed; for a claim that was proven, other codes report its absence. */
export function isTxtOptional(facts: DomainFacts, proof: Proof): boolean {
  const isCnameEnough = proof.cname === 'present' && !needsBoth(facts);
  const isReported = ['verified', 'lapsed'].includes(facts.ownership.state);
  return isCnameEnough || isReported;
}

/** The TXT record stands at the name itself, and is to be moved from there. */
export function isTxtAtName(facts: DomainFacts): boolean {
  if (!hasChallenge(facts, facts.txtAtName) || hasChallenge(facts, facts.txtDoubled)) return false;
  const proof = viewProof(facts);
  return !proof.isSpreading && proof.txt !== 'present' && !isTxtOptional(facts, proof);
}

/** The texts of other TXT records at the name than the one that is to be moved from there. */
export function otherTextsAtName(facts: DomainFacts): string[] {
  const texts = valuesOf(facts.txtAtName);
  if (!isTxtAtName(facts)) return texts;
  return texts.filter((text) => !matchesChallenge(text, facts.expected.challengeValue));
}

/** Of the records that keep a CNAME record from being made at the name. A record that is to be moved is not removed too. */
export function typesInTheWay(facts: DomainFacts): readonly string[] {
  const isFree = isTxtAtName(facts) && otherTextsAtName(facts).length === 0;
  return isFree ? facts.ownTypes.filter((type) => type !== 'TXT') : facts.ownTypes;
}

function isChallengeAmong({ expected }: DomainFacts, values: readonly string[]): boolean {
  return values.some((text) => matchesChallenge(text, expected.challengeValue));
}

/** More than half of the servers that answered decide: one that lies, or was lied to, neither proves nor disproves. */
function presence(
  answer: DnsAnswer<string>,
  byServer: readonly (readonly string[])[],
  isThere: (values: readonly string[]) => boolean,
): Presence {
  if (hasFailed(answer)) return 'unknown';
  const votes = byServer.length > 0 ? byServer : [valuesOf(answer)];
  const inFavour = votes.filter(isThere).length;
  if (inFavour * 2 === votes.length) return 'unknown';
  return inFavour * 2 > votes.length ? 'present' : 'absent';
}

/** Every name before the target must be in the customer's zone: the owner of another zone could point it at us. */
export function leadsToTarget(chain: readonly string[], target: string, zone: string): boolean {
  const names = chain.map(normalisedName);
  const at = names.indexOf(target);
  return at >= 0 && names.slice(0, at).every((name) => isAtOrUnder(name, zone));
}
