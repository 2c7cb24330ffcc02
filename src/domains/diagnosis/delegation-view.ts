import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';
import type { DelegationState } from '../delegation.js';
import type { ObservedFacts } from '../domain-facts.js';
import { leadsToTarget } from './ownership-proof.js';

/** What was seen at `_acme-challenge` of the name. */
export interface DelegationView {
  readonly state: DelegationState;
  /** The CNAME records, in order. */
  readonly chain: readonly string[];
  /** TXT records of the name itself: no CNAME record can stand beside them. */
  readonly txt: readonly string[];
  /** Only a wildcard record answers. */
  readonly isWildcard: boolean;
}

type Seen = Pick<ObservedFacts, 'expected' | 'zone' | 'acmeChallenge'>;

/** Pure. */
export function viewDelegation(facts: Seen): DelegationView {
  const { cname, txt, wildcard } = facts.acmeChallenge;
  const chain = valuesOf(cname).map(normalisedName);
  const inTheWay = chain.length === 0 ? [...valuesOf(txt)] : [];
  return { state: stateOf(facts, chain, inTheWay), chain, txt: inTheWay, isWildcard: wildcard };
}

function stateOf(
  { expected, zone, acmeChallenge }: Seen,
  chain: readonly string[],
  inTheWay: readonly string[],
): DelegationState {
  // Whatever makes it: a wildcard record that leads to the claim's own name works too.
  if (leadsToTarget(chain, expected.delegation.target, zone)) return 'ready';
  if (acmeChallenge.wildcard) return 'none';
  if (chain.length > 0) return 'elsewhere';
  if (inTheWay.length > 0) return 'blocked';
  return hasFailed(acmeChallenge.cname) ? 'unknown' : 'none';
}

/** Whether what stands there is ours to change: the name of another claim or region, or one with the zone behind it. */
export function isOwnDelegation({ expected, zone }: Seen, { chain }: DelegationView): boolean {
  const base = expected.ownHosts.map(normalisedName).at(-1) ?? '';
  const zoned = `${expected.delegation.target}.${normalisedName(zone)}`;
  return chain.some((link) => (base !== '' && isAtOrUnder(link, base)) || link === zoned);
}
