import type { Hostname } from '../shared/hostname.js';
import type { IssuedCertificate } from '../acme/issued-certificate.js';

/** Makes certificates. Each call makes a new key and a new certificate, so callers keep the result. */
export abstract class CertificateIssuer {
  /** @param now default: the issuer's own clock */
  abstract issue(hostname: Hostname, now?: Date): Promise<IssuedCertificate>;
}
