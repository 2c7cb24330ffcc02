// @peculiar/x509 needs the metadata API before it is loaded.
import 'reflect-metadata';
import { createHash } from 'node:crypto';
import {
  BasicConstraintsExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { DAY, HOUR } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import { EC_P256, newSerialNumber, SIGNATURE_ALGORITHM } from '../shared/x509.js';

/** The ALPN protocol of tls-alpn-01 (RFC 8737 section 3). */
export const ACME_TLS_PROTOCOL = 'acme-tls/1';

export interface AlpnCertificate {
  readonly privateKeyPem: string;
  readonly certificatePem: string;
}

const ACME_IDENTIFIER = '1.3.6.1.5.5.7.1.31';
const OCTET_STRING_OF_32 = Buffer.from([0x04, 32]);

/** The self-signed answer to a tls-alpn-01 challenge, with its own key. Never shown to visitors. */
export async function tlsAlpnCertificate(
  hostname: Hostname,
  keyAuthorization: string,
  now: Date,
): Promise<AlpnCertificate> {
  const keys = await crypto.subtle.generateKey(EC_P256, true, ['sign', 'verify']);
  const digest = createHash('sha256').update(keyAuthorization).digest();
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: 'CN=acme-tls-1',
    notBefore: new Date(now.getTime() - HOUR),
    notAfter: new Date(now.getTime() + DAY),
    keys,
    signingAlgorithm: SIGNATURE_ALGORITHM,
    extensions: [
      new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }]),
      new Extension(ACME_IDENTIFIER, true, Buffer.concat([OCTET_STRING_OF_32, digest])),
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    privateKeyPem: PemConverter.encode(pkcs8, PemConverter.PrivateKeyTag),
    certificatePem: `${certificate.toString('pem')}\n`,
  };
}
