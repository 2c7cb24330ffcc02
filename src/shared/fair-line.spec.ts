import { FairLine } from './fair-line.js';

const settled = () => new Promise(setImmediate);
const busy = expect.objectContaining({ code: 'busy', retryAfterSeconds: expect.any(Number) });

function lineOf(waitingMax: number, waitMaxMs = 60_000): FairLine {
  const lanes = [{ waitingMax }, { waitingMax }, { waitingMax, isLast: true }] as const;
  return new FairLine({ places: 1, lanes, waitMaxMs, busyMessage: 'busy' });
}

/** Enters for each key and writes down who got in, in which order. */
function enterAll(line: FairLine, keys: readonly string[], admitted: string[], lane = 0) {
  return keys.map(async (key) => {
    await line.enter(key, lane);
    admitted.push(key);
  });
}

async function leaveTimes(line: FairLine, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    line.leave();
    await settled();
  }
}

describe(FairLine.name, () => {
  it('admits in turn by key, each key in its order of arrival', async () => {
    const line = lineOf(10);
    void line.enter('first');
    const admitted: string[] = [];
    const all = enterAll(line, ['a', 'a', 'a', 'b', 'c', 'b'], admitted);
    await leaveTimes(line, 6);
    await Promise.all(all);
    expect(admitted).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
  });

  it('takes the newest place of the longest key for another key when it is full', async () => {
    const line = lineOf(4);
    void line.enter('first');
    const admitted: string[] = [];
    const greedy = enterAll(line, ['greedy', 'greedy', 'greedy', 'greedy'], admitted);
    const modest = enterAll(line, ['modest', 'other'], admitted);
    await expect(greedy[3]).rejects.toEqual(busy);
    await expect(greedy[2]).rejects.toEqual(busy);
    await expect(line.enter('greedy')).rejects.toEqual(busy);
    await leaveTimes(line, 4);
    await Promise.all([...modest, greedy[0], greedy[1]]);
    expect(admitted).toEqual(['greedy', 'modest', 'other', 'greedy']);
  });

  it('gives each lane its turn, and the last lane only what the others leave', async () => {
    const line = lineOf(10);
    void line.enter('first');
    const admitted: string[] = [];
    const all = [
      ...enterAll(line, ['last', 'last'], admitted, 2),
      ...enterAll(line, ['open', 'open', 'open', 'open'], admitted, 0),
      ...enterAll(line, ['create', 'create'], admitted, 1),
    ];
    await leaveTimes(line, 8);
    await Promise.all(all);
    expect(admitted.slice(0, 4).toSorted()).toEqual(['create', 'create', 'open', 'open']);
    expect(admitted.slice(4)).toEqual(['open', 'open', 'last', 'last']);
  });

  it('keeps places from a lane that may not take all of them', async () => {
    const lanes = [{ waitingMax: 10 }, { waitingMax: 10, placesMax: 2 }] as const;
    const line = new FairLine({ places: 3, lanes, waitMaxMs: 60_000, busyMessage: 'busy' });
    const admitted: string[] = [];
    const ours = enterAll(line, ['ours', 'ours', 'ours', 'ours'], admitted, 1);
    const client = enterAll(line, ['client'], admitted, 0);
    await settled();
    expect(admitted).toEqual(['ours', 'ours', 'client']);
    // The place of a client stays free for the next one.
    line.leave(0);
    await settled();
    expect(admitted).toHaveLength(3);
    expect(line.enter('client', 0)).toBeUndefined();
    line.leave(1);
    line.leave(1);
    await Promise.all([...ours, ...client]);
    expect(line.waiting).toBe(0);
  });

  it('refuses who has waited too long, and gives the place to the next', async () => {
    const line = lineOf(10, 20);
    void line.enter('first');
    await expect(line.enter('late')).rejects.toEqual(busy);
    expect(line.waiting).toBe(0);
    line.leave();
    expect(line.enter('next')).toBeUndefined();
  });
});
