import { randomBytes } from 'node:crypto';
import { hasFailed, valuesOf } from '../../dns/dns-answer.js';
import type { DnsLookup } from '../../dns/dns-lookup.js';
import type { QueryType } from '../../dns/dns-message.js';
import { isAtOrUnder, nameAndAncestors, normalisedName } from '../../dns/dns-name.js';
import { matchesChallenge } from '../diagnosis/challenge-text.js';
import type { ObservationRequest, ObservedFacts } from '../domain-facts.js';
import { isSameAnswer, type RoutingLookups } from './dns-chains.js';

export type Ask = (name: string, type: QueryType) => Promise<DnsLookup>;

/** What the first look-ups found. */
export interface FirstLook extends RoutingLookups {
  readonly request: ObservationRequest;
  /** The CNAME records of the name that were followed. */
  readonly chain: readonly string[];
  readonly txt: DnsLookup;
  readonly txtAtName: DnsLookup;
  readonly mx: DnsLookup;
}

type NameServers = Pick<ObservedFacts, 'nameServers' | 'nameServersOf'>;

type Causes = NameServers &
  Pick<
    ObservedFacts,
    'cnameFollowed' | 'routingFoundAt' | 'txtWildcard' | 'txtFoundAt' | 'ownTypes'
  >;

const UNKNOWN: NameServers = { nameServers: [], nameServersOf: null };

const LINKS_MAX = 16;
/** Of a name of ten labels, the ones next to it and the zone are enough. */
const ANCESTORS_MAX = 4;

/** Looks for the reason why a record is missing. A name with the right records costs no look-up. */
export async function findCauses(seen: FirstLook, ask: Ask): Promise<Causes> {
  const isRouted = isRoutedHere(seen);
  const isProven = hasChallenge(seen.request, seen.txt);
  const nothing: Promise<string[]> = Promise.resolve([]);
  const [cnameFollowed, routingFoundAt, txtWildcard, txtFoundAt, ownTypes, nameServers] =
    await Promise.all([
      followChain(seen, ask),
      isRouted ? nothing : findRouting(seen.request, ask),
      isProven ? false : isTxtWildcard(seen, ask),
      isProven ? nothing : findChallenge(seen.request, ask),
      findOwnTypes(seen, ask),
      isRouted && isProven ? UNKNOWN : findNameServers(seen.request, ask),
    ]);
  return { cnameFollowed, routingFoundAt, txtWildcard, txtFoundAt, ownTypes, ...nameServers };
}

/** A random name with the same parent: only a wildcard record answers for it. */
export function siblingOf(name: string): string {
  return `${randomBytes(8).toString('hex')}${name.slice(name.indexOf('.'))}`;
}

function isRoutedHere({ request, chain, a, aaaa }: FirstLook): boolean {
  const { target, ingressAddresses } = request.expected;
  if (!request.isApex) return chain.map(normalisedName).includes(target);
  return [a, aaaa].some(({ answer }) =>
    valuesOf(answer).some((address) => ingressAddresses.includes(address)),
  );
}

function hasChallenge({ expected }: ObservationRequest, { answer }: DnsLookup): boolean {
  return valuesOf(answer).some((text) => matchesChallenge(text, expected.challengeValue));
}

/**
 * A resolver gives no addresses for CNAME records in a circle, nor for those that lead to a zone that fails, and not
 * always the CNAME records that it has followed.
 */
async function followChain({ request, chain, a, aaaa }: FirstLook, ask: Ask): Promise<string[]> {
  const hasAddress = valuesOf(a.answer).length + valuesOf(aaaa.answer).length > 0;
  if (chain.length === 0 || hasAddress || !(hasFailed(a.answer) || hasFailed(aaaa.answer)))
    return [];
  const names = [request.hostname, ...chain].map(normalisedName);
  const followed: string[] = [];
  while (names.length <= LINKS_MAX && new Set(names).size === names.length) {
    const { answer } = await ask(names.at(-1) ?? request.hostname, 'CNAME');
    const [next] = valuesOf(answer);
    if (next === undefined) break;
    followed.push(next);
    names.push(normalisedName(next));
  }
  return followed;
}

