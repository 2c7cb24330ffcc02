import { MINUTE } from '../shared/durations.js';
import { DayPartitions } from './day-partitions.js';

const STATEMENT = { name: 'find', dayText: 'select from {secrets}' };
const DAYS = { secrets: '2026-12-04' };

let now: number;
let attached: string[];
let isAway: boolean;
const partitions = (): DayPartitions =>
  new DayPartitions(
    {
      query: <Rows>(): Promise<Rows> =>
        isAway
          ? Promise.reject(new Error('away'))
          : Promise.resolve(attached.map((name) => ({ name })) as Rows),
    },
    () => now,
  );

beforeEach(() => {
  [now, attached, isAway] = [0, ['secrets_20261204'], false];
});

describe(DayPartitions.name, () => {
  it('names a partition that is attached, and none before the list was read', async () => {
    const known = partitions();
    expect(known.address(STATEMENT, DAYS).text).toBe('select from secrets');
    await known.refresh();
    expect(known.address(STATEMENT, DAYS)).toMatchObject({
      name: 'find_s20261204',
      undated: 'find',
      text: 'select from secrets_20261204',
    });
  });

  it('names none by a list that could not be read again for two minutes', async () => {
    const known = partitions();
    await known.refresh();
    isAway = true;
    now += 2 * MINUTE;
    expect(known.address(STATEMENT, DAYS).partitions).toEqual(['secrets_20261204']);
    now += 1;
    expect(known.address(STATEMENT, DAYS).partitions).toEqual([]);
  });

  it('names none by an old list after a time without requests', async () => {
    const known = partitions();
    await known.refresh();
    attached = [];
    now += 60 * MINUTE;
    expect(known.address(STATEMENT, DAYS).partitions).toEqual([]);
  });
});
