import { valuesOf } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import type { Issue } from './diagnosis.js';
import { issue } from './issue-catalogue.js';

/** Whoever opens the other name of the pair meets a TLS alert, if it leads here and nobody has claimed it. */
export function diagnosePair(facts: DomainFacts): Issue[] {
  const { hostname, pairName, pairAddresses, isPairClaimed, expected } = facts;
  const addresses = valuesOf(pairAddresses).filter((each) =>
    expected.ingressAddresses.includes(each),
  );
  if (pairName === null || isPairClaimed || addresses.length === 0) return [];
  return [
    issue('PAIR_UNCLAIMED', {
      detail: `${pairName} leads to this region too (${addresses.join(', ')}), and the account has not claimed it: browsers show an error there.`,
      fix: `Claim ${hostname} again with "pair": true: ${pairName} then has its own certificate and redirects here. Or remove the A record of ${pairName}.`,
      evidence: { name: pairName, addresses },
    }),
  ];
}
