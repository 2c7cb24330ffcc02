import { createRequire } from 'node:module';
import type { dictionary } from '@zxcvbn-ts/language-common';
import { AppError } from '../../shared/app-error.js';

export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_BYTES_MAX = 512;

/** More than any password that can be set has before NFC. Normalising a mebibyte of combining marks takes a minute. */
const TYPED_LENGTH_MAX = 4 * PASSWORD_BYTES_MAX;

const loadLibrary = createRequire(import.meta.url);
let common: ReadonlySet<string> | undefined;

/** Loaded and made for the first password: 50,000 of them are unpacked and folded. */
function commonPasswords(): ReadonlySet<string> {
  if (common !== undefined) return common;
  const { dictionary: known } = loadLibrary('@zxcvbn-ts/language-common') as {
    readonly dictionary: typeof dictionary;
  };
  common = new Set(known['passwords-common'].map(folded));
  return common;
}

/**
 * The password as it is hashed: one keyboard composes `é`, another does not. Null: it is longer than any password that
 * can be set.
 */
export function preparePassword(typed: string): string | null {
  if (typed.length > TYPED_LENGTH_MAX) return null;
  const password = typed.normalize('NFC');
  return Buffer.byteLength(password) > PASSWORD_BYTES_MAX ? null : password;
}

/**
 * A password that may be set, as it is hashed. What it is made of does not matter (NIST SP 800-63B).
 * @throws AppError `invalid_request`
 */
export function requirePassword(typed: string, email: string): string {
  const password = preparePassword(typed);
  if (password === null)
    throw refused(`A password has at most ${PASSWORD_BYTES_MAX} bytes.`, 'TOO_LONG');
  if (Array.from(password).length < PASSWORD_LENGTH_MIN)
    throw refused(`A password has at least ${PASSWORD_LENGTH_MIN} characters.`, 'TOO_SHORT');
  if (isAddress(password, email))
    throw refused('The address of the account is no password.', 'IS_ADDRESS');
  if (isCommon(password))
    throw refused('Many people have this password: it is tried first.', 'COMMON');
  return password;
}

/** Upper case and blanks do not make a common password rare, and neither does typing it several times. */
function isCommon(password: string): boolean {
  const text = folded(password);
  if (text === '') return true;
  const known = commonPasswords();
  return Array.from({ length: text.length }, (_, index) => index + 1).some((length) => {
    if (text.length % length !== 0) return false;
    const part = text.slice(0, length);
    return part.repeat(text.length / length) === text && (length <= 2 || known.has(part));
  });
}

function isAddress(password: string, email: string): boolean {
  const text = folded(password);
  const address = folded(email);
  const [local = '', host = ''] = address.split('@');
  return [address, local, host].includes(text);
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s/gu, '');
}

function refused(message: string, code: string): AppError {
  return new AppError('invalid_request', message, {
    field: 'password',
    reason: `PASSWORD_${code}`,
  });
}
