import { valuesOf, type DnsAnswer } from '../../dns/dns-answer.js';
import { displayNameOf } from '../../domains/domain-name.js';
import { providerOf } from '../../domains/diagnosis/dns-provider.js';
import { hostingZone } from '../../domains/diagnosis/record-wording.js';
import { viewRouting } from '../../domains/diagnosis/routing-view.js';
import type { DryRun } from '../../domains/domains.service.js';
import type { LookLines } from './views/domains-page.js';

/** What is at a name before it is added: its records, whether they are in use, and where they are kept. Pure. */
export function lookLinesOf({ domain, facts }: DryRun): LookLines {
  const { a, aaaa, cname, mx, txtAtName, nameServers } = facts;
  const answers: [type: string, answer: DnsAnswer<string>][] = [
    ['CNAME', cname],
    ['A', a],
    ['AAAA', aaaa],
    ['MX', mx],
    ['TXT', txtAtName],
  ];
  const found = answers.map(([type, answer]) => ({ type, values: valuesOf(answer) }));
  // Behind a CNAME record, the others are not records of this name.
  const own = valuesOf(cname).length > 0 ? found.slice(0, 1) : found;
  return {
    name: domain.displayName,
    zone: hostingZone(facts),
    pairName: facts.pairName && displayNameOf(facts.pairName),
    verdict: verdictOf({ domain, facts }),
    ownId: domain.extid === '' ? null : domain.extid,
    hasMail: valuesOf(mx).length > 0 && !facts.isApex,
    records: own.filter(({ values }) => values.length > 0),
    provider: providerOf(nameServers) ?? nameServers[0] ?? null,
  };
}

function verdictOf({ domain, facts }: DryRun): LookLines['verdict'] {
  if (domain.extid !== '') return 'yours';
  if (domain.ownership === 'conflict') return 'conflict';
  const { state, ours, foreign, chain } = viewRouting(facts);
  if (state === 'pointed') return 'here';
  // A wildcard record answers for names that nobody has made.
  if (facts.wildcard) return 'free';
  return ours.length + foreign.length + chain.length > 0 ? 'used' : 'free';
}
