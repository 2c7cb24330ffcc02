import type { X509Certificate } from 'node:crypto';
import { HOUR } from './durations.js';

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Not every CA backdates, and this host's clock may be slow. */
const SKEW = HOUR;

/** The complete certificate blocks of a PEM text, in order. */
export function pemBlocks(pem: string): string[] {
  return pem.match(BLOCK) ?? [];
}

/** One block per certificate, each ending with a newline. */
export function formatPemChain(chain: readonly X509Certificate[]): string {
  return `${chain.map((each) => each.toString().trimEnd()).join('\n')}\n`;
}

/** By its names and its signature. Whether `issuer` is a CA is for the caller to check. */
export function isIssuedBy(subject: X509Certificate, issuer: X509Certificate): boolean {
  return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
}

/** A certificate that becomes valid within the next hour counts as valid. */
export function isValidAt(certificate: X509Certificate, now: Date): boolean {
  const isEarly = certificate.validFromDate.getTime() > now.getTime() + SKEW;
  return !isEarly && certificate.validToDate > now;
}
