import { hasFailed, valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import { prevailingChain, type DnsLookup } from '../../dns/dns-lookup.js';

/** The look-ups of one name, by the type of the records. */
export interface RoutingLookups {
  readonly a: DnsLookup;
  readonly aaaa: DnsLookup;
  readonly cname: DnsLookup;
}

/** The address lookups return the whole chain; the CNAME lookup returns its first link even if they fail. */
export function wholeChain({ a, aaaa, cname }: RoutingLookups): DnsAnswer<string> {
  const lookups = [cname, a, aaaa];
  const chain = prevailingChain(chainsByServer({ a, aaaa, cname }));
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
export function chainsByServer({ a, aaaa, cname }: RoutingLookups): string[][] {
  return cname.byServer.flatMap((_, server) => {
    const findings = [cname, a, aaaa].flatMap(({ byServer }) => byServer[server] ?? []);
    const [chain = []] = findings
      .map((finding) => finding.chain)
      .toSorted((one, other) => other.length - one.length);
    const hasAnswered = chain.length > 0 || findings.some(({ answer }) => !hasFailed(answer));
    return hasAnswered ? [[...chain]] : [];
  });
}

/** For each server that answered, its values. */
export function valuesByServer({ byServer }: DnsLookup): string[][] {
  return byServer
    .filter(({ answer }) => !hasFailed(answer))
    .map(({ answer }) => valuesOf(answer).toSorted());
}

/** Empty if all servers agree, as most do: then the merged answer is enough. */
export function differing(byServer: string[][]): string[][] {
  return new Set(byServer.map((values) => JSON.stringify(values))).size > 1 ? byServer : [];
}

/** Whether the other name, which only a wildcard record answers for, has the same records. */
export function isSameAnswer(one: DnsLookup, other: DnsLookup): boolean {
  if (one.chain.length > 0 || other.chain.length > 0) {
    return one.chain.join() === other.chain.join();
  }
  const values = sortedValues(one);
  return values !== '' && values === sortedValues(other);
}

function sortedValues({ answer }: DnsLookup): string {
  return valuesOf(answer).toSorted().join();
}
