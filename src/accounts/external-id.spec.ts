import fc from 'fast-check';
import type { AccountId } from './account.js';
import { accountIdIn, externalIdOf } from './external-id.js';

describe('external ids', () => {
  it('are ur and 25 characters of base36, and lead back to the account', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        const id = uuid as AccountId;
        expect(externalIdOf(id)).toMatch(/^ur[0-9a-z]{25}$/);
        expect(accountIdIn(externalIdOf(id))).toBe(id);
      }),
    );
  });

  it.each([
    '',
    'ur',
    'ur0',
    `ur${'0'.repeat(26)}`,
    `UR${'0'.repeat(25)}`,
    `cd${'0'.repeat(25)}`,
    `ur${'z'.repeat(25)}`,
    'ur@example.com',
    ` ur${'0'.repeat(25)}`,
  ])('are not found in %j', (text) => {
    expect(accountIdIn(text)).toBeNull();
  });
});
