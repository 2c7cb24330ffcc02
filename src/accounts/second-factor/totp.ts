import { Secret, TOTP } from 'otpauth';

/** What every authenticator app knows: six digits by HMAC-SHA-1, a new code every 30 seconds. */
const PARAMETERS = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Clocks differ: one code before and one after counts too. */
const WINDOW = 1;
const SECRET_BYTES = 20;

const CODE = /^\d{6}$/;

export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** The digits of a code as people type it; null for any other text. */
export function parseTotpCode(text: string): string | null {
  const digits = text.slice(0, 20).replaceAll(/[\s-]/g, '');
  return CODE.test(digits) ? digits : null;
}

/** For the QR code. @param issuer the host, as the app shows it */
export function totpUri(secret: string, issuer: string, label: string): string {
  return new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret), issuer, label }).toString();
}

/** The counter of the code at `now`; null: it is none of the secret. The caller lets each counter count once. */
export function totpCounter(secret: string, code: string, now: Date): number | null {
  const timestamp = now.getTime();
  const totp = new TOTP({ ...PARAMETERS, secret: Secret.fromBase32(secret) });
  const delta = totp.validate({ token: code, window: WINDOW, timestamp });
  return delta === null ? null : TOTP.counter({ period: PARAMETERS.period, timestamp }) + delta;
}
