import { diagnoseProbe } from './diagnose-probe.js';
import { needsBoth } from './ownership-proof.js';
import { diagnoseProxy } from './diagnose-proxy.js';
import { diagnoseAddresses } from './diagnose-addresses.js';
import { viewRouting, type RoutingView } from './routing-view.js';
import type { DnsRecordAdvice, Issue } from './diagnosis.js';
import { valuesOf } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { issue } from './issue-catalogue.js';
import { listed, namedRecords, panelName, pointingFix } from './record-wording.js';
import { recordRef } from './record-advice.js';

/** Resolvers fail after 8 to 16 CNAME records, depending on the software. */
const CHAIN_LINKS_MAX = 8;

/** Issues of routing. @param isZoneBroken an issue of the zone already explains the failed lookups */
export function diagnoseRouting(
  facts: DomainFacts,
  records: readonly DnsRecordAdvice[],
  isZoneBroken: boolean,
): Issue[] {
  const view = viewRouting(facts);
  const issues = [
    ...diagnoseChain(facts, view),
    ...diagnoseState(facts, view, isZoneBroken),
    ...diagnoseProbe(facts, view),
  ];
  const main = recordRef(records, 'routing');
  return issues.map((each) => {
    const type = each.code === 'AAAA_CONFLICT' ? 'AAAA' : cnameCodes.has(each.code) ? 'CNAME' : '';
    const ref = recordRef(records, 'routing', type) ?? main;
    return each.owner === 'operator' ? each : { ...each, fix: { ...each.fix, recordRef: ref } };
  });
}

const cnameCodes = new Set(['CNAME_AT_APEX', 'CNAME_WITH_SIBLINGS', 'CNAME_ELSEWHERE']);

function diagnoseState(facts: DomainFacts, view: RoutingView, isZoneBroken: boolean): Issue[] {
  switch (view.state) {
    case 'unknown':
      return [];
    case 'not_pointed':
      return isZoneBroken ? [] : notPointed(facts, view);
    case 'wrong_region':
      return [wrongRegion(facts, view)];
    case 'proxied':
      return [diagnoseProxy(facts, view)];
    case 'elsewhere':
    case 'mixed':
      return diagnoseAddresses(facts, view);
    case 'pointed':
      return pointedLoosely(facts, view);
  }
}

function notPointed(facts: DomainFacts, view: RoutingView): Issue[] {
  if (view.reachesRegion) {
    return [
      issue('TARGET_UNRESOLVED', {
        detail: `The CNAME record is right, but ${facts.expected.target} has no address: our own zone is incomplete.`,
        fix: `Operator: add the A record *.${facts.expected.ingressSuffix} with the addresses of this region's gateways.`,
        evidence: { target: facts.expected.target },
      }),
    ];
  }
  return [
    issue('NO_RECORDS', {
      detail: `Neither a CNAME nor an address record was found at ${facts.hostname}.`,
      fix: pointingFix(facts),
      evidence: { a: facts.a.status, aaaa: facts.aaaa.status, cname: facts.cname.status },
    }),
  ];
}

function wrongRegion(facts: DomainFacts, view: RoutingView): Issue {
  const name = panelName(facts.hostname, facts.zone);
  return issue('CNAME_STALE_REGION', {
    detail:
      view.otherRegionName === null
        ? 'The gateways of another region answered at this name.'
        : `It leads to ${view.otherRegionName}, which is another region's.`,
    fix: facts.isApex
      ? pointingFix(facts)
      : `Change the CNAME record ${name} to the value ${facts.expected.target}.`,
    evidence: { chain: view.chain, address: facts.probe.address },
  });
}

/** The name leads here, but not by its own CNAME target. */
function pointedLoosely(facts: DomainFacts, view: RoutingView): Issue[] {
  if (facts.isApex || needsBoth(facts) || view.reachesTarget) return [];
  const name = panelName(facts.hostname, facts.zone);
  if (view.reachesRegion) {
    return [
      issue('CNAME_OTHER_TARGET', {
        detail:
          'It leads to this region by a target of another claim. It works now, proves nothing, and ends when that target does.',
        fix: `Change the CNAME record ${name} to the value ${facts.expected.target}.`,
        evidence: { chain: view.chain, expected: facts.expected.target },
      }),
    ];
  }
  const addresses = [...valuesOf(facts.a), ...valuesOf(facts.aaaa)];
  return [
    issue('ADDRESS_INSTEAD_OF_CNAME', {
      detail: 'It works now. When our addresses change, a CNAME record follows and this does not.',
      fix: `Remove ${namedRecords('A or AAAA', addresses)} at ${name} and add a CNAME record ${name} with the value ${facts.expected.target}.`,
      evidence: { addresses },
    }),
  ];
}

/** Faults of the CNAME chain itself, wherever it leads. */
function diagnoseChain(facts: DomainFacts, view: RoutingView): Issue[] {
  const name = panelName(facts.hostname, facts.zone);
  const issues: Issue[] = [];
  if (facts.isApex && view.chain.length > 0) {
    issues.push(
      issue('CNAME_AT_APEX', {
        detail: `The DNS allows no CNAME beside the zone's own NS and SOA records; mail and other services of ${facts.zone} break.`,
        fix: `Remove the CNAME record @. ${pointingFix(facts)}`,
        evidence: { chain: view.chain },
      }),
    );
  }
  if (!facts.isApex && facts.cnameSiblings.length > 0) {
    issues.push(
      issue('CNAME_WITH_SIBLINGS', {
        detail: 'Where a CNAME record stands, no other may: which one visitors get is luck.',
        fix: `Remove the ${listed(facts.cnameSiblings)} records at ${name} and keep the CNAME record ${name} alone.`,
        evidence: { siblings: facts.cnameSiblings },
      }),
    );
  }
  if (view.chain.length > CHAIN_LINKS_MAX || new Set(view.chain).size < view.chain.length) {
    issues.push(
      issue('CNAME_CHAIN_TOO_LONG', {
        detail: `Resolvers give up on ${view.chain.length} CNAME records in a row, or on a circle.`,
        fix: `Change the CNAME record ${name} to the value ${facts.expected.target}, without names between.`,
        evidence: { chain: view.chain },
      }),
    );
  }
  return issues;
}
