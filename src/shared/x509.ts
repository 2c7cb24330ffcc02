import { randomBytes } from 'node:crypto';

export const SIGNATURE_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;

const SERIAL_BYTES = 16;

/** Hexadecimal, positive, never zero, 16 bytes (RFC 5280 section 4.1.2.2). */
export function newSerialNumber(): string {
  const bytes = randomBytes(SERIAL_BYTES);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
