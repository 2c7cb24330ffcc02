import { isIPv6 } from 'node:net';
import { otherTarget } from './diagnose-cname.js';
import type { RoutingView } from './routing-view.js';
import type { Issue } from './diagnosis.js';
import { valuesOf } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { typesInTheWay } from './ownership-proof.js';
import { issue } from './issue-catalogue.js';
import { listed, namedRecords, panelName, pointingFix, takesAddresses } from './record-wording.js';
import { canonicalAddress } from '../../shared/ip-address.js';

/** Issues of address and CNAME records that lead elsewhere, all or some of them. */
export function diagnoseAddresses(facts: DomainFacts, view: RoutingView): Issue[] {
  // The records are right; diagnoseProbe() reports what else answers there.
  if (view.isOursByDns) return [];
  if (facts.wildcard) return [wildcardShadow(facts, view)];
  const [v6, v4] = [view.foreign.filter(isIPv6), view.foreign.filter((each) => !isIPv6(each))];
  const issues = view.privateForeign.length > 0 ? [privateAddress(facts, view)] : [];
  const isPublic = (address: string) => !view.privateForeign.includes(address);
  // Behind a CNAME record, the addresses are not records of this name.
  if (view.ours.length === 0 || view.chain.length > 0) {
    const isReported = issues.length > 0 && !view.foreign.some(isPublic);
    return isReported ? issues : [...issues, elsewhere(facts, view)];
  }
  if (v4.some(isPublic)) issues.push(mixed(facts, view, v4.filter(isPublic)));
  if (v6.some(isPublic)) issues.push(ipv6Conflict(facts, v6.filter(isPublic)));
  return issues;
}

function elsewhere(facts: DomainFacts, view: RoutingView): Issue {
  const name = panelName(facts.hostname, facts.zone);
  const [first] = view.chain;
  if (view.ownHost !== null && !facts.isApex) return otherTarget(facts, view);
  if (first !== undefined && !facts.isApex) {
    return issue('CNAME_ELSEWHERE', {
      detail: `It leads to ${view.chain.at(-1)}, which is not ours.`,
      fix: `Change the CNAME record ${name} from ${first} to the value ${facts.expected.target}.`,
      evidence: { chain: view.chain, addresses: view.foreign },
    });
  }
  const observed = ofType(facts, view.foreign);
  return issue('A_ELSEWHERE', {
    detail: `Visitors of ${facts.hostname} get to ${listed(view.foreign)}, which is not ours.`,
    fix: takesAddresses(facts)
      ? `Remove ${observed} at ${name}. ${pointingFix(facts)}`
      : `Remove ${listed([observed, ...typesInTheWay(facts).map((type) => `the ${type} records`)])} at ${name} and add a CNAME record ${name} with the value ${facts.expected.target}.`,
    evidence: { addresses: view.foreign, expected: facts.expected.ingressAddresses },
  });
}

function mixed(facts: DomainFacts, view: RoutingView, foreign: string[]): Issue {
  return issue('A_MIXED', {
    detail: `A part of the visitors, and of the certificate authority's checks, gets to ${listed(foreign)}.`,
    fix: `Delete ${namedRecords('A', foreign)} at ${panelName(facts.hostname, facts.zone)}.`,
    evidence: { ours: view.ours, foreign },
  });
}

function ipv6Conflict(facts: DomainFacts, foreign: string[]): Issue {
  return issue('AAAA_CONFLICT', {
    detail: `IPv4 leads here and IPv6 to ${listed(foreign)}. Certificate authorities and most visitors try IPv6 first.`,
    fix: `Delete ${namedRecords('AAAA', foreign)} at ${panelName(facts.hostname, facts.zone)}.`,
    evidence: { foreign },
  });
}

function privateAddress(facts: DomainFacts, view: RoutingView): Issue {
  return issue('PRIVATE_ADDRESS', {
    detail: `${listed(view.privateForeign)} can be reached inside one network only, and never by a certificate authority.`,
    fix: privateFix(facts, view),
    evidence: { addresses: view.privateForeign },
  });
}

function privateFix(facts: DomainFacts, view: RoutingView): string {
  const name = panelName(facts.hostname, facts.zone);
  const [first] = view.chain;
  if (first !== undefined)
    return facts.isApex
      ? `Remove the CNAME record ${name}. ${pointingFix(facts)}`
      : `Change the CNAME record ${name} from ${first} to the value ${facts.expected.target}.`;
  const removal = `Delete ${ofType(facts, view.privateForeign)} at ${name}.`;
  return view.ours.length > 0 ? removal : `${removal} ${pointingFix(facts)}`;
}

function wildcardShadow(facts: DomainFacts, view: RoutingView): Issue {
  const name = panelName(facts.hostname, facts.zone);
  return issue('WILDCARD_SHADOW', {
    detail: `${facts.hostname} has no record of its own: the wildcard beside it answers, and leads elsewhere.`,
    fix: `${pointingFix(facts)} A record ${name} of its own goes before the wildcard.`,
    evidence: { chain: view.chain, addresses: view.foreign },
  });
}

/** `the A record 192.0.2.1 and the AAAA record 2001:db8::1` */
function ofType(facts: DomainFacts, addresses: readonly string[]): string {
  const within = (values: readonly string[]) =>
    values.map(canonicalAddress).filter((each) => addresses.includes(each));
  const [v4, v6] = [within(valuesOf(facts.a)), within(valuesOf(facts.aaaa))];
  return listed([
    ...(v4.length > 0 ? [namedRecords('A', v4)] : []),
    ...(v6.length > 0 ? [namedRecords('AAAA', v6)] : []),
  ]);
}
