import { LookupLimiter } from './lookup-limiter.js';

let now = 0;
const newLimiter = () => new LookupLimiter({ burst: 3, perSecond: 2, now: () => now });
const takes = (from: LookupLimiter, network: string, count: number) =>
  Array.from({ length: count }, () => from.takeToken(network));

beforeEach(() => (now = 0));

describe('LookupLimiter', () => {
  it('limits each network to its own bucket', () => {
    const limiter = newLimiter();
    expect(takes(limiter, '192.0.2.0/24', 4)).toEqual([true, true, true, false]);
    expect(takes(limiter, '198.51.100.0/24', 3)).toEqual([true, true, true]);
  });

  it('refills over time, up to the burst', () => {
    const limiter = newLimiter();
    takes(limiter, 'n', 3);
    now = 500;
    expect(takes(limiter, 'n', 2)).toEqual([true, false]);
    now = 3_600_000;
    expect(takes(limiter, 'n', 4)).toEqual([true, true, true, false]);
  });

  it('does not limit lookups that return their token', () => {
    const limiter = newLimiter();
    for (let found = 0; found < 100; found += 1) {
      expect(limiter.takeToken('n')).toBe(true);
      limiter.returnToken('n');
    }
    expect(takes(limiter, 'n', 4)).toEqual([true, true, true, false]);
  });
});
