import { randomBytes } from 'node:crypto';

export const BASE36_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

// The largest multiple of 36 in a byte: taking a larger byte would favour the first digits.
const FAIR_BYTES = 252;

/** The ASCII code of the digit that each fair byte stands for. */
const CODES = Uint8Array.from({ length: FAIR_BYTES }, (_, byte) =>
  BASE36_DIGITS.charCodeAt(byte % BASE36_DIGITS.length),
);

/** `length` random base36 digits from the system's secure source, 5.17 bits each. */
export function randomBase36(length: number): string {
  const digits = Buffer.allocUnsafe(length);
  let count = 0;
  while (count < length) {
    const bytes = randomBytes(length - count + 4);
    for (let index = 0; index < bytes.length && count < length; index += 1) {
      const code = CODES[bytes[index] ?? FAIR_BYTES];
      if (code !== undefined) digits[count++] = code;
    }
  }
  return digits.toString('latin1');
}
