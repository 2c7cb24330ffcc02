import type { Hostname } from '../shared/hostname.js';
import type { IssuedCertificate } from '../acme/issued-certificate.js';

/** Makes certificates. Each call makes a new key and a new certificate, so callers keep the result. */
export abstract class CertificateIssuer {
  /** Whom clients have to trust for what this issuer signs; null: a public CA. */
  get rootPem(): string | null {
    return null;
  }

  /** @param now default: the issuer's own clock */
  abstract issue(hostname: Hostname, now?: Date): Promise<IssuedCertificate>;
}
