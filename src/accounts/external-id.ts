import type { AccountId } from './account.js';

const PREFIX = 'ur';
const DIGITS = 25;
const EXTERNAL_ID = new RegExp(`^${PREFIX}([0-9a-z]{${DIGITS}})$`);
const UUID_BITS = 128n;

/** The id of an account as the API shows it, and as Basic accepts it for a login: `ur` and the id in base36. */
export function externalIdOf(id: AccountId): string {
  const number = BigInt(`0x${id.replaceAll('-', '')}`);
  return PREFIX + number.toString(36).padStart(DIGITS, '0');
}

/** The account's id in an external id; null for any other text. */
export function accountIdIn(text: string): AccountId | null {
  const digits = EXTERNAL_ID.exec(text)?.[1];
  if (digits === undefined) return null;
  let number = 0n;
  for (const digit of digits) number = number * 36n + BigInt(Number.parseInt(digit, 36));
  if (number >> UUID_BITS !== 0n) return null;
  const hex = number.toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') as AccountId;
}
