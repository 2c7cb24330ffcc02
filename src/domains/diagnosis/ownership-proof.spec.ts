import type { DnsAnswer } from '../../dns/dns-answer.js';
import type { ObservedFacts } from '../domain-facts.js';
import { proofIn, standingProof } from './ownership-proof.js';

const target = 'abcdefghij012345.eu.ingress.onetime.example';
const value = '0123456789abcdef0123456789abcdef';

function ok(...values: string[]): DnsAnswer<string> {
  return { status: 'ok', values, ttlSeconds: 60 };
}

function facts(changes: Partial<ObservedFacts>): ObservedFacts {
  const nothing: DnsAnswer<string> = { status: 'nodata' };
  const expected = { target, challengeValue: value } as ObservedFacts['expected'];
  const byServer = { txtByServer: [], cnameByServer: [] };
  const answers = { txt: nothing, cname: nothing, ...byServer };
  const rest = { zone: 'example.com', isApex: false, expected, ...answers };
  return { ...rest, ...changes } as ObservedFacts;
}

describe(proofIn, () => {
  it('finds the TXT value among several', () => {
    expect(proofIn(facts({ txt: ok('v=spf1 -all', value, 'another') })).txt).toBe('present');
  });

  it.each(['0123456789ABCDEF0123456789ABCDEF', `${value} `, value.slice(1), ''])(
    'does not accept the TXT value %j',
    (other) => {
      expect(proofIn(facts({ txt: ok(other) })).txt).toBe('absent');
    },
  );

  it.each(['nodata', 'nxdomain'] as const)('reports %s as absent', (status) => {
    expect(proofIn(facts({ txt: { status }, cname: { status } }))).toEqual({
      txt: 'absent',
      cname: 'absent',
    });
  });

  it.each(['servfail', 'refused', 'timeout', 'error'] as const)(
    'reports %s as unknown',
    (status) => {
      expect(proofIn(facts({ txt: { status }, cname: { status } }))).toEqual({
        txt: 'unknown',
        cname: 'unknown',
      });
    },
  );

  it.each([
    ['to the target', [target]],
    ['to the target in upper case with a trailing dot', [`${target.toUpperCase()}.`]],
    ["by a name in the customer's zone", ['alias.example.com', target]],
    ['to the target, which has a CNAME record itself', [target, 'ingress.onetime.example']],
  ])('accepts a CNAME %s', (_, chain) => {
    expect(proofIn(facts({ cname: ok(...chain) })).cname).toBe('present');
  });

  it.each([
    ["another claim's target", ['zzzzzzzzzzzzzzzz.eu.ingress.onetime.example']],
    ['the target by a name in another zone', ['shop.example.net', target]],
    ['the target by a name that only ends like the zone', ['notexample.com', target]],
  ])('does not accept a CNAME to %s', (_, chain) => {
    expect(proofIn(facts({ cname: ok(...chain) })).cname).toBe('absent');
  });

  it('does not accept a CNAME at the apex', () => {
    expect(proofIn(facts({ isApex: true, cname: ok(target) })).cname).toBe('absent');
  });
});

describe('a proof by several servers', () => {
  const chain = [target];
  it.each([
    ['present', [[value], [value], []], [chain, chain, []]],
    ['unknown', [[value], []], [chain, []]],
    ['absent', [[value], [], []], [chain, [], []]],
    ['absent', [[value], ['other'], ['other']], [chain, ['a.example.com'], ['a.example.com']]],
  ] as const)('is %s when %j have the value', (presence, txtByServer, cnameByServer) => {
    const seen = { txt: ok(value, 'other'), cname: ok(target), txtByServer, cnameByServer };
    expect(proofIn(facts(seen as never))).toEqual({ txt: presence, cname: presence });
  });
});

describe(standingProof, () => {
  it.each([
    ['present', 'unknown', 'present'],
    ['absent', 'present', 'present'],
    ['absent', 'absent', 'absent'],
    ['absent', 'unknown', 'unknown'],
    ['unknown', 'absent', 'unknown'],
  ] as const)('of %s and %s is %s', (txt, cname, standing) => {
    expect(standingProof({ txt, cname })).toBe(standing);
  });
});
