import { valuesOf } from '../../dns/dns-answer.js';
import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';
import { canonicalAddress } from '../../shared/ip-address.js';
import type { DomainFacts } from '../domain-facts.js';
import type { Issue } from './diagnosis.js';
import { issue } from './issue-catalogue.js';

/** Whoever opens the other name of the pair meets a TLS alert, if it leads here and nobody has claimed it. */
export function diagnosePair(facts: DomainFacts): Issue[] {
  const { hostname, pairName, isPairClaimed } = facts;
  const addresses = ourAddresses(facts);
  if (pairName === null || isPairClaimed || addresses.length === 0) return [];
  return [
    issue('PAIR_UNCLAIMED', {
      detail: `${pairName} leads to this region too (${addresses.join(', ')}), and the account has not claimed it: browsers show an error there.`,
      fix: `Claim ${hostname} again with "pair": true: ${pairName} then has its own certificate and redirects here. Or remove ${recordOf(facts, pairName, addresses)}.`,
      evidence: { name: pairName, addresses, chain: facts.pairChain },
    }),
  ];
}

/** The addresses by which the other name leads to this region. As for the name itself, a name of a region's zone decides. */
function ourAddresses({ pairAddresses, pairChain, expected }: DomainFacts): string[] {
  const chain = pairChain.map(normalisedName);
  const addresses = valuesOf(pairAddresses).map(canonicalAddress);
  const leadsTo = (suffix: string) =>
    chain.some((name) => isAtOrUnder(name, normalisedName(suffix)));
  if (leadsTo(expected.ingressSuffix)) return addresses;
  if ([...expected.otherIngressSuffixes, ...expected.otherHosts].some(leadsTo)) return [];
  const own = new Set(expected.ingressAddresses.map(canonicalAddress));
  return addresses.filter((address) => own.has(address));
}

/** What leads the other name here; to an apex no wildcard record applies. */
function recordOf(
  { isApex, pairChain: [target] }: DomainFacts,
  pairName: string,
  addresses: readonly string[],
): string {
  const wildcard = isApex ? ', or the wildcard record that answers for it' : '';
  if (target !== undefined) return `the CNAME record of ${pairName} (to ${target})${wildcard}`;
  const types = new Set(addresses.map((address) => (address.includes(':') ? 'AAAA' : 'A')));
  return `the ${[...types].join(' and ')} record of ${pairName}${wildcard}`;
}
