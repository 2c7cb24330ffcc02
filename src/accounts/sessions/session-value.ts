import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';
import type { Region } from '../../config/region.js';

/** The value of a cookie: 256 random bits in base64url. Never log it. */
export type SessionValue = string & z.$brand<'SessionValue'>;

const VALUE_BYTES = 32;
const VALUE = /^[\w-]{43}$/;

export function newSessionValue(): SessionValue {
  return randomBytes(VALUE_BYTES).toString('base64url') as SessionValue;
}

/** Null for any text that is not the form of a value. */
export function parseSessionValue(text: string): SessionValue | null {
  return VALUE.test(text) ? (text as SessionValue) : null;
}

/** SHA-256 of the value and its region: it is not the hash of the same value in another. A random value needs no slow hash. */
export function hashSessionValue(value: SessionValue, region: Region): Buffer {
  return createHash('sha256').update(`onetime session ${region}\0${value}`).digest();
}

/** Derived from the value, which no page or script can read: nothing has to be stored for it. */
export function csrfTokenOf(value: SessionValue, region: Region): string {
  return createHmac('sha256', value).update(`onetime csrf ${region}`).digest('base64url');
}

export function isSameCsrfToken(presented: string, expected: string): boolean {
  const [one, other] = [Buffer.from(presented), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
