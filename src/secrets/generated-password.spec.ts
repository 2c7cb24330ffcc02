import { bitsOf, generatePassword, type PasswordRecipe } from './generated-password.js';
import type { CharacterSets } from './generated-value.js';

const NONE = { uppercase: false, lowercase: false, digits: false, symbols: false };
const ALL = { uppercase: true, lowercase: true, digits: true, symbols: true };

const ofCharacters = (length: number, sets: CharacterSets): PasswordRecipe => ({
  kind: 'characters',
  length,
  sets: { ...NONE, ...sets },
});

describe(generatePassword, () => {
  it('has every kind of characters that is chosen and no other, also at its shortest', () => {
    for (let times = 0; times < 200; times += 1) {
      const all = generatePassword(ofCharacters(4, ALL));
      expect(all).toMatch(/^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)(?=.*[^A-Za-z0-9]).{4}$/);
      expect(generatePassword(ofCharacters(6, { digits: true }))).toMatch(/^[2-9]{6}$/);
      expect(generatePassword(ofCharacters(20, { lowercase: true, symbols: true }))).toMatch(
        /^(?=.*[a-z])(?=.*[^a-z])[^A-Z0-9]{20}$/,
      );
    }
  });

  it('joins words of the list, by chance', () => {
    const made = Array.from({ length: 50 }, () => generatePassword({ kind: 'words', count: 6 }));
    for (const password of made) expect(password).toMatch(/^[a-z]{3,8}(?:-[a-z]{3,8}){5}$/);
    expect(new Set(made.flatMap((password) => password.split('-'))).size).toBeGreaterThan(200);
  });
});

describe(bitsOf, () => {
  it.each([
    [{ kind: 'words', count: 6 }, 66],
    [{ kind: 'words', count: 8 }, 88],
    [ofCharacters(12, { uppercase: true, lowercase: true, digits: true }), 69],
    [ofCharacters(16, { uppercase: true, lowercase: true, digits: true }), 92],
    [ofCharacters(4, { digits: true }), 12],
    [ofCharacters(20, ALL), 125],
    // 4! * 24 * 23 * 8 * 23, and not 78 ** 4: each kind occurs.
    [ofCharacters(4, ALL), 21],
    [ofCharacters(8, { uppercase: true, lowercase: true, digits: true }), 45],
    [ofCharacters(128, ALL), 804],
  ] as const)('of %j are %d', (recipe, bits) => {
    expect(bitsOf(generatePassword(recipe))).toBe(bits);
  });
});
