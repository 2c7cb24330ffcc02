import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';
import type { DomainFacts } from '../domain-facts.js';
import type { Issue } from './diagnosis.js';
import { issue } from './issue-catalogue.js';
import { panelName, pointingFix } from './record-wording.js';
import type { RoutingView } from './routing-view.js';

/** A fault of the CNAME record's value that explains why the name does not lead here; null if there is none. */
export function diagnoseCname(facts: DomainFacts, view: RoutingView): Issue | null {
  const [first] = view.chain;
  if (first === undefined || view.reachesTarget) return null;
  const checks = [circle, webAddress, doubledValue, unresolved];
  for (const check of checks) {
    const found = check(facts, view, first);
    if (found !== null) return found;
  }
  return null;
}

function circle(facts: DomainFacts, view: RoutingView): Issue | null {
  if (view.circle === null) return null;
  return issue('CNAME_LOOP', {
    detail: `No name server can end this chain: ${view.circle.join(' → ')}.`,
    fix: changeFix(facts),
    evidence: { chain: view.chain, circle: view.circle },
  });
}

/** No host name has a slash or a colon. */
function webAddress(facts: DomainFacts, view: RoutingView, first: string): Issue | null {
  if (!/[/:]/.test(first)) return null;
  return issue('CNAME_VALUE_URL', {
    detail: `It has the value ${first}. The value of a CNAME record is a host name, without https:// and without a path.`,
    fix: changeFix(facts),
    evidence: { chain: view.chain },
  });
}

function doubledValue(facts: DomainFacts, view: RoutingView, first: string): Issue | null {
  const { target, ingressSuffix, ownHosts } = facts.expected;
  const own = [target, ingressSuffix, ...ownHosts].map(normalisedName);
  const meant = own.find((name) => first.startsWith(`${name}.`));
  if (meant === undefined) return null;
  const added = first.slice(meant.length + 1);
  if (!isAtOrUnder(added, normalisedName(facts.zone))) return null;
  const dot = facts.isApex ? '' : ' Enter it with a dot at its end, if the panel allows that.';
  return issue('CNAME_VALUE_DOUBLED', {
    detail: `It leads to ${first}: the panel took ${meant} for a name within ${added} and added ${added} to it.`,
    fix: `${changeFix(facts)}${dot}`,
    evidence: { chain: view.chain, added },
  });
}

/** The lookup of what the record leads to fails: the name servers are not ours, and the customer can change the record. */
function unresolved(facts: DomainFacts, view: RoutingView): Issue | null {
  const names = [...view.chain, ...facts.cnameFollowed.map(normalisedName)];
  const { ingressSuffix, ownHosts, otherHosts, otherIngressSuffixes } = facts.expected;
  const parents = [ingressSuffix, ...otherIngressSuffixes, ...ownHosts, ...otherHosts];
  const isOurs = names.some((name) => parents.some((parent) => isAtOrUnder(name, parent)));
  const hasAddress = valuesOf(facts.a).length + valuesOf(facts.aaaa).length > 0;
  if (isOurs || hasAddress || !(hasFailed(facts.a) || hasFailed(facts.aaaa))) return null;
  return issue('CNAME_UNRESOLVED', {
    detail: `It leads to ${names.at(-1)}, which is not ours, and whose look-up fails.`,
    fix: changeFix(facts),
    evidence: { chain: names, a: facts.a.status, aaaa: facts.aaaa.status },
  });
}

/** It leads to the region by another name than the claim's target. */
export function otherTarget(facts: DomainFacts, view: RoutingView): Issue {
  const name = panelName(facts.hostname, facts.zone);
  const [first] = view.chain;
  const isPointed = view.state === 'pointed';
  const by =
    view.ownHost === null
      ? view.reachesRegion
        ? 'a target of another claim'
        : `${view.chain.at(-1)}, which has our addresses`
      : `${view.ownHost}, a name of the service itself`;
  return issue('CNAME_OTHER_TARGET', {
    ...(isPointed ? {} : { severity: 'blocking' as const }),
    detail: `It leads to ${by}, not to the target of this domain. ${isPointed ? 'It works now, proves nothing, and ends when that name changes.' : 'Only that target leads to this region for certain.'}`,
    fix: facts.wildcard
      ? `${pointingFix(facts)} A record ${name} of its own goes before the wildcard.`
      : `Change the CNAME record ${name} from ${first} to the value ${facts.expected.target}.`,
    evidence: { chain: view.chain, expected: facts.expected.target },
  });
}

function changeFix(facts: DomainFacts): string {
  const name = panelName(facts.hostname, facts.zone);
  if (facts.isApex) return `Remove the CNAME record ${name}. ${pointingFix(facts)}`;
  return `Change the CNAME record ${name} to the value ${facts.expected.target}.`;
}
