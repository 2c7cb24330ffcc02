// @peculiar/x509 needs the metadata API before it is loaded.
import 'reflect-metadata';
import { generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { Clock } from '../../shared/clock.js';
import { DAY } from '../../shared/durations.js';
import type { Hostname } from '../../shared/hostname.js';
import { CertificateIssuer } from '../certificate-issuer.js';
import type { IssuedCertificate } from '../../acme/issued-certificate.js';
import { BACKDATED, openLocalRoot, type LocalRoot } from './local-root.js';
import { newSerialNumber, SIGNATURE_ALGORITHM } from '../../shared/x509.js';

const LIFETIME = 90 * DAY;

const newKeyPair = promisify(generateKeyPair);

/** Signs for any name. Its root is trusted only by clients that were given `root.pem`. */
export class LocalAuthority extends CertificateIssuer {
  private constructor(
    private readonly root: LocalRoot,
    private readonly clock: Clock,
  ) {
    super();
  }

  /** @param directory of the root; created when missing */
  static async open(directory: string, clock: Clock): Promise<LocalAuthority> {
    return new LocalAuthority(await openLocalRoot(directory, clock.now()), clock);
  }

  override get rootPem(): string {
    return `${this.root.certificate.toString('pem')}\n`;
  }

  override async issue(
    hostname: Hostname,
    issuedAt = this.clock.now(),
  ): Promise<IssuedCertificate> {
    const keys = await newKeyPair('ec', { namedCurve: 'P-256' });
    const now = issuedAt.getTime();
    const leaf = await X509CertificateGenerator.create({
      serialNumber: newSerialNumber(),
      // The subject is empty, so the SAN is critical (RFC 5280 section 4.2.1.6).
      issuer: this.root.certificate.subjectName,
      notBefore: new Date(now - BACKDATED),
      notAfter: new Date(now + LIFETIME),
      publicKey: keys.publicKey.export({ type: 'spki', format: 'der' }),
      signingKey: this.root.signingKey,
      signingAlgorithm: SIGNATURE_ALGORITHM,
      extensions: [
        new SubjectAlternativeNameExtension([{ type: 'dns', value: hostname }], true),
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        await AuthorityKeyIdentifierExtension.create(this.root.certificate.publicKey),
      ],
    });
    return {
      hostname,
      privateKeyPem: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
      chainPem: `${leaf.toString('pem')}\n`,
      notBefore: leaf.notBefore,
      notAfter: leaf.notAfter,
    };
  }
}
