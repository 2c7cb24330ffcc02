/*
 * certificates: knows host names, their keys and certificates, who issues them and when they are renewed.
 * It must not know tenants, accounts or requests, and nothing of it asks an authority on a stranger's word.
 */
import type { Hostname } from '../shared/hostname.js';

/** A certificate for one name, with its key. Never log it. */
export interface IssuedCertificate {
  readonly hostname: Hostname;
  /** PKCS #8, in clear. */
  readonly privateKeyPem: string;
  /** The leaf first, then what leads to the root; the root itself is left out. */
  readonly chainPem: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Whoever makes certificates. Each call makes a new key and a new certificate: callers keep what they got. */
export abstract class CertificateIssuer {
  abstract issue(hostname: Hostname): Promise<IssuedCertificate>;
}
