import { LeasedWork } from './leased-work.js';

type Attempt = (row: number) => Promise<boolean>;

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Work on these rows, which are leased once each. */
function workOn(rows: number[], attempt: Attempt, parallel = 2) {
  const asked: number[] = [];
  const work = new LeasedWork<number>({
    name: 'test',
    parallel,
    take: async (_, limit) => {
      asked.push(limit);
      return rows.splice(0, limit);
    },
    attempt,
    stopWithin: 20,
  });
  return { work, asked };
}

describe(LeasedWork, () => {
  it('works on as many rows at once as it may, and tells how many those were', async () => {
    let [running, most] = [0, 0];
    const attempt = async (): Promise<boolean> => {
      running += 1;
      most = Math.max(most, running);
      await settled();
      running -= 1;
      return false;
    };
    const { work } = workOn([1, 2, 3, 4, 5], attempt);
    expect([await work.round(), await work.round(), await work.round()]).toEqual([2, 2, 1]);
    expect(most).toBe(2);
  });

  it('is held up by no slow row: its place alone is taken', async () => {
    const slow = Promise.withResolvers<boolean>();
    const done: number[] = [];
    const { work, asked } = workOn([1, 2, 3, 4], (row) => {
      done.push(row);
      return row === 1 ? slow.promise : Promise.resolve(false);
    });
    const first = work.round();
    await settled();
    void work.round();
    await settled();
    expect([done, asked]).toEqual([
      [1, 2, 3],
      [2, 1],
    ]);
    slow.resolve(false);
    await first;
  });

  it.each([
    ['takes the next rows at once after a full batch', [1, 2, 3], false, [1, 2, 3]],
    ['looks again at once after a row that may be due again', [1], true, [1]],
  ])('%s', async (_, rows, isDueAgain, expected) => {
    const done: number[] = [];
    const { work, asked } = workOn([...rows], async (row) => {
      done.push(row);
      return isDueAgain;
    });
    work.start();
    await work.round();
    for (let turn = 0; turn < 10; turn += 1) await settled();
    expect(done).toEqual(expected);
    expect(asked.length).toBeGreaterThan(1);
    await work.stop();
  });

  it('asks for no more after a batch with room left', async () => {
    const { work, asked } = workOn([1], async () => false);
    work.start();
    await work.round();
    for (let turn = 0; turn < 10; turn += 1) await settled();
    expect(asked).toEqual([2]);
    await work.stop();
  });

  it('waits for rows in work when it stops, but not for ever', async () => {
    const never = new Promise<boolean>(() => undefined);
    const { work } = workOn([1], () => never);
    void work.round();
    await settled();
    await work.stop();
  });
});
