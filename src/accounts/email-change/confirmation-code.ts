import { createHash } from 'node:crypto';
import { randomBase36 } from '../../shared/base36.js';

const GROUPS = 4;
const DIGITS = 4;

/** A code to be typed from a message: 16 base36 digits, 82 random bits, in groups of four. */
export function newConfirmationCode(): string {
  return Array.from({ length: GROUPS }, () => randomBase36(DIGITS)).join('-');
}

/** SHA-256 of the code's digits: neither letter case nor what stands between them counts. */
export function hashConfirmationCode(code: string): Buffer {
  const digits = code.toLowerCase().replaceAll(/[^0-9a-z]/g, '');
  return createHash('sha256').update(digits).digest();
}
