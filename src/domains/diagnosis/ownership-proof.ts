import { hasFailed, valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import type { ObservedFacts } from '../domain-facts.js';

/** `absent` only when a server said so; whoever does not answer leaves it `unknown`. */
export type Presence = 'present' | 'absent' | 'unknown';

/** The two ways to prove a name, as they were seen. */
export interface Proof {
  readonly txt: Presence;
  /** The claim's own CNAME target; always absent for the zone itself, which cannot have a CNAME. */
  readonly cname: Presence;
}

export function proofIn(facts: ObservedFacts): Proof {
  return {
    txt: presence(facts.txt, (values) => values.includes(facts.expected.challengeValue)),
    cname: facts.isApex
      ? 'absent'
      : presence(facts.cname, (chain) => leadsToTarget(chain, facts.expected.target, facts.zone)),
  };
}

/** Whether the claim's proof is still there: either record will do. */
export function standingProof({ txt, cname }: Proof): Presence {
  if (txt === 'present' || cname === 'present') return 'present';
  return txt === 'absent' && cname === 'absent' ? 'absent' : 'unknown';
}

function presence(
  answer: DnsAnswer<string>,
  isThere: (values: readonly string[]) => boolean,
): Presence {
  if (hasFailed(answer)) return 'unknown';
  return isThere(valuesOf(answer)) ? 'present' : 'absent';
}

/** Every name on the way must be in the customer's own zone: whoever runs another one could point it at us. */
function leadsToTarget(chain: readonly string[], target: string, zone: string): boolean {
  const at = chain.map(normalised).indexOf(target);
  return at >= 0 && chain.slice(0, at).every((name) => isInZone(normalised(name), zone));
}

function normalised(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
