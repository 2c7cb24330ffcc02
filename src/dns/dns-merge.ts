import { hasFailed, type DnsAnswer } from './dns-answer.js';
import type { DnsFinding, DnsLookup } from './dns-finding.js';

type Said = DnsFinding & { readonly dnssecBogus: boolean };
type Status = DnsAnswer<string>['status'];

/** Of several that are not `ok`, the one that says most. */
const BY_WEIGHT: readonly Status[] = [
  'nodata',
  'nxdomain',
  'servfail',
  'refused',
  'timeout',
  'error',
];

/**
 * What several servers said, as one. An answer wins over a failure; of different answers all values count,
 * and the difference is noted. So a record that one server has not yet is there, and flagged.
 */
export function mergeFindings(said: readonly Said[]): DnsLookup {
  const answered = said.filter(({ answer }) => !hasFailed(answer));
  return {
    answer: mergeAnswers(said.map(({ answer }) => answer)),
    chain: longest(said.map(({ chain }) => chain)),
    siblings: [...new Set(said.flatMap(({ siblings }) => siblings))],
    disagreement: new Set(answered.map(fingerprint)).size > 1,
    // One server that does not check signatures is no comfort to a CA that does.
    dnssecBogus: said.some(({ dnssecBogus }) => dnssecBogus),
  };
}

function mergeAnswers(answers: readonly DnsAnswer<string>[]): DnsAnswer<string> {
  const found = answers.filter((answer) => answer.status === 'ok');
  if (found.length > 0) {
    const ttls = found.flatMap(({ ttlSeconds }) => ttlSeconds ?? []);
    return {
      status: 'ok',
      values: [...new Set(found.flatMap(({ values }) => values))],
      ttlSeconds: ttls.length > 0 ? Math.min(...ttls) : null,
    };
  }
  const byWeight = answers.toSorted(
    (one, other) => BY_WEIGHT.indexOf(one.status) - BY_WEIGHT.indexOf(other.status),
  );
  return byWeight[0] ?? { status: 'error' };
}

/** "There is no such name" and "it has no such record" mean the same to us: servers confuse them. */
function fingerprint({ answer, chain }: Said): string {
  return answer.status === 'ok' ? JSON.stringify([chain, answer.values.toSorted()]) : 'absent';
}

function longest(chains: readonly (readonly string[])[]): readonly string[] {
  return chains.reduce((best, chain) => (chain.length > best.length ? chain : best), []);
}
