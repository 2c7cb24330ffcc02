import * as fc from 'fast-check';
import { generateValue } from './generated-value.js';

const many = (options = {}) => Array.from({ length: 500 }, () => generateValue(options)).join('');

describe(generateValue.name, () => {
  it('makes 12 letters and digits, none of them easily misread', () => {
    expect(generateValue()).toHaveLength(12);
    expect(new Set(many())).toEqual(
      new Set('ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789'),
    );
  });

  it('uses the requested character sets, and the default ones when all are refused', () => {
    expect(many({ characterSets: { uppercase: false, lowercase: false } })).toMatch(/^[2-9]+$/);
    expect(many({ characterSets: { symbols: true } })).toMatch(/[!@#$%]/);
    expect(many({ characterSets: { uppercase: false, lowercase: false, digits: false } })).toMatch(
      /^[A-Za-z2-9]+$/,
    );
  });

  it('makes a value of any length up to 128', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 128 }), (length) => {
        expect(generateValue({ length })).toHaveLength(length);
      }),
    );
  });

  it('refuses a longer one with the message of the v1 API', () => {
    expect(() => generateValue({ length: 129 })).toThrow(
      'Generated password length must be no more than 128 characters',
    );
  });
});
