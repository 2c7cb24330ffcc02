import { atMostEvery } from './at-most-every.js';

describe(atMostEvery.name, () => {
  it('runs once for all who call within the pause', async () => {
    let runs = 0;
    const call = atMostEvery(
      60_000,
      async () => {
        runs += 1;
      },
      () => {},
    );
    await Promise.all([call(), call()]);
    await call();
    expect(runs).toBe(1);
  });

  it('runs again after the pause, and tells of each failure without rejecting', async () => {
    const failures: unknown[] = [];
    const call = atMostEvery(
      0,
      () => Promise.reject(new Error('away')),
      (error) => failures.push(error),
    );
    await call();
    await call();
    expect(failures).toEqual([new Error('away'), new Error('away')]);
  });
});
