import { readAdminKey, type PresentedKey } from '../operators/admin-key.js';
import { AppError } from '../shared/app-error.js';

// RFC 6750 section 2.1: the scheme in any letter case, spaces, the token; nothing before or after.
const BEARER = /^bearer +([A-Za-z0-9_]{1,200})$/i;

/**
 * The key of a request, not verified yet; null without an Authorization header, with a malformed one, or with several.
 * @param rawHeaders names and values in turn: Node keeps the first of several headers, a proxy may have checked the last
 */
export function readAdminCredentials(rawHeaders: readonly string[]): PresentedKey | null {
  const given = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  );
  const [header] = given;
  const token = given.length === 1 && header !== undefined ? BEARER.exec(header)?.[1] : undefined;
  return token === undefined ? null : readAdminKey(token);
}

/** The one refusal of a key: it does not say whether its id exists. */
export function keyRefused(): AppError {
  return new AppError('not_authorized', 'Not authorized');
}

export const SCOPE_MISSING = 'SCOPE_MISSING';

export function scopeMissing(scope: string): AppError {
  return new AppError('forbidden', `The key has not the scope ${scope}.`, {
    reason: SCOPE_MISSING,
    hint: 'Scopes are set when a key is made: gateway admin-key create --scope.',
  });
}
