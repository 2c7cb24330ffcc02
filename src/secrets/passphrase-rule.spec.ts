import { jest } from '@jest/globals';
import fc from 'fast-check';
import { PASSPHRASE_RULE, preparePassphrase } from './passphrase-rule.js';

describe(preparePassphrase, () => {
  it.each([
    ['a decomposed letter', 'Cafe\u0301', 'Café'],
    ['full-width letters', 'ＡＢＣ１２３', 'ABC123'],
    ['a ligature', 'o\uFB03ce', 'office'],
    ['a no-break space', 'open\u00A0sesame', 'open sesame'],
    ['a narrow no-break space', 'open\u202Fsesame', 'open sesame'],
    ['an ideographic space', 'open\u3000sesame', 'open sesame'],
    ['an ogham space, which NFKC keeps', 'open\u1680sesame', 'open sesame'],
    ['a tab', 'open\tsesame', 'open sesame'],
    ['half-width katakana', 'ﾊﾟｽ', 'パス'],
    ['a Hangul syllable in parts', '\u1112\u1161\u11AB', '한'],
    ['the Kelvin sign', '300 \u212A', '300 K'],
  ])('prepares %s', (_name, typed, prepared) => {
    expect(preparePassphrase(typed, PASSPHRASE_RULE)).toBe(prepared);
    expect(preparePassphrase(typed, null)).toBe(typed);
  });

  it.each([' word ', 'two  blanks', 'Case', 'ı', '😀👩‍👩‍👧', 'line\nbreak', ''])(
    'keeps %j: nothing is trimmed, collapsed or folded',
    (typed) => expect(preparePassphrase(typed, PASSPHRASE_RULE)).toBe(typed),
  );

  it('gives the same for every spelling of a text, and for its own result', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const prepared = preparePassphrase(typed, PASSPHRASE_RULE);
        expect(preparePassphrase(prepared, PASSPHRASE_RULE)).toBe(prepared);
        for (const form of ['NFC', 'NFD'] as const) {
          expect(preparePassphrase(typed.normalize(form), PASSPHRASE_RULE)).toBe(prepared);
        }
      }),
    );
  });

  it('normalises no text that is too long for a passphrase, and keeps it too long', () => {
    const normalize = jest.spyOn(String.prototype, 'normalize');
    const longest = 'α\u0313\u0301\u0345'.repeat(128);
    const tooLong = 'e' + '\u0316\u0301'.repeat(500_000);
    expect(Array.from(preparePassphrase(longest, PASSPHRASE_RULE))).toHaveLength(128);
    expect(normalize).toHaveBeenCalledTimes(1);
    for (const rule of [PASSPHRASE_RULE, null])
      expect(Array.from(preparePassphrase(tooLong, rule)).length).toBeGreaterThan(128);
    expect(normalize).toHaveBeenCalledTimes(1);
    normalize.mockRestore();
  });

  it('refuses a rule of a later version', () => {
    expect(() => preparePassphrase('word', PASSPHRASE_RULE + 1)).toThrow(
      expect.objectContaining({ code: 'unavailable' }),
    );
  });
});
