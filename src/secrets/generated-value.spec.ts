import * as fc from 'fast-check';
import { generateValue } from './generated-value.js';

const many = (options = {}) => Array.from({ length: 500 }, () => generateValue(options)).join('');

describe(generateValue.name, () => {
  it('makes 12 characters of upper case, lower case and digits, none of them easily misread', () => {
    expect(generateValue()).toHaveLength(12);
    expect(new Set(many())).toEqual(
      new Set('ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789'),
    );
  });

  it('takes the sets as they are asked for', () => {
    expect(many({ characterSets: { uppercase: false, lowercase: false } })).toMatch(/^[2-9]+$/);
    expect(many({ characterSets: { symbols: true } })).toMatch(/[!@#$%]/);
    expect(many({ characterSets: { uppercase: false, lowercase: false, digits: false } })).toMatch(
      /^[A-Za-z2-9]+$/,
    );
  });

  it('makes any length up to 128', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 128 }), (length) => {
        expect(generateValue({ length })).toHaveLength(length);
      }),
    );
  });

  it('refuses more, in the words that clients know', () => {
    expect(() => generateValue({ length: 129 })).toThrow(
      'Generated password length must be no more than 128 characters',
    );
  });
});
