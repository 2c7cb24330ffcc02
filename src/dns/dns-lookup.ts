import { foundAnswer, hasFailed, type DnsAnswer } from './dns-answer.js';
import type { DnsFinding } from './dns-finding.js';

/** The finding of one server. */
export interface ServerFinding extends DnsFinding {
  /** The server answers only while it does not check DNSSEC signatures. */
  readonly dnssecBogus: boolean;
}

/** The findings of all servers, merged. */
export interface DnsLookup extends ServerFinding {
  /** Servers answered differently. */
  readonly disagreement: boolean;
  /** In the order of the configuration. */
  readonly byServer: readonly ServerFinding[];
}

type Status = DnsAnswer<string>['status'];

/** If no answer is `ok`, the first of these statuses is the merged one. */
const BY_WEIGHT: readonly Status[] = [
  'nodata',
  'nxdomain',
  'servfail',
  'refused',
  'timeout',
  'error',
  'unasked',
];

/**
 * An answer takes precedence over a failure. Of different answers all values are kept and `disagreement` is set, so
 * a record that only one server has yet is found. What one server says proves nothing against the others: a decision
 * that must not depend on one counts `byServer`.
 */
export function mergeFindings(findings: readonly ServerFinding[]): DnsLookup {
  const answered = findings.filter(({ answer }) => !hasFailed(answer));
  return {
    answer: mergeAnswers(findings.map(({ answer }) => answer)),
    chain: prevailingChain(findings.map(({ chain }) => chain)),
    siblings: [...new Set(findings.flatMap(({ siblings }) => siblings))],
    disagreement: new Set(answered.map(fingerprint)).size > 1,
    // One is enough: a CA whose resolver checks signatures fails, even if other resolvers do not check them.
    dnssecBogus: findings.some(({ dnssecBogus }) => dnssecBogus),
    byServer: findings,
  };
}

/** All values; if there are none, the weightiest status. */
export function mergeAnswers(answers: readonly DnsAnswer<string>[]): DnsAnswer<string> {
  const found = answers.filter((answer) => answer.status === 'ok');
  if (found.length > 0)
    return foundAnswer(
      found.flatMap(({ values }) => values),
      found.map(({ ttlSeconds }) => ttlSeconds),
    );
  const byWeight = answers.toSorted(
    (one, other) => BY_WEIGHT.indexOf(one.status) - BY_WEIGHT.indexOf(other.status),
  );
  return byWeight[0] ?? { status: 'error' };
}

/** NXDOMAIN and NODATA count as the same answer: servers confuse them. */
function fingerprint({ answer, chain }: ServerFinding): string {
  return answer.status === 'ok' ? JSON.stringify([chain, answer.values.toSorted()]) : 'absent';
}

/** The chain that most servers found, and of equally many the longest. Servers that found none do not count. */
export function prevailingChain(chains: readonly (readonly string[])[]): readonly string[] {
  const votes = (chain: readonly string[]) =>
    chains.filter((other) => other.join() === chain.join()).length;
  const [first = []] = chains
    .filter((chain) => chain.length > 0)
    .toSorted((one, other) => votes(other) - votes(one) || other.length - one.length);
  return first;
}
