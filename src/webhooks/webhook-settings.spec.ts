import { restSeconds, retrySeconds } from './webhook-settings.js';

describe('the pause before another attempt', () => {
  it('doubles up to two hours, with up to a fifth more', () => {
    const pauses = [1, 2, 3, 12, 50].map((attempts) => retrySeconds(attempts, null, () => 0));
    expect(pauses).toEqual([5, 10, 20, 7200, 7200]);
    expect(retrySeconds(1, null, () => 1)).toBe(6);
  });

  it('is as long as the target asks for, within two hours, and never shorter', () => {
    expect(retrySeconds(1, 600, () => 0)).toBe(600);
    expect(retrySeconds(1, 999_999_999, () => 0)).toBe(7200);
    expect(retrySeconds(4, 0, () => 0)).toBe(40);
  });

  it('of a target that fails in a row ends after five minutes', () => {
    expect([1, 2, 3, 9, 10, 99].map(restSeconds)).toEqual([1, 2, 4, 256, 300, 300]);
  });
});