/** Names at which people make the routing record by mistake. */
async function findRouting(request: ObservationRequest, ask: Ask): Promise<string[]> {
  const { hostname, zone, isApex, expected } = request;
  const names = isApex
    ? [`${hostname}.${zone}`]
    : [`${hostname}.${zone}`, `${hostname}.${hostname}`, ...ancestorsOf(request)];
  const wanted = isApex ? expected.ingressAddresses : [expected.target];
  const isWanted = ({ answer }: DnsLookup) =>
    valuesOf(answer).some((value) => wanted.includes(normalisedName(value)));
  const type = isApex ? 'A' : 'CNAME';
  const [wildcard, ...lookups] = await Promise.all([
    ask(siblingOf(`x.${zone}`), type),
    ...names.map((name) => ask(name, type)),
  ]);
  // A wildcard record of the zone answers for every name.
  if (wildcard !== undefined && isWanted(wildcard)) return [];
  return names.filter((_, at) => isWanted(lookups[at] as DnsLookup));
}

/** Names at which people make the TXT record by mistake, besides those of the first look. */
async function findChallenge(request: ObservationRequest, ask: Ask): Promise<string[]> {
  const { hostname, expected } = request;
  const [label = ''] = expected.challengeName.split('.', 1);
  const above = ancestorsOf(request);
  const names = [
    `${expected.challengeName}.${hostname}`,
    ...above.map((name) => `${label}.${name}`),
    ...above,
    // Without the underscore, which some panels refuse, and without the part of this claim.
    `${label.slice(1)}.${hostname}`,
    `${label.slice(0, label.lastIndexOf('-'))}.${hostname}`,
  ];
  const unique = [...new Set(names)];
  const lookups = await Promise.all(unique.map((name) => ask(name, 'TXT')));
  return unique.filter((_, at) => hasChallenge(request, lookups[at] as DnsLookup));
}

async function isTxtWildcard({ request, txt }: FirstLook, ask: Ask): Promise<boolean> {
  if (txt.chain.length === 0 && valuesOf(txt.answer).length === 0) return false;
  return isSameAnswer(txt, await ask(siblingOf(request.expected.challengeName), 'TXT'));
}

/** MX and TXT records of the name itself. Those of a wildcard record are in nobody's way. */
async function findOwnTypes({ request, mx, txtAtName }: FirstLook, ask: Ask): Promise<string[]> {
  const found = await Promise.all(
    (
      [
        ['MX', mx],
        ['TXT', txtAtName],
      ] as const
    ).map(async ([type, lookup]) => {
      if (lookup.chain.length > 0 || valuesOf(lookup.answer).length === 0) return [];
      if (request.isApex) return [type];
      return isSameAnswer(lookup, await ask(siblingOf(request.hostname), type)) ? [] : [type];
    }),
  );
  return found.flat();
}

/** Those of the name or of the nearest name above it that has any, up to the registrable domain. */
async function findNameServers(request: ObservationRequest, ask: Ask): Promise<NameServers> {
  const names = request.isApex ? [request.zone] : [request.hostname, ...ancestorsOf(request)];
  const lookups = await Promise.all(names.map((name) => ask(name, 'NS')));
  const at = lookups.findIndex(
    ({ answer, chain }) => chain.length === 0 && valuesOf(answer).length > 0,
  );
  const found = lookups[at];
  if (found === undefined) return UNKNOWN;
  const nameServers = valuesOf(found.answer).map(normalisedName).toSorted();
  return { nameServers, nameServersOf: names[at] ?? null };
}

/** The names above the name, up to the registrable domain, nearest first. */
function ancestorsOf({ hostname, zone }: ObservationRequest): string[] {
  const above = nameAndAncestors(hostname)
    .slice(1)
    .filter((name) => isAtOrUnder(name, zone));
  return above.length <= ANCESTORS_MAX ? above : [...above.slice(0, ANCESTORS_MAX - 1), zone];
}
