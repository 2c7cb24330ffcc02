import { MissBudget } from './miss-budget.js';

let now = 0;
const budget = () => new MissBudget({ burst: 3, perSecond: 2, now: () => now });
const takes = (from: MissBudget, network: string, count: number) =>
  Array.from({ length: count }, () => from.take(network));

beforeEach(() => (now = 0));

describe('MissBudget', () => {
  it('lets a network miss so often and no oftener, whatever others do', () => {
    const misses = budget();
    expect(takes(misses, '192.0.2.0/24', 4)).toEqual([true, true, true, false]);
    expect(takes(misses, '198.51.100.0/24', 3)).toEqual([true, true, true]);
  });

  it('fills up again with time, up to the burst', () => {
    const misses = budget();
    takes(misses, 'n', 3);
    now = 500;
    expect(takes(misses, 'n', 2)).toEqual([true, false]);
    now = 3_600_000;
    expect(takes(misses, 'n', 4)).toEqual([true, true, true, false]);
  });

  it('costs nothing for what is found', () => {
    const misses = budget();
    for (let found = 0; found < 100; found += 1) {
      expect(misses.take('n')).toBe(true);
      misses.giveBack('n');
    }
    expect(takes(misses, 'n', 4)).toEqual([true, true, true, false]);
  });
});
