import type { DnsAnswer } from '../../dns/dns-answer.js';
import { mergeFindings } from '../../dns/dns-lookup.js';
import { findZone, type Ask } from './zone-cut.js';

const SOA: DnsAnswer<string> = { status: 'ok', values: ['ns1.example 1'], ttlSeconds: 60 };
const asked: string[] = [];

/** Answers SOA by name; NODATA for the others. @param aliases names that lead to a name that has an SOA record */
function askOf(answers: Record<string, DnsAnswer<string>>, aliases: readonly string[] = []): Ask {
  return async (name, type) => {
    asked.push(`${name} ${type}`);
    const answer = answers[name] ?? { status: 'nodata' };
    const chain = aliases.includes(name) ? ['elsewhere.example'] : [];
    return mergeFindings([{ answer, chain, siblings: [], dnssecBogus: false }]);
  };
}

describe(findZone.name, () => {
  beforeEach(() => asked.splice(0));

  it('is the first name above that answers SOA for itself, and never asks the name itself', async () => {
    const ask = askOf({ 'acme.test': SOA });
    expect(await findZone('a.b.acme.test', 'acme.test', ask)).toEqual({
      state: 'found',
      zone: 'acme.test',
    });
    expect(asked).toEqual(['b.acme.test SOA', 'acme.test SOA']);
  });

  it('is a zone below the registrable domain where one begins', async () => {
    const ask = askOf({ 'b.acme.test': SOA, 'acme.test': SOA });
    expect(await findZone('a.b.acme.test', 'acme.test', ask)).toMatchObject({
      zone: 'b.acme.test',
    });
  });

  it('is not the zone that an alias leads to', async () => {
    const ask = askOf({ 'b.acme.test': SOA, 'acme.test': SOA }, ['b.acme.test']);
    expect(await findZone('a.b.acme.test', 'acme.test', ask)).toMatchObject({ zone: 'acme.test' });
  });

  it('is not looked for above the registrable domain, and not concluded from a failure', async () => {
    expect(await findZone('a.acme.test', 'acme.test', askOf({ test: SOA }))).toEqual({
      state: 'none',
    });
    const failing = askOf({ 'acme.test': { status: 'timeout' } });
    expect(await findZone('a.acme.test', 'acme.test', failing)).toEqual({ state: 'unknown' });
  });
});
