import { offersPersist } from '../../dns/persist-accounts.js';
import { persistName } from '../../dns/persist-record.js';
import { lookupCaa } from '../../dns/caa-lookup.js';
import { mergeAnswers, type DnsLookup } from '../../dns/dns-lookup.js';
import { DnsResolver } from '../../dns/dns-resolver.js';
import { valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import type { ObservedFacts, ObservationRequest, ProbeFacts } from '../domain-facts.js';
import { lookUpAcmeChallenge } from './acme-challenge.js';
import {
  chainsByServer,
  differing,
  isSameAnswer,
  valuesByServer,
  wholeChain,
  type RoutingLookups,
} from './dns-chains.js';
import { findCauses, siblingOf, type Ask } from './misplaced-records.js';
import { HttpProbe } from '../probe/http-probe.js';
import { Clock } from '../../shared/clock.js';

const DEADLINE_MS = 6000;

/** Observes a domain from outside: all DNS lookups at once, then one HTTP probe. It has a deadline and never throws. */
export class DomainObserver {
  constructor(
    private readonly resolver: DnsResolver,
    private readonly probe: HttpProbe,
    private readonly clock: Clock,
    private readonly deadlineMs = DEADLINE_MS,
  ) {}

  async observe(request: ObservationRequest): Promise<ObservedFacts> {
    const signal = AbortSignal.timeout(this.deadlineMs);
    const ask: Ask = (name, type) => this.resolver.lookup(name, type, signal);
    const { hostname, zone, expected } = request;
    const routing = lookUpRouting(hostname, ask);
    const probe = routing.then(({ a, aaaa }) => this.#probe(request, [aaaa, a], signal));
    const [name, txt, txtDoubled, zoneItself, sibling, pair, caa, acmeChallenge, persist] =
      await Promise.all([
        lookUpName(hostname, routing, ask),
        ask(expected.challengeName, 'TXT'),
        ask(`${expected.challengeName}.${zone}`, 'TXT'),
        ask(zone, 'A'),
        request.isApex ? null : lookUpSibling(hostname, ask),
        lookUpPair(request, ask),
        lookupCaa(this.resolver, hostname, signal),
        lookUpAcmeChallenge(request, ask),
        offersPersist(request.cas) ? ask(persistName(hostname), 'TXT') : null,
      ]);
    const { a, aaaa, cname } = name;
    const chain = wholeChain(name);
    const causes = await findCauses({ request, chain: valuesOf(chain), txt, ...name }, ask);
    const lookups = [a, aaaa, cname, txt];
    return {
      ...request,
      observedAt: this.clock.now().toISOString(),
      a: a.answer,
      aaaa: aaaa.answer,
      cname: chain,
      cnameByServer: differing(chainsByServer(name)),
      txt: txt.answer,
      txtByServer: differing(valuesByServer(txt)),
      txtChain: [...txt.chain],
      txtDoubled: txtDoubled.answer,
      txtAtName: name.txtAtName.answer,
      mx: name.mx.answer,
      ...causes,
      cnameSiblings: siblingTypes(name, chain, causes.ownTypes),
      caa,
      acmeChallenge,
      persist: persist?.answer ?? { status: 'unasked' },
      ...pair,
      zoneStatus: zoneStatusOf(zoneItself.answer),
      wildcard: sibling !== null && isWildcard(name, sibling),
      disagreement: lookups.some(({ disagreement }) => disagreement),
      dnssecBogus: lookups.some(({ dnssecBogus }) => dnssecBogus),
      clockSkewSeconds: null,
      probe: await probe,
    };
  }

  #probe(
    { hostname, expected }: ObservationRequest,
    lookups: readonly DnsLookup[],
    signal: AbortSignal,
  ): Promise<ProbeFacts> {
    const addresses = lookups.flatMap(({ answer }) => valuesOf(answer));
    const { ingressAddresses } = expected;
    return this.probe.probe({ hostname, addresses, ingressAddresses }, signal);
  }
}

async function lookUpRouting(hostname: string, ask: Ask): Promise<RoutingLookups> {
  const [a, aaaa, cname] = await Promise.all([
    ask(hostname, 'A'),
    ask(hostname, 'AAAA'),
    ask(hostname, 'CNAME'),
  ]);
  return { a, aaaa, cname };
}

async function lookUpName(hostname: string, routing: Promise<RoutingLookups>, ask: Ask) {
  const [txtAtName, mx] = await Promise.all([ask(hostname, 'TXT'), ask(hostname, 'MX')]);
  return { ...(await routing), txtAtName, mx };
}

/** Only a wildcard record answers for it. */
async function lookUpSibling(hostname: string, ask: Ask) {
  const sibling = siblingOf(hostname);
  const [a, aaaa] = await Promise.all([ask(sibling, 'A'), ask(sibling, 'AAAA')]);
  return { a, aaaa };
}

async function lookUpPair(
  { pairName }: ObservationRequest,
  ask: Ask,
): Promise<Pick<ObservedFacts, 'pairAddresses' | 'pairChain'>> {
  if (pairName === null) return { pairAddresses: { status: 'unasked' }, pairChain: [] };
  const [a, aaaa] = await Promise.all([ask(pairName, 'A'), ask(pairName, 'AAAA')]);
  return { pairAddresses: mergeAnswers([a.answer, aaaa.answer]), pairChain: [...a.chain] };
}

function isWildcard(
  { a, aaaa }: RoutingLookups,
  sibling: Pick<RoutingLookups, 'a' | 'aaaa'>,
): boolean {
  const isIpv6Only = a.chain.length === 0 && valuesOf(a.answer).length === 0;
  return isIpv6Only ? isSameAnswer(aaaa, sibling.aaaa) : isSameAnswer(a, sibling.a);
}

/**
 * Types of the records beside the CNAME record. Some name servers show both in one answer; others give those of the
 * type that was asked for, as if there were no CNAME record.
 */
function siblingTypes(
  lookups: Awaited<ReturnType<typeof lookUpName>>,
  chain: DnsAnswer<string>,
  ownTypes: readonly string[],
): string[] {
  const shown = Object.values(lookups).flatMap(({ siblings }) => siblings);
  const hidden = valuesOf(chain).length > 0 ? ownTypes : [];
  return [...new Set([...shown, ...hidden])];
}

/** The apex of a zone always exists: NXDOMAIN there means that the zone does not exist. */
function zoneStatusOf(answer: DnsAnswer<string>): ObservedFacts['zoneStatus'] {
  if (answer.status === 'nxdomain') return 'nxdomain';
  return answer.status === 'ok' || answer.status === 'nodata' ? 'exists' : 'unknown';
}
