import { CLOUDFLARE, findProxy } from './proxy-networks.js';
import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import { isAtOrUnder, normalisedName } from '../../dns/dns-name.js';
import type { DomainFacts } from '../domain-facts.js';
import { addressKind, canonicalAddress } from '../../shared/ip-address.js';
import type { RoutingState } from '../routing.js';

/** The routing facts, classified for state, records and issues. Addresses are canonical, names normalised. */
export interface RoutingView {
  readonly state: RoutingState;
  readonly chain: readonly string[];
  readonly ours: readonly string[];
  readonly foreign: readonly string[];
  /** The addresses of `foreign` in private networks. */
  readonly privateForeign: readonly string[];
  readonly proxy: string | null;
  /** The chain contains this claim's own target. */
  readonly reachesTarget: boolean;
  /** The chain contains a name of this region's zone. */
  readonly reachesRegion: boolean;
  readonly otherRegionName: string | null;
  /** The first name of the chain that is a host of the service itself, or the bare parent of all targets. */
  readonly ownHost: string | null;
  /** The CNAME records lead in a circle: its names, the first one repeated at the end. */
  readonly circle: readonly string[] | null;
  /** The addresses are the proxy's own. The records behind it cannot be seen. */
  readonly isHidden: boolean;
  /** By DNS alone, without the probe. */
  readonly isOursByDns: boolean;
}

/** The probe was answered by a server that is no gateway. */
const FOREIGN_ANSWERS: readonly DomainFacts['probe']['status'][] = [
  'http_error',
  'html',
  'redirected',
  'redirect_loop',
  'redirect_bad_port',
];

export function viewRouting(facts: DomainFacts): RoutingView {
  const { expected, probe } = facts;
  const chain = valuesOf(facts.cname).map(normalisedName);
  const reachesRegion = chain.some((name) =>
    isAtOrUnder(name, normalisedName(expected.ingressSuffix)),
  );
  const own = new Set(expected.ingressAddresses.map(canonicalAddress));
  const addresses = [...valuesOf(facts.a), ...valuesOf(facts.aaaa)].map(canonicalAddress);
  // An address behind a name of our own zone is ours, even if it is not configured as one.
  const isOurs = (address: string) => reachesRegion || own.has(address);
  const foreign = addresses.filter((address) => !isOurs(address));
  const seen = {
    chain,
    reachesRegion,
    reachesTarget: chain.includes(normalisedName(expected.target)),
    otherRegionName:
      chain.find(
        (name) =>
          expected.otherHosts.includes(name) ||
          expected.otherIngressSuffixes.some((suffix) => isAtOrUnder(name, normalisedName(suffix))),
      ) ?? null,
    ownHost:
      chain.find((name) => [...expected.ownHosts, expected.ingressSuffix].includes(name)) ?? null,
    circle: circleOf([facts.hostname, ...chain, ...facts.cnameFollowed].map(normalisedName)),
    ours: addresses.filter(isOurs),
    foreign,
    privateForeign: foreign.filter((address) => addressKind(address) === 'private'),
    isOursByDns: addresses.length > 0 && foreign.length === 0,
    proxy: proxyOf(facts, foreign, chain),
  };
  return {
    ...seen,
    state: stateOf(facts, seen),
    proxy: seen.proxy ?? unnamedProxy(seen, probe),
    isHidden: seen.proxy === CLOUDFLARE && chain.length === 0,
  };
}

type Seen = Omit<RoutingView, 'state' | 'isHidden'>;

function stateOf(facts: DomainFacts, seen: Seen): RoutingState {
  const { probe } = facts;
  // A name of another region's zone decides, even if one process answers for both regions.
  if (seen.otherRegionName !== null && !seen.reachesRegion) return 'wrong_region';
  if (probe.status === 'other_region') return 'wrong_region';
  if (seen.ours.length === 0 && seen.foreign.length === 0) return stateWithoutAddress(facts, seen);
  if (seen.ours.length > 0 && seen.foreign.length > 0) return 'mixed';
  if (seen.isOursByDns) return FOREIGN_ANSWERS.includes(probe.status) ? 'elsewhere' : 'pointed';
  // Not our address, but our answer: a proxy passes requests on to us.
  return seen.proxy !== null || probe.status === 'ours' ? 'proxied' : 'elsewhere';
}

function stateWithoutAddress(facts: DomainFacts, seen: Seen): RoutingState {
  if (seen.circle !== null) return 'elsewhere';
  // The lookup that failed may have the address.
  if (hasFailed(facts.a) || hasFailed(facts.aaaa)) return 'unknown';
  return seen.chain.length > 0 && !seen.reachesRegion ? 'elsewhere' : 'not_pointed';
}

function circleOf(names: readonly string[]): string[] | null {
  const end = names.findIndex((name, at) => names.indexOf(name) < at);
  return end < 0 ? null : names.slice(names.indexOf(names[end] ?? ''), end + 1);
}

function proxyOf(facts: DomainFacts, foreign: string[], chain: string[]): string | null {
  if (foreign.length === 0) return null;
  const { address, server } = facts.probe;
  const isForeign = address !== null && foreign.includes(canonicalAddress(address));
  return findProxy({ addresses: foreign, chain, server: isForeign ? server : null });
}

function unnamedProxy(seen: Seen, probe: DomainFacts['probe']): string | null {
  const isPassedOn = seen.foreign.length > 0 && seen.ours.length === 0 && probe.status === 'ours';
  return isPassedOn ? 'A proxy' : null;
}

export function isCloudflare(view: RoutingView): boolean {
  return view.proxy === CLOUDFLARE;
}
