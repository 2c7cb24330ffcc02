import { randomBytes } from 'node:crypto';

export const BASE36_DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

// The largest multiple of 36 in a byte: taking a larger byte would favour the first digits.
const FAIR_BYTES = 252;

/** `length` random base36 digits from the system's secure source, 5.17 bits each. */
export function randomBase36(length: number): string {
  let digits = '';
  while (digits.length < length) {
    for (const byte of randomBytes(length - digits.length + 4)) {
      if (byte < FAIR_BYTES && digits.length < length)
        digits += BASE36_DIGITS.charAt(byte % BASE36_DIGITS.length);
    }
  }
  return digits;
}
