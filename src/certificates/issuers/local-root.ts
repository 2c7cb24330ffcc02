// @peculiar/x509 needs the metadata API before it is loaded.
import 'reflect-metadata';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { createPrivateFile, readIfPresent, replacePublicFile } from '../../shared/atomic-file.js';
import { DAY, HOUR } from '../../shared/durations.js';
import { EC_P256, newSerialNumber, SIGNATURE_ALGORITHM } from '../../shared/x509.js';

/** The local authority's certificate and signing key. */
export interface LocalRoot {
  readonly certificate: X509Certificate;
  readonly signingKey: CryptoKey;
}

/** Lets clients with a slow clock accept a new certificate. */
export const BACKDATED = HOUR;

const NAME = 'CN=Onetime Gateway Local Authority';
const LIFETIME = 3650 * DAY;

/**
 * The root in `directory`, made on first use. `root-key.pem` (0600) contains key and certificate in one file, so that
 * they always belong together; `root.pem` is a copy of the certificate for clients to trust.
 */
export async function openLocalRoot(directory: string, now: Date): Promise<LocalRoot> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, 'root-key.pem');
  if (readIfPresent(path) === null) createPrivateFile(path, await createRoot(now));
  // Always read back: another process may have created it first.
  const root = await parseRoot(await readFile(path, 'utf8'), path);
  replacePublicFile(join(directory, 'root.pem'), `${root.certificate.toString('pem')}\n`);
  return root;
}

async function createRoot(now: Date): Promise<string> {
  const keys = await crypto.subtle.generateKey(EC_P256, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: NAME,
    notBefore: new Date(now.getTime() - BACKDATED),
    notAfter: new Date(now.getTime() + LIFETIME),
    signingAlgorithm: SIGNATURE_ALGORITHM,
    keys,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  const key = PemConverter.encode(pkcs8, PemConverter.PrivateKeyTag);
  return `${key}\n${certificate.toString('pem')}\n`;
}

async function parseRoot(pem: string, path: string): Promise<LocalRoot> {
  try {
    const key = readBlock(pem, PemConverter.PrivateKeyTag);
    return {
      certificate: new X509Certificate(readBlock(pem, PemConverter.CertificateTag)),
      signingKey: await crypto.subtle.importKey('pkcs8', key, EC_P256, false, ['sign']),
    };
  } catch (cause) {
    throw new Error(`${path} holds no usable root; remove it, and a new one is made`, { cause });
  }
}

function readBlock(pem: string, tag: string): ArrayBuffer {
  const block = PemConverter.decodeWithHeaders(pem).find(({ type }) => type === tag);
  if (block === undefined) throw new Error(`no ${tag} in it`);
  return block.rawData;
}
