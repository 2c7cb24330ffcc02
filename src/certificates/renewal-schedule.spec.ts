import { DAY, HOUR, MINUTE } from '../shared/durations.js';
import {
  instantInWindow,
  isSameWindow,
  nextPollSeconds,
  renewalInstant,
  urgentInstant,
  withinReason,
} from './renewal-schedule.js';

const FROM = new Date('2026-11-23T12:34:56Z');
const after = (milliseconds: number) => new Date(FROM.getTime() + milliseconds);
const lifetimeOf = (milliseconds: number) => ({ from: FROM, notAfter: after(milliseconds) });

describe('the time of a renewal', () => {
  it.each([5 * MINUTE, 6 * DAY, 45 * DAY, 90 * DAY])(
    'is with a third of %d ms left, or up to a twentieth earlier',
    (lifetime) => {
      for (const random of [0, 0.3, 0.999]) {
        const instant = renewalInstant(lifetimeOf(lifetime), () => random).getTime();
        const left = FROM.getTime() + lifetime - instant;
        expect(left).toBeGreaterThanOrEqual(lifetime / 3 - 1);
        // Avoiding the full hour costs two minutes at most.
        expect(left).toBeLessThanOrEqual(lifetime * (1 / 3 + 1 / 20) + 2 * MINUTE);
        expect(instant).toBeGreaterThanOrEqual(FROM.getTime() + lifetime / 2);
      }
    },
  );

  it('is never in the first minute of an hour', () => {
    for (let second = 0; second < 7200; second += 7) {
      const from = new Date(FROM.getTime() + second * 1000);
      const notAfter = new Date(from.getTime() + 90 * DAY);
      expect(renewalInstant({ from, notAfter }, () => 0).getTime() % HOUR).toBeGreaterThanOrEqual(
        MINUTE,
      );
    }
  });

  it('is urgent with a sixth left', () => {
    expect(urgentInstant(lifetimeOf(6 * DAY))).toEqual(after(5 * DAY));
  });

  it('is one instant of the window that the CA suggests, or now if the window is past', () => {
    const window = { start: after(HOUR), end: after(3 * HOUR) };
    expect(instantInWindow(window, FROM, () => 0.5)).toEqual(after(2 * HOUR));
    expect(instantInWindow(window, after(DAY), () => 0.5)).toEqual(after(DAY));
    expect(isSameWindow(window, { ...window, end: new Date(window.end) })).toBe(true);
    expect(isSameWindow(window, { ...window, end: after(4 * HOUR) })).toBe(false);
    expect(isSameWindow(null, window)).toBe(false);
  });

  it('is inside the window even close to a full hour', () => {
    const fullHour = new Date('2026-11-23T13:00:00Z').getTime();
    const window = { start: new Date(fullHour), end: new Date(fullHour + 2 * MINUTE) };
    for (const random of [0, 0.2, 0.4, 0.999]) {
      const instant = instantInWindow(window, FROM, () => random);
      expect(Number(instant)).toBeGreaterThanOrEqual(Number(window.start));
      expect(Number(instant)).toBeLessThanOrEqual(Number(window.end));
    }
  });

  it('is at most daily at a CA that always suggests now', () => {
    const served = { promotedAt: FROM, notAfter: after(90 * DAY), isUrged: true };
    expect(withinReason(FROM, { ...served, isRenewal: false })).toEqual(FROM);
    expect(withinReason(FROM, { ...served, isRenewal: true })).toEqual(after(DAY));
    const ofADay = { ...served, notAfter: after(DAY), isRenewal: true };
    expect(withinReason(FROM, ofADay)).toEqual(after(6 * HOUR));
    const short = { ...served, notAfter: after(5 * MINUTE), isRenewal: true };
    expect(withinReason(FROM, short)).toEqual(after(2.5 * MINUTE));
  });

  it.each([5 * MINUTE, DAY, 6 * DAY, 90 * DAY])(
    'is neither in the first quarter nor in the last sixth of %d ms, whatever the CA suggests',
    (lifetime) => {
      const served = { promotedAt: FROM, notAfter: after(lifetime), isUrged: false };
      for (const isRenewal of [true, false]) {
        const bounded = (share: number) =>
          withinReason(after(share * lifetime), { ...served, isRenewal });
        expect(bounded(0.04)).toEqual(after(lifetime / 4));
        expect(bounded(0.5)).toEqual(after(lifetime / 2));
        expect(bounded(0.97)).toEqual(after((lifetime * 5) / 6));
        expect(bounded(4)).toEqual(after((lifetime * 5) / 6));
      }
    },
  );

  it('is polled at least twice a day and at most once a minute', () => {
    expect(nextPollSeconds(null)).toBe(6 * 3600);
    expect(nextPollSeconds(0)).toBe(60);
    expect(nextPollSeconds(7 * 86_400)).toBe(12 * 3600);
    expect(nextPollSeconds(3600)).toBe(3600);
  });
});
