import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';

/** The password of HTTP Basic: 40 lower-case hex digits, 160 random bits. Shown once. */
export type ApiToken = string & z.$brand<'ApiToken'>;

const TOKEN_BYTES = 20;

// Compared with when a login has no token, so that an unknown login takes as long as a wrong token.
// Random: it is the hash of no known token.
const DUMMY_HASH = randomBytes(32);

export function newApiToken(): ApiToken {
  return randomBytes(TOKEN_BYTES).toString('hex') as ApiToken;
}

/** SHA-256, 32 bytes. A random token needs no slow hash, and a slow hash on every request would help a flood. */
export function hashApiToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/**
 * Whether `token` has one of the hashes. Compares with every hash, and at least once.
 * @param equal passed by tests only
 */
export function matchesApiToken(
  token: string,
  hashes: readonly Buffer[],
  equal: (a: Buffer, b: Buffer) => boolean = timingSafeEqual,
): boolean {
  const presented = hashApiToken(token);
  let matches = false;
  for (const hash of hashes.length === 0 ? [DUMMY_HASH] : hashes) {
    if (equal(presented, hash)) matches = true;
  }
  return matches;
}
