import {
  FOREIGN_ADDRESS,
  found,
  healthyFacts,
  NODATA,
  NXDOMAIN,
  OUR_ADDRESS,
  OUR_IPV6,
  TARGET,
  TIMEOUT,
} from '../../../test/fakes/domain-facts.js';
import type { DomainFacts } from '../domain-facts.js';
import { diagnosePair } from './diagnose-pair.js';

const APEX: Partial<DomainFacts> = {
  hostname: 'example.com',
  relativeName: '@',
  isApex: true,
  pairName: 'www.example.com',
  isPairClaimed: false,
};
const WWW: Partial<DomainFacts> = {
  hostname: 'www.example.com',
  relativeName: 'www',
  pairName: 'example.com',
  isPairClaimed: false,
};

const fixOf = (changes: Partial<DomainFacts>): string | undefined => {
  const [first, ...more] = diagnosePair(healthyFacts(changes));
  expect(more).toEqual([]);
  if (first === undefined) return undefined;
  expect(first).toMatchObject({ code: 'PAIR_UNCLAIMED', severity: 'info' });
  return first.fix.summary;
};

describe('the other name of a pair, unclaimed', () => {
  it.each<[string, Partial<DomainFacts>, string]>([
    ['an A record', { pairAddresses: found(OUR_ADDRESS) }, 'the A record of www.example.com,'],
    ['an AAAA record alone', { pairAddresses: found(OUR_IPV6) }, 'the AAAA record of'],
    [
      'an AAAA record in another spelling',
      { pairAddresses: found('2001:DB8:10:0:0:0:0:10') },
      'the AAAA record of',
    ],
    [
      'addresses of ours and of others',
      { pairAddresses: found(FOREIGN_ADDRESS, OUR_ADDRESS, OUR_IPV6) },
      'the A and AAAA record of',
    ],
    [
      'a CNAME record to the apex',
      { pairAddresses: found(OUR_ADDRESS), pairChain: ['example.com'] },
      'the CNAME record of www.example.com (to example.com)',
    ],
    [
      'a CNAME record to a name of the region, whose addresses are not configured',
      { pairAddresses: found(FOREIGN_ADDRESS), pairChain: [`${TARGET.toUpperCase()}.`] },
      'the CNAME record of www.example.com',
    ],
  ])('is said when it leads here by %s', (_what, changes, record) => {
    expect(fixOf({ ...APEX, ...changes })).toContain(record);
  });

  it('may be led here by a wildcard record, but not at the apex', () => {
    const pairAddresses = found(OUR_ADDRESS);
    expect(fixOf({ ...APEX, pairAddresses })).toContain('wildcard');
    expect(fixOf({ ...WWW, pairAddresses })).toBe(
      'Claim www.example.com again with "pair": true: example.com then has its own certificate and redirects here. Or remove the A record of example.com.',
    );
  });

  it.each<[string, Partial<DomainFacts>]>([
    ['behind Cloudflare', { pairAddresses: found('104.16.0.1') }],
    ['without an address', { pairAddresses: NODATA }],
    ['missing', { pairAddresses: NXDOMAIN }],
    ['not to be looked up', { pairAddresses: TIMEOUT }],
    ['not looked up yet', { pairAddresses: { status: 'unasked' } }],
    ['claimed', { pairAddresses: found(OUR_ADDRESS), isPairClaimed: true }],
    [
      'in another region on the same addresses',
      { pairAddresses: found(OUR_ADDRESS), pairChain: ['x.us.ingress.onetime.example'] },
    ],
  ])('is not said of a name that is %s', (_what, changes) => {
    expect(fixOf({ ...APEX, ...changes })).toBeUndefined();
    expect(fixOf({ ...WWW, ...changes })).toBeUndefined();
  });
});
