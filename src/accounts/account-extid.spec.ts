import fc from 'fast-check';
import type { AccountId } from './account.js';
import { extidOf, parseExtid } from './account-extid.js';

describe(extidOf, () => {
  it('has one form for each account, from which parseExtid() gets the id', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const extid = extidOf(uuid as AccountId);
        expect(extid).toMatch(/^ur[0-9a-z]{25}$/);
        expect(parseExtid(extid)).toBe(uuid);
      }),
    );
  });
});

describe(parseExtid, () => {
  it.each([
    '',
    'ur',
    'a@example.com',
    `ur${'z'.repeat(25)}`,
    `ur${'0'.repeat(24)}`,
    `UR${'0'.repeat(25)}`,
  ])('is null for %j', (text) => expect(parseExtid(text)).toBeNull());
});
