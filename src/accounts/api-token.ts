import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { z } from 'zod';

/** What a customer's program signs in with: 40 lower-case hex digits, 160 random bits. Shown once. */
export type ApiToken = string & z.$brand<'ApiToken'>;

const TOKEN_BYTES = 20;

// Compared against when a login has no token at all, so that an unknown login costs what a wrong token costs.
// Random, so that nobody can present a token that it is the hash of.
const NOBODYS_HASH = randomBytes(32);

export function newApiToken(): ApiToken {
  return randomBytes(TOKEN_BYTES).toString('hex') as ApiToken;
}

/** SHA-256, 32 bytes: enough for a random token, where a slow hash would only serve an attacker's flood. */
export function hashApiToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/**
 * Whether `token` is one of those that were hashed. Compares with every hash, and with one at least.
 * `equal` is a parameter for the tests only.
 */
export function matchesApiToken(
  token: string,
  hashes: readonly Buffer[],
  equal: (a: Buffer, b: Buffer) => boolean = timingSafeEqual,
): boolean {
  const presented = hashApiToken(token);
  let matches = false;
  for (const hash of hashes.length === 0 ? [NOBODYS_HASH] : hashes) {
    if (equal(presented, hash)) matches = true;
  }
  return matches;
}
