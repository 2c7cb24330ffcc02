import { isIPv6 } from 'node:net';
import { isCloudflare, type RoutingView } from './routing-view.js';
import type { Issue } from './diagnosis.js';
import type { DomainFacts } from '../domain-facts.js';
import { issue } from './issue-catalogue.js';
import { listed, panelName, pointingFix } from './record-wording.js';

/** A proxy in front of the name is an issue even if it passes our probe on: its settings can stop every renewal. */
export function diagnoseProxy(facts: DomainFacts, view: RoutingView): Issue {
  const isPassedOn = facts.probe.status === 'ours';
  const name = panelName(facts.hostname, facts.zone);
  const proxy = view.proxy ?? 'A proxy';
  return issue(isCloudflare(view) ? 'PROXY_CLOUDFLARE' : 'PROXY_OTHER', {
    severity: isPassedOn ? 'warning' : 'blocking',
    detail: isPassedOn
      ? `${proxy} passes requests on to us. Renewals depend on its settings, and it reads every secret in clear.`
      : `${proxy} answers for this name and does not pass our check on.`,
    fix: isCloudflare(view)
      ? cloudflareFix(facts)
      : `Remove the records of ${proxy} at ${name}. ${pointingFix(facts)}`,
    evidence: { proxy: view.proxy, addresses: view.foreign, chain: view.chain },
  });
}

/** The proxy hides the record behind it, so its type and value are not known. */
function cloudflareFix(facts: DomainFacts): string {
  const name = panelName(facts.hostname, facts.zone);
  const panel = 'the Cloudflare panel';
  if (facts.wildcard)
    return `In ${panel} the wildcard record answers for ${facts.hostname}. ${pointingFix(facts)} Set it to "DNS only".`;
  const wanted = facts.isApex
    ? `A with the value ${listed(facts.expected.ingressAddresses.filter((each) => !isIPv6(each)))}`
    : `CNAME with the value ${facts.expected.target}`;
  return `In ${panel}, set the record ${name} to "DNS only". Its type must be ${wanted}.`;
}
