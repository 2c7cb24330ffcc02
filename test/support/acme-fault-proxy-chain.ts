// @peculiar/x509 needs the metadata API before it is loaded.
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
  type Extension,
} from '@peculiar/x509';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const DAY_MS = 86_400_000;
const ISSUER = 'CN=Test intermediate';

/** Leaf and intermediate for `name`, valid, for a key that is thrown away. */
export async function chainForAnotherKey(name: string): Promise<string> {
  const [issuerKeys, leafKeys] = [await newKeys(), await newKeys()];
  const issued = (subject: string, publicKey: CryptoKey, extensions: Extension[]) =>
    X509CertificateGenerator.create({
      subject,
      issuer: ISSUER,
      notBefore: new Date(Date.now() - DAY_MS),
      notAfter: new Date(Date.now() + 90 * DAY_MS),
      publicKey,
      signingKey: issuerKeys.privateKey,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
      extensions,
    });
  const san = new SubjectAlternativeNameExtension([{ type: 'dns', value: name }]);
  const leaf = await issued('', leafKeys.publicKey, [san]);
  const isCa = new BasicConstraintsExtension(true, 0, true);
  const issuer = await issued(ISSUER, issuerKeys.publicKey, [isCa]);
  return `${leaf.toString('pem')}\n${issuer.toString('pem')}\n`;
}

function newKeys() {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}
