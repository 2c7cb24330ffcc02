import { RestartBackoff } from './restart-backoff.js';

describe(RestartBackoff, () => {
  it('doubles the wait up to half a minute', () => {
    const backoff = new RestartBackoff();
    const waits = Array.from({ length: 9 }, () => backoff.next(0));
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('begins anew after a worker that served for a minute', () => {
    const backoff = new RestartBackoff();
    for (let count = 0; count < 5; count++) backoff.next(59_000);
    expect(backoff.next(60_000)).toBe(500);
    expect(backoff.next(10)).toBe(1000);
  });
});
