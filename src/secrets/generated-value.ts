import { randomInt } from 'node:crypto';
import { AppError } from '../shared/app-error.js';

/** The character sets to use. Default: upper case, lower case and digits, no symbols. */
export interface CharacterSets {
  readonly uppercase?: boolean;
  readonly lowercase?: boolean;
  readonly digits?: boolean;
  readonly symbols?: boolean;
}

export interface GeneratedValueOptions {
  /** In characters; default: 12. */
  readonly length?: number;
  readonly characterSets?: CharacterSets;
}

const LENGTH_DEFAULT = 12;
const LENGTH_MAX = 128;

// Without i l o 1 I O 0, which people misread.
export const ALPHABETS = {
  uppercase: 'ABCDEFGHJKLMNPQRSTUVWXYZ',
  lowercase: 'abcdefghjkmnpqrstuvwxyz',
  digits: '23456789',
  symbols: '!@#$%^&*()-_=+[]{};:,.?',
} as const;

/**
 * A random value from the requested character sets, or from the default ones when every set is refused.
 * @throws AppError `invalid_request` for more than 128 characters
 */
export function generateValue({ length, characterSets = {} }: GeneratedValueOptions = {}): string {
  const count = Math.max(1, Math.trunc(length ?? LENGTH_DEFAULT) || LENGTH_DEFAULT);
  if (count > LENGTH_MAX) {
    throw new AppError(
      'invalid_request',
      `Generated password length must be no more than ${LENGTH_MAX} characters`,
      { field: 'length', reason: 'too_long' },
    );
  }
  const alphabet = alphabetOf(characterSets) || alphabetOf({});
  return Array.from({ length: count }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

function alphabetOf({ uppercase, lowercase, digits, symbols }: CharacterSets): string {
  return (
    (uppercase === false ? '' : ALPHABETS.uppercase) +
    (lowercase === false ? '' : ALPHABETS.lowercase) +
    (digits === false ? '' : ALPHABETS.digits) +
    (symbols === true ? ALPHABETS.symbols : '')
  );
}
