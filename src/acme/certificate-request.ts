// @peculiar/x509 needs the metadata API before it is loaded.
import 'reflect-metadata';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from '@peculiar/x509';
import type { Hostname } from '../shared/hostname.js';
import { EC_P256, SIGNATURE_ALGORITHM } from '../shared/x509.js';

/** A new EC P-256 key as PKCS #8. Never log it, and seal it before it is stored. */
export async function newPrivateKeyPem(): Promise<string> {
  // Loaded when it is needed, as in signed-requests.ts.
  const { default: acme } = await import('acme-client');
  return (await acme.crypto.createPrivateEcdsaKey('P-256')).toString();
}

/**
 * PEM of a request for exactly one name. No common name: CAs ignore it, and it is limited to 64 characters. Not made by
 * acme-client's createCsr(), which also asks for a key usage that an EC key cannot have (keyEncipherment).
 */
export async function certificateRequest(
  hostname: Hostname,
  privateKeyPem: string,
): Promise<string> {
  const { subtle } = crypto;
  const pkcs8 = createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' });
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: {
      privateKey: await subtle.importKey('pkcs8', pkcs8, EC_P256, false, ['sign']),
      publicKey: await subtle.importKey('spki', spki, EC_P256, true, ['verify']),
    },
    signingAlgorithm: SIGNATURE_ALGORITHM,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }])],
  });
  return request.toString('pem');
}
