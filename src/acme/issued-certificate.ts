import type { Hostname } from '../shared/hostname.js';

/** A certificate for one name, with its key. Never log it. */
export interface IssuedCertificate {
  readonly hostname: Hostname;
  /** PKCS #8, in clear. */
  readonly privateKeyPem: string;
  /** The leaf first, then each one's issuer, without the root. */
  readonly chainPem: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}
