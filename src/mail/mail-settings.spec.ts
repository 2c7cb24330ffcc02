import { GIVE_UP_SECONDS, MAIL_TIMING, retrySeconds } from './mail-settings.js';

describe(retrySeconds, () => {
  it('waits a minute first, then longer, and never more than an hour and a fifth', () => {
    const waits = Array.from({ length: 40 }, (_, index) => retrySeconds(index + 1, () => 0));
    expect(waits.slice(0, 7)).toEqual([60, 120, 240, 480, 960, 1920, 3600]);
    expect(Math.max(...waits)).toBe(3600);
    expect(retrySeconds(40, () => 0.999)).toBeLessThanOrEqual(4320);
  });

  it('tries often enough in a day', () => {
    let [seconds, attempts] = [0, 1];
    while (seconds < GIVE_UP_SECONDS) seconds += retrySeconds(attempts++, () => 1);
    expect(attempts).toBeGreaterThan(20);
  });
});

it('an attempt ends before its lease of five minutes does', () => {
  expect(MAIL_TIMING.attemptMs + MAIL_TIMING.silenceMs).toBeLessThan(300_000);
});
