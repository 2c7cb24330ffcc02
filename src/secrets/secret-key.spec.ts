import { createSecretKey, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { dateOf, dayOf, expiryDayOf, lookupOf, mintKey } from './secret-key.js';

const mask = createSecretKey(randomBytes(32));
const todays = fc.integer({ min: 15_000, max: 40_000 });

describe('secret keys', () => {
  it('give their expiry day under the mask, for any day in the window', () => {
    fc.assert(
      fc.property(todays, fc.integer({ min: -200, max: 1095 }), (today, offset) => {
        const key = mintKey(mask, today + offset);
        expect(key).toMatch(/^[0-9a-z]{31}$/);
        expect(expiryDayOf(mask, key, today)).toBe(today + offset);
      }),
    );
  });

  it('give the same day at any time before it and for 200 days after it', () => {
    fc.assert(
      fc.property(todays, fc.integer({ min: -1095, max: 200 }), (day, passed) => {
        expect(expiryDayOf(mask, mintKey(mask, day), day + passed)).toBe(day);
      }),
    );
  });

  it('give a day in the window for any text', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '-z', '0x', '%zz', 'zz'.repeat(300)),
    );
    fc.assert(
      fc.property(texts, todays, (text, today) => {
        const day = expiryDayOf(mask, text, today);
        expect(Number.isInteger(day)).toBe(true);
        expect(day).toBeGreaterThanOrEqual(today - 200);
        expect(day).toBeLessThanOrEqual(today + 1095);
        expect(lookupOf('secret', text)).toHaveLength(20);
      }),
    );
  });

  it('hide the day without the mask: keys of one day do not begin alike', () => {
    const beginnings = new Set(
      Array.from({ length: 500 }, () => mintKey(mask, 20_000).slice(0, 2)),
    );
    expect(beginnings.size).toBeGreaterThan(300);
  });

  it('are unique and use every digit at every random place', () => {
    const keys = Array.from({ length: 2000 }, () => mintKey(mask, 20_000));
    expect(new Set(keys).size).toBe(2000);
    for (let place = 2; place < 31; place += 1) {
      expect(new Set(keys.map((key) => key[place])).size).toBe(36);
    }
  });

  it('have different lookups as a secret and as a receipt', () => {
    const key = mintKey(mask, 20_000);
    expect(lookupOf('secret', key).equals(lookupOf('receipt', key))).toBe(false);
    expect(lookupOf('secret', key).equals(lookupOf('secret', key))).toBe(true);
  });
});

describe('days', () => {
  it('are counted in UTC', () => {
    expect(dateOf(dayOf(new Date('2026-11-23T23:59:59.999Z')))).toBe('2026-11-23');
    expect(dateOf(dayOf(new Date('2026-11-24T00:00:00.000Z')))).toBe('2026-11-24');
  });
});
