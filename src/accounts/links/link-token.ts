import { createHash, randomBytes } from 'node:crypto';
import type { z } from 'zod';

/** What opens a mailed link: 256 random bits in base64url. Never log it. */
export type LinkToken = string & z.$brand<'LinkToken'>;

/** The paths of the links on the region's own host; the token follows. */
export const SIGN_UP_LINK_PATH = '/sign-up/';
export const PASSWORD_LINK_PATH = '/new-password/';

export function newLinkToken(): LinkToken {
  return randomBytes(32).toString('base64url') as LinkToken;
}

/** SHA-256 of any text. A random token needs no slow hash. */
export function hashLinkToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
