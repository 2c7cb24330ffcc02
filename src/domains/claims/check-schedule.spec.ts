import { DAY, HOUR, MINUTE, SECOND } from '../../shared/durations.js';
import { UNPROVEN } from '../ownership.js';
import { nextCheckAt, type CheckedClaim } from './check-schedule.js';

const now = new Date('2026-11-23T12:34:56Z');

function aClaim(changes: Partial<CheckedClaim> = {}): CheckedClaim {
  return {
    ownership: 'pending',
    challengeExpiresAt: new Date(now.getTime() + 30 * DAY),
    ...UNPROVEN,
    lostAt: null,
    routing: 'unknown',
    routingSince: now,
    pointedAt: null,
    checkAttempts: 100,
    ...changes,
  };
}

function waitOf(claim: CheckedClaim, random = 0.5): number {
  const next = nextCheckAt(claim, now, random);
  if (next === null) throw new Error('never checked again');
  return next.getTime() - now.getTime();
}

describe(nextCheckAt, () => {
  it('checks an unproven claim often at first, then hourly', () => {
    const waits = Array.from({ length: 22 }, (_, checkAttempts) =>
      waitOf(aClaim({ checkAttempts })),
    );
    expect(waits[0]).toBeLessThanOrEqual(5 * SECOND);
    let age = 0;
    for (const wait of waits.slice(0, 20)) {
      // A person who has worked for a while waits for a part of that time.
      expect(wait).toBeLessThanOrEqual(Math.max(5 * SECOND, age));
      age += wait;
    }
    expect(age).toBeGreaterThan(20 * MINUTE);
    expect(waits.slice(20)).toEqual([HOUR, HOUR]);
  });

  it('checks a proven claim that points here about every six hours', () => {
    const settled = aClaim({ ownership: 'verified', routing: 'pointed', pointedAt: now });
    expect(waitOf(settled)).toBe(6 * HOUR);
    expect(waitOf(settled, 0)).toBeLessThan(5.5 * HOUR);
    expect(waitOf(settled, 0.99)).toBeGreaterThan(6.5 * HOUR);
  });

  it('confirms a change of a claim that is proven and points here', () => {
    const settled = aClaim({ ownership: 'verified', routing: 'pointed', pointedAt: now });
    const waits = [0, 1, 2].map((checkAttempts) => waitOf({ ...settled, checkAttempts }));
    expect(waits).toEqual([MINUTE, 10 * MINUTE, 6 * HOUR]);
  });

  it('checks a proven claim that moved away two days ago every six hours', () => {
    const gone = aClaim({ ownership: 'verified', routing: 'elsewhere' });
    expect(waitOf(gone)).toBe(HOUR);
    expect(waitOf({ ...gone, routingSince: new Date(now.getTime() - 3 * DAY) })).toBe(6 * HOUR);
  });

  it('schedules no regular check in the first minute of an hour', () => {
    const settled = aClaim({ ownership: 'verified', routing: 'pointed', pointedAt: now });
    for (let random = 0; random < 1; random += 0.001) {
      expect(nextCheckAt(settled, now, random)?.getUTCMinutes()).not.toBe(0);
    }
  });

  it('schedules a check at the deadline of the claim', () => {
    const challengeExpiresAt = new Date(now.getTime() + 20 * MINUTE);
    expect(waitOf(aClaim({ challengeExpiresAt }))).toBe(20 * MINUTE);
    const lapsedAt = new Date(now.getTime() - 30 * DAY + 5 * MINUTE);
    expect(waitOf(aClaim({ ownership: 'lapsed', lapsedAt }))).toBe(5 * MINUTE);
  });

  it('schedules no check of a claim that has ended', () => {
    expect(nextCheckAt(aClaim({ ownership: 'revoked' }), now, 0.5)).toBeNull();
  });
});
