import { randomBytes } from 'node:crypto';

/** The only kind of key that we make, as Web Crypto names it. */
export const EC_P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
export const SIGNATURE_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;

const SERIAL_BYTES = 16;

/** Hexadecimal, positive, never zero, 16 bytes (RFC 5280 section 4.1.2.2). */
export function newSerialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
