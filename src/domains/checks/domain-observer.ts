import { randomBytes } from 'node:crypto';
import { lookupCaa } from '../../dns/caa-lookup.js';
import { prevailingChain, type DnsLookup } from '../../dns/dns-lookup.js';
import type { QueryType } from '../../dns/dns-message.js';
import { DnsResolver } from '../../dns/dns-resolver.js';
import { hasFailed, valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import type { ObservedFacts, ObservationRequest } from '../domain-facts.js';
import { HttpProbe } from '../probe/http-probe.js';

const DEADLINE_MS = 6000;

type Ask = (name: string, type: QueryType) => Promise<DnsLookup>;

/** Observes a domain from outside: all DNS lookups at once, then one HTTP probe. It has a deadline and never throws. */
export class DomainObserver {
  constructor(
    private readonly resolver: DnsResolver,
    private readonly probe: HttpProbe,
    private readonly deadlineMs = DEADLINE_MS,
  ) {}

  async observe(request: ObservationRequest): Promise<ObservedFacts> {
    const signal = AbortSignal.timeout(this.deadlineMs);
    const ask: Ask = (name, type) => this.resolver.lookup(name, type, signal);
    const { hostname, zone, expected } = request;
    const [routing, txt, txtDoubled, txtAtName, zoneItself, sibling, caa] = await Promise.all([
      this.#observeRouting(request, ask, signal),
      ask(expected.challengeName, 'TXT'),
      ask(`${expected.challengeName}.${zone}`, 'TXT'),
      ask(hostname, 'TXT'),
      ask(zone, 'A'),
      request.isApex ? null : ask(siblingOf(hostname), 'A'),
      lookupCaa(this.resolver, hostname, signal),
    ]);
    const { a, aaaa, cname, probe } = routing;
    const lookups = [a, aaaa, cname, txt];
    return {
      ...request,
      observedAt: new Date().toISOString(),
      a: a.answer,
      aaaa: aaaa.answer,
      cname: wholeChain(a, aaaa, cname),
      cnameByServer: differing(chainsByServer([cname, a, aaaa])),
      cnameSiblings: [...new Set([a, aaaa, cname, txtAtName].flatMap(({ siblings }) => siblings))],
      txt: txt.answer,
      txtByServer: differing(valuesByServer(txt)),
      txtDoubled: txtDoubled.answer,
      txtAtName: txtAtName.answer,
      caa,
      zoneStatus: zoneStatusOf(zoneItself.answer),
      wildcard: sibling !== null && isSameAnswer(a, sibling),
      disagreement: lookups.some(({ disagreement }) => disagreement),
      dnssecBogus: lookups.some(({ dnssecBogus }) => dnssecBogus),
      clockSkewSeconds: null,
      probe,
    };
  }

  async #observeRouting(request: ObservationRequest, ask: Ask, signal: AbortSignal) {
    const { hostname, expected } = request;
    const [a, aaaa, cname] = await Promise.all([
      ask(hostname, 'A'),
      ask(hostname, 'AAAA'),
      ask(hostname, 'CNAME'),
    ]);
    const addresses = [...valuesOf(aaaa.answer), ...valuesOf(a.answer)];
    const { ingressAddresses } = expected;
    const probe = await this.probe.probe({ hostname, addresses, ingressAddresses }, signal);
    return { a, aaaa, cname, probe };
  }
}

/** A random name with the same parent: only a wildcard record answers for it. */
function siblingOf(hostname: string): string {
  return `${randomBytes(8).toString('hex')}${hostname.slice(hostname.indexOf('.'))}`;
}

/** The address lookups return the whole chain; the CNAME lookup returns its first link even if they fail. */
function wholeChain(a: DnsLookup, aaaa: DnsLookup, cname: DnsLookup): DnsAnswer<string> {
  const lookups = [cname, a, aaaa] as const;
  const chain = prevailingChain(chainsByServer(lookups));
  const { answer } = cname;
  if (chain.length > 0) {
    const ttlSeconds = answer.status === 'ok' ? answer.ttlSeconds : null;
    return { status: 'ok', values: [...chain], ttlSeconds };
  }
  // One answer without a CNAME record is enough to know that there is none.
  if (lookups.some((lookup) => lookup.answer.status === 'nxdomain')) return { status: 'nxdomain' };
  return lookups.every((lookup) => hasFailed(lookup.answer)) ? answer : { status: 'nodata' };
}

/** For each server that answered, the longest chain of its answers; empty: it has no CNAME record. */
function chainsByServer(lookups: readonly [DnsLookup, DnsLookup, DnsLookup]): string[][] {
  return lookups[0].byServer.flatMap((_, server) => {
    const findings = lookups.flatMap(({ byServer }) => byServer[server] ?? []);
    const [chain = []] = findings
      .map((finding) => finding.chain)
      .toSorted((one, other) => other.length - one.length);
    const hasAnswered = chain.length > 0 || findings.some(({ answer }) => !hasFailed(answer));
    return hasAnswered ? [[...chain]] : [];
  });
}

function valuesByServer({ byServer }: DnsLookup): string[][] {
  return byServer
    .filter(({ answer }) => !hasFailed(answer))
    .map(({ answer }) => valuesOf(answer).toSorted());
}

/** Most servers agree, and then the merged answer is enough. */
function differing(byServer: string[][]): string[][] {
  return new Set(byServer.map((values) => JSON.stringify(values))).size > 1 ? byServer : [];
}

/** The apex of a zone always exists: NXDOMAIN there means that the zone does not exist. */
function zoneStatusOf(answer: DnsAnswer<string>): ObservedFacts['zoneStatus'] {
  if (answer.status === 'nxdomain') return 'nxdomain';
  return answer.status === 'ok' || answer.status === 'nodata' ? 'exists' : 'unknown';
}

function isSameAnswer(one: DnsLookup, other: DnsLookup): boolean {
  if (one.chain.length > 0 || other.chain.length > 0) {
    return one.chain.join() === other.chain.join();
  }
  const values = sortedValues(one);
  return values !== '' && values === sortedValues(other);
}

function sortedValues({ answer }: DnsLookup): string {
  return valuesOf(answer).toSorted().join();
}
