import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';

export const ADMIN_SCOPES = ['read', 'write'] as const;
export type AdminScope = (typeof ADMIN_SCOPES)[number];

/** A key in clear: `gwadmin_ID_SECRET`. Shown once. */
export type AdminKeyText = string & z.$brand<'AdminKeyText'>;

/** A key as a request presents it. Nothing of it is verified. */
export interface PresentedKey {
  readonly id: string;
  readonly secret: string;
}

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const KEY = /^gwadmin_([0-9a-f]{16})_([0-9a-f]{64})$/;

// Compared with when the id is unknown, so that it takes as long as a wrong secret. The hash of no known secret.
const DUMMY_HASH = randomBytes(32);

export function newAdminKey(): PresentedKey {
  return {
    id: randomBytes(ID_BYTES).toString('hex'),
    secret: randomBytes(SECRET_BYTES).toString('hex'),
  };
}

export function adminKeyText({ id, secret }: PresentedKey): AdminKeyText {
  return `gwadmin_${id}_${secret}` as AdminKeyText;
}

/** Null for text that is no key. */
export function readAdminKey(text: string): PresentedKey | null {
  const [, id, secret] = KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? null : { id, secret };
}

/** SHA-256: a random secret needs no slow hash. */
export function hashAdminSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** In constant time. @param hash null: the id is unknown */
export function matchesAdminSecret(secret: string, hash: Buffer | null): boolean {
  const isEqual = timingSafeEqual(hashAdminSecret(secret), hash ?? DUMMY_HASH);
  return isEqual && hash !== null;
}
