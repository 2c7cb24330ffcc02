import { createHmac, hash } from 'node:crypto';
import { BASE36_DIGITS, randomBase36 } from '../shared/base36.js';
import { KEY_LENGTH } from './receipt.js';

/** Whole days since 1970-01-01, UTC. */
type Day = number;

/** What a key opens: a secret, or the receipt of one (then it is called a metadata key). */
export type KeyPurpose = 'secret' | 'receipt';

const BUCKET_LENGTH = 2;
const BUCKETS = BASE36_DIGITS.length ** BUCKET_LENGTH;
const RANDOM_LENGTH = KEY_LENGTH - BUCKET_LENGTH;
const LOOKUP_BYTES = 20;
// The window is as wide as there are buckets, so that one day in it fits.
const PAST_DAYS = 200;
const DAY_MS = 86_400_000;

/**
 * A fresh key that tells its expiry day to whoever has the mask. 29 random characters (150 bits);
 * before them two that carry the day, shifted by an HMAC over the 29, so that no link shows a date.
 */
export function mintKey(mask: Buffer, expiresOn: Day): string {
  const random = randomBase36(RANDOM_LENGTH);
  const bucket = modulo(expiresOn + shiftOf(mask, random), BUCKETS);
  return (
    digitAt(Math.floor(bucket / BASE36_DIGITS.length)) +
    digitAt(bucket % BASE36_DIGITS.length) +
    random
  );
}

/**
 * The expiry day in a key, between 200 days before and 1,095 days after `today`. Text that is no key
 * has a day as well: its lookup then runs and finds nothing, at the same cost as any other.
 */
export function expiryDayOf(mask: Buffer, key: string, today: Day): Day {
  const bucket = Number.parseInt(key.slice(0, BUCKET_LENGTH), BASE36_DIGITS.length) || 0;
  const shift = shiftOf(mask, key.slice(BUCKET_LENGTH));
  const first = today - PAST_DAYS;
  return first + modulo(bucket - shift - first, BUCKETS);
}

/**
 * What is stored instead of the key. Not keyed by the root key, which is rotated while secrets live;
 * the purpose keeps a secret's key from being taken for a receipt's.
 */
export function lookupOf(purpose: KeyPurpose, key: string): Buffer {
  return hash('sha256', `onetime ${purpose} lookup\0${key}`, 'buffer').subarray(0, LOOKUP_BYTES);
}

export function dayOf(instant: Date): Day {
  return Math.floor(instant.getTime() / DAY_MS);
}

/** `2026-11-23` */
export function dateOf(day: Day): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function shiftOf(mask: Buffer, text: string): number {
  return createHmac('sha256', mask).update(text).digest().readUInt32BE(0) % BUCKETS;
}

function digitAt(index: number): string {
  return BASE36_DIGITS.charAt(index);
}

function modulo(dividend: number, divisor: number): number {
  return ((dividend % divisor) + divisor) % divisor;
}
