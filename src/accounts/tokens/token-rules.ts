import { DAY_SECONDS } from '../../shared/durations.js';

const NAME_LENGTH_MAX = 60;

/** What a customer or the operator may ask for. Five years; a quarter of a year. */
export const TOKEN_EXPIRY_SECONDS = { min: 60, max: 1826 * DAY_SECONDS } as const;
export const TOKEN_OVERLAP_SECONDS_MAX = 90 * DAY_SECONDS;

export const TOKEN_NAME_RULE = `A token's name has 1 to ${NAME_LENGTH_MAX} characters, no line breaks`;

/** The database folds letters by its own locale: whether a name is taken is decided here, with the account locked. */
export function isSameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** A name of a token, trimmed; null for text that is none. */
export function parseTokenName(text: string): string | null {
  const name = text.trim();
  const isName =
    name !== '' && name.length <= NAME_LENGTH_MAX && !/[\p{C}\p{Zl}\p{Zp}]/u.test(name);
  return isName ? name : null;
}
