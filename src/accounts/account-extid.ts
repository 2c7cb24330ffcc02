import { BASE36_DIGITS } from '../shared/base36.js';
import type { AccountId } from './account.js';

const PREFIX = 'ur';
/** 36 ** 25 is above 2 ** 128. */
const DIGITS = 25;
const EXTID = /^ur[0-9a-z]{25}$/;
const BASE = 36n;
const UUID_MAX = (1n << 128n) - 1n;

/** An account's id outside: `ur` and 25 base36 digits, the same number as the UUID inside. */
export function extidOf(id: AccountId): string {
  const digits = BigInt(`0x${id.replaceAll('-', '')}`).toString(BASE36_DIGITS.length);
  return PREFIX + digits.padStart(DIGITS, '0');
}

/** The id of an account in what extidOf() writes; null for any other text. */
export function parseExtid(text: string): AccountId | null {
  if (!EXTID.test(text)) return null;
  let value = 0n;
  for (const digit of text.slice(PREFIX.length))
    value = value * BASE + BigInt(BASE36_DIGITS.indexOf(digit));
  if (value > UUID_MAX) return null;
  const hex = value.toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as AccountId;
}
