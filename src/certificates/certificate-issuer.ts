/*
 * certificates: knows host names, their keys and certificates, who issues them and when they are renewed.
 * It must not know tenants, accounts or requests, and nothing of it asks an authority on a stranger's word.
 */
import type { Hostname } from '../shared/hostname.js';
import type { IssuedCertificate } from '../acme/issued-certificate.js';

/** Whoever makes certificates. Each call makes a new key and a new certificate: callers keep what they got. */
export abstract class CertificateIssuer {
  abstract issue(hostname: Hostname): Promise<IssuedCertificate>;
}
