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
 * The entry of `known` whose hash is the one of `token`, or null. Compares with every hash, and at least once.
 * @param equal passed by tests only
 */
export function matchingToken<Known extends { readonly tokenHash: Buffer }>(
  token: string,
  known: readonly Known[],
  equal: (a: Buffer, b: Buffer) => boolean = timingSafeEqual,
): Known | null {
  const presented = hashApiToken(token);
  if (known.length === 0) equal(presented, DUMMY_HASH);
  let match: Known | null = null;
  for (const entry of known) {
    if (equal(presented, entry.tokenHash)) match = entry;
  }
  return match;
}
