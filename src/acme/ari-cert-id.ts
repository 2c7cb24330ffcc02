// @peculiar/x509 needs the metadata API before it is loaded.
import 'reflect-metadata';
import { AuthorityKeyIdentifierExtension, X509Certificate } from '@peculiar/x509';

/**
 * The certificate's unique identifier in ARI and `replaces` (RFC 9773 section 4.1).
 * @param chainPem the certificate comes first
 * @returns null for a certificate without an authority key identifier
 */
export function ariCertId(chainPem: string): string | null {
  const leaf = new X509Certificate(chainPem);
  const keyId = leaf.getExtension(AuthorityKeyIdentifierExtension)?.keyId;
  if (keyId === undefined) return null;
  return `${base64url(keyId)}.${base64url(derInteger(leaf.serialNumber))}`;
}

/** DER prefixes a positive number whose first bit is set with a zero byte. */
function derInteger(hex: string): string {
  const bytes = hex.length % 2 === 0 ? hex : `0${hex}`;
  return /^[89a-f]/i.test(bytes) ? `00${bytes}` : bytes;
}

function base64url(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64url');
}
