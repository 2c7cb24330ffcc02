// @peculiar/x509 needs the metadata API before it is loaded.
import 'reflect-metadata';
import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from '@peculiar/x509';
import type { Hostname } from '../shared/hostname.js';
import { SIGNATURE_ALGORITHM } from '../shared/x509.js';

const newKeyPair = promisify(generateKeyPair);
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** A new EC P-256 key as PKCS #8. Never log it, and seal it before it is stored. */
export async function newPrivateKeyPem(): Promise<string> {
  const { privateKey } = await newKeyPair('ec', { namedCurve: ALGORITHM.namedCurve });
  return privateKey.export({ type: 'pkcs8', format: 'pem' });
}

/** DER of a request for exactly one name. No common name: CAs leave it out, and 64 characters are too few for it. */
export async function certificateRequest(
  hostname: Hostname,
  privateKeyPem: string,
): Promise<Buffer> {
  const { subtle } = crypto;
  const pkcs8 = createPrivateKey(privateKeyPem).export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' });
  const request = await Pkcs10CertificateRequestGenerator.create({
    keys: {
      privateKey: await subtle.importKey('pkcs8', pkcs8, ALGORITHM, false, ['sign']),
      publicKey: await subtle.importKey('spki', spki, ALGORITHM, true, ['verify']),
    },
    signingAlgorithm: SIGNATURE_ALGORITHM,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }])],
  });
  return Buffer.from(request.rawData);
}
