import { isIPv6 } from 'node:net';
import { diagnoseCname, otherTarget } from './diagnose-cname.js';
import { diagnoseMisplaced } from './diagnose-misplaced.js';
import { providerOf } from './dns-provider.js';
import { diagnoseProbe } from './diagnose-probe.js';
import { needsBoth, typesInTheWay } from './ownership-proof.js';
import { diagnoseProxy } from './diagnose-proxy.js';
import { diagnoseAddresses } from './diagnose-addresses.js';
import { viewRouting, type RoutingView } from './routing-view.js';
import type { DnsRecordAdvice, Issue } from './diagnosis.js';
import { valuesOf } from '../../dns/dns-answer.js';
import type { DomainFacts } from '../domain-facts.js';
import { issue } from './issue-catalogue.js';
import {
  listed,
  namedRecords,
  panelName,
  pointingFix,
  takesAddresses,
  whereToMake,
} from './record-wording.js';
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
    ...diagnoseCause(facts, view, isZoneBroken),
    ...diagnoseProbe(facts, view),
  ];
  const main = recordRef(records, 'routing');
  return issues.map((each) => {
    const type = each.code === 'AAAA_CONFLICT' ? 'AAAA' : cnameCodes.has(each.code) ? 'CNAME' : '';
    const ref = recordRef(records, 'routing', type) ?? main;
    return each.owner === 'operator' ? each : { ...each, fix: { ...each.fix, recordRef: ref } };
  });
}

const cnameCodes = new Set<string>([
  'CNAME_AT_APEX',
  'CNAME_WITH_SIBLINGS',
  'CNAME_ELSEWHERE',
  'CNAME_LOOP',
  'CNAME_UNRESOLVED',
  'CNAME_VALUE_DOUBLED',
  'CNAME_VALUE_URL',
]);

/** A fault of the records themselves explains the state. */
function diagnoseCause(facts: DomainFacts, view: RoutingView, isZoneBroken: boolean): Issue[] {
  const leadsHere = view.state === 'pointed' || view.state === 'proxied';
  const value = leadsHere ? null : diagnoseCname(facts, view);
  if (value !== null) return [value];
  const state = diagnoseState(facts, view, isZoneBroken);
  const misplaced = leadsHere || isZoneBroken ? null : diagnoseMisplaced(facts, view);
  if (misplaced === null) return state;
  return [misplaced, ...state.filter(({ code }) => code !== 'NO_RECORDS')];
}

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
      detail: `Neither a CNAME nor an address record was found at ${facts.hostname}.${whereToMake(facts)}`,
      fix: pointingFix(facts),
      evidence: {
        a: facts.a.status,
        aaaa: facts.aaaa.status,
        cname: facts.cname.status,
        nameServers: facts.nameServers,
        provider: providerOf(facts.nameServers),
      },
    }),
  ];
}

function wrongRegion(facts: DomainFacts, view: RoutingView): Issue {
  return issue('CNAME_STALE_REGION', {
    detail:
      view.otherRegionName === null
        ? 'The gateways of another region answered at this name.'
        : `It leads to ${view.otherRegionName}, which is another region's.`,
    fix: wrongRegionFix(facts, view),
    evidence: { chain: view.chain, address: facts.probe.address },
  });
}

function wrongRegionFix(facts: DomainFacts, view: RoutingView): string {
  const name = panelName(facts.hostname, facts.zone);
  const isOwnRecord = view.chain.length > 0 || view.isHidden;
  if (facts.wildcard) return pointingFix(facts);
  if (!takesAddresses(facts) && isOwnRecord)
    return `Change the CNAME record ${name} to the value ${facts.expected.target}.`;
  const removal = view.isHidden ? '' : `Remove ${addressRecords(facts)} at ${name}. `;
  return `${removal}${pointingFix(facts)}`;
}

/** The name leads here, but not by its own CNAME target. */
function pointedLoosely(facts: DomainFacts, view: RoutingView): Issue[] {
  if (isIpv6Only(facts, view)) return [withoutIpv4(facts)];
  if (takesAddresses(facts) || needsBoth(facts) || view.reachesTarget) return [];
  if (view.chain.length > 0) return [otherTarget(facts, view)];
  // Beside MX or TXT records no CNAME record can stand: address records are right there.
  if (typesInTheWay(facts).length > 0) return [];
  const name = panelName(facts.hostname, facts.zone);
  return [
    issue('ADDRESS_INSTEAD_OF_CNAME', {
      detail:
        'It works now. When our addresses change, a CNAME record follows and an address does not. An ALIAS record, or a CNAME record that your provider shows as addresses, may stay.',
      fix: facts.wildcard
        ? pointingFix(facts)
        : `Remove ${addressRecords(facts)} at ${name} and add a CNAME record ${name} with the value ${facts.expected.target}.`,
      evidence: { addresses: [...valuesOf(facts.a), ...valuesOf(facts.aaaa)] },
    }),
  ];
}

/** Only AAAA records, although the region has an IPv4 address. Behind a CNAME record they are not the customer's. */
function isIpv6Only(facts: DomainFacts, view: RoutingView): boolean {
  const isAnswered = facts.a.status === 'nodata' || facts.a.status === 'nxdomain';
  const hasIpv4 = facts.expected.ingressAddresses.some((each) => !isIPv6(each));
  return view.chain.length === 0 && isAnswered && hasIpv4;
}

function withoutIpv4(facts: DomainFacts): Issue {
  const name = panelName(facts.hostname, facts.zone);
  return issue('A_MISSING', {
    detail: `Only ${addressRecords(facts)} was found: visitors whose network has no IPv6 do not get here.`,
    fix:
      takesAddresses(facts) || facts.wildcard
        ? pointingFix(facts)
        : `Remove ${addressRecords(facts)} at ${name} and add a CNAME record ${name} with the value ${facts.expected.target}.`,
    evidence: { addresses: valuesOf(facts.aaaa) },
  });
}

/** `the A record 192.0.2.1 and the AAAA record 2001:db8::1` */
function addressRecords(facts: DomainFacts): string {
  const [v4, v6] = [valuesOf(facts.a), valuesOf(facts.aaaa)];
  return listed([
    ...(v4.length > 0 ? [namedRecords('A', v4)] : []),
    ...(v6.length > 0 ? [namedRecords('AAAA', v6)] : []),
  ]);
}

function siblingDetail({ cnameSiblings, hostname }: DomainFacts): string {
  const detail = 'Where a CNAME record stands, no other may: which one visitors get is luck.';
  return cnameSiblings.includes('MX')
    ? `${detail} Mail to addresses at ${hostname} needs another name.`
    : detail;
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
        detail: siblingDetail(facts),
        fix: `Remove the ${listed(facts.cnameSiblings)} records at ${name} and keep the CNAME record ${name} alone.`,
        evidence: { siblings: facts.cnameSiblings },
      }),
    );
  }
  if (view.circle === null && view.chain.length > CHAIN_LINKS_MAX) {
    issues.push(
      issue('CNAME_CHAIN_TOO_LONG', {
        detail: `Resolvers give up on ${view.chain.length} CNAME records in a row.`,
        fix: `Change the CNAME record ${name} to the value ${facts.expected.target}, without names between.`,
        evidence: { chain: view.chain },
      }),
    );
  }
  return issues;
}
