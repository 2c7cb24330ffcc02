import { createHmac, hash, type KeyObject } from 'node:crypto';
import { BASE36_DIGITS, randomBase36 } from '../shared/base36.js';
import { KEY_LENGTH } from './receipt.js';

/** Whole days since 1970-01-01, UTC. */
type Day = number;

/** What a key opens: a secret, or a receipt (then it is called a metadata key). */
export type KeyPurpose = 'secret' | 'receipt';

const BUCKET_LENGTH = 2;
const BUCKETS = BASE36_DIGITS.length ** BUCKET_LENGTH;
const RANDOM_LENGTH = KEY_LENGTH - BUCKET_LENGTH;
const LOOKUP_BYTES = 20;
// The window is as many days wide as there are buckets: exactly one day in it fits a key.
const PAST_DAYS = 200;
const DAY_MS = 86_400_000;

/**
 * A new key that contains its expiry day, readable under the mask only. The last 29 characters are random (150 bits).
 * The first two are the day, shifted by an HMAC over the 29, so a link does not show a date.
 */
export function mintKey(mask: KeyObject, expiresOn: Day): string {
  const random = randomBase36(RANDOM_LENGTH);
  const bucket = modulo(expiresOn + shiftOf(mask, random), BUCKETS);
  return (
    digitAt(Math.floor(bucket / BASE36_DIGITS.length)) +
    digitAt(bucket % BASE36_DIGITS.length) +
    random
  );
}

/**
 * The expiry day in a key, between 200 days before and 1,095 days after `today`. A text that is no key gives a day as
 * well: its lookup finds nothing, at the same cost as any other.
 */
export function expiryDayOf(mask: KeyObject, key: string, today: Day): Day {
  const bucket = Number.parseInt(key.slice(0, BUCKET_LENGTH), BASE36_DIGITS.length) || 0;
  const shift = shiftOf(mask, key.slice(BUCKET_LENGTH));
  const first = today - PAST_DAYS;
  return first + modulo(bucket - shift - first, BUCKETS);
}

/**
 * The hash that is stored instead of the key. Does not depend on the root key, which is rotated while secrets exist.
 * A secret's key finds no receipt, and a metadata key finds no secret.
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

function shiftOf(mask: KeyObject, text: string): number {
  return createHmac('sha256', mask).update(text).digest().readUInt32BE(0) % BUCKETS;
}

function digitAt(index: number): string {
  return BASE36_DIGITS.charAt(index);
}

function modulo(dividend: number, divisor: number): number {
  return ((dividend % divisor) + divisor) % divisor;
}
