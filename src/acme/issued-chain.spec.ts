import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { DAY, HOUR, MINUTE } from '../shared/durations.js';
import { requireHostname } from '../shared/hostname.js';
import { EC_P256, SIGNATURE_ALGORITHM } from '../shared/x509.js';
import { checkIssuedChain } from './issued-chain.js';

const NAME = requireHostname('secrets.acme.example');
const NOW = new Date('2026-11-23T12:00:00Z');

const after = (milliseconds: number) => new Date(NOW.getTime() + milliseconds);
const newKeys = () => crypto.subtle.generateKey(EC_P256, true, ['sign', 'verify']);

interface Changes {
  readonly name?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** Signs with a key that is not the issuer's. */
  readonly forged?: boolean;
  readonly issuerIsCa?: boolean;
}

async function newChain(changes: Changes = {}) {
  const [rootKeys, issuerKeys, leafKeys] = [await newKeys(), await newKeys(), await newKeys()];
  const certificate = (
    subject: string,
    issuer: string,
    publicKey: CryptoKey,
    signingKey: CryptoKey,
    extensions: BasicConstraintsExtension[] | SubjectAlternativeNameExtension[],
  ) =>
    X509CertificateGenerator.create({
      subject,
      issuer,
      publicKey,
      signingKey,
      extensions,
      notBefore: changes.notBefore ?? after(-HOUR),
      notAfter: changes.notAfter ?? after(90 * DAY),
      signingAlgorithm: SIGNATURE_ALGORITHM,
    });
  const san = new SubjectAlternativeNameExtension([{ type: 'dns', value: changes.name ?? NAME }]);
  const isCa = new BasicConstraintsExtension(changes.issuerIsCa ?? true, undefined, true);
  const signer = changes.forged === true ? rootKeys : issuerKeys;
  const leaf = await certificate('', 'CN=Sub', leafKeys.publicKey, signer.privateKey, [san]);
  const issuer = await certificate('CN=Sub', 'CN=Root', issuerKeys.publicKey, rootKeys.privateKey, [
    isCa,
  ]);
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', leafKeys.privateKey);
  return {
    leaf: `${leaf.toString('pem')}\n`,
    issuer: `${issuer.toString('pem')}\n`,
    privateKeyPem: PemConverter.encode(pkcs8, PemConverter.PrivateKeyTag),
  };
}

const check = (privateKeyPem: string, chainPem: string) =>
  checkIssuedChain({ hostname: NAME, privateKeyPem, chainPem }, NOW);

const typeOf = (checking: () => unknown): string => {
  try {
    checking();
  } catch (error) {
    return (error as { type: string }).type;
  }
  return 'accepted';
};

describe('checkIssuedChain', () => {
  it('returns the chain as it came, and its dates', async () => {
    const { leaf, issuer, privateKeyPem } = await newChain();
    expect(check(privateKeyPem, `${leaf}\n${issuer}`)).toEqual({
      hostname: NAME,
      privateKeyPem,
      chainPem: leaf + issuer,
      notBefore: after(-HOUR),
      notAfter: after(90 * DAY),
    });
  });

  it.each<[string, Changes]>([
    ['certificate_wrong_name', { name: 'other.acme.example' }],
    ['certificate_wrong_name', { name: '*.acme.example' }],
    ['certificate_not_valid_now', { notAfter: NOW }],
    ['certificate_not_valid_now', { notBefore: after(2 * HOUR) }],
    ['certificate_incomplete_chain', { forged: true }],
    ['certificate_incomplete_chain', { issuerIsCa: false }],
  ])('refuses with %s: %j', async (type, changes) => {
    const { leaf, issuer, privateKeyPem } = await newChain(changes);
    expect(typeOf(() => check(privateKeyPem, leaf + issuer))).toBe(type);
  });

  it('accepts a certificate that becomes valid a few minutes from now', async () => {
    const { leaf, issuer, privateKeyPem } = await newChain({ notBefore: after(5 * MINUTE) });
    expect(typeOf(() => check(privateKeyPem, leaf + issuer))).toBe('accepted');
  });

  it('accepts a certificate that is valid for five minutes', async () => {
    const changes = { notBefore: NOW, notAfter: after(5 * MINUTE) };
    const { leaf, issuer, privateKeyPem } = await newChain(changes);
    expect(typeOf(() => check(privateKeyPem, leaf + issuer))).toBe('accepted');
  });

  it('refuses another key, a wrong order, a partial chain and no chain', async () => {
    const { leaf, issuer, privateKeyPem } = await newChain();
    const other = await newChain();
    const types = [
      [other.privateKeyPem, leaf + issuer],
      [privateKeyPem, issuer + leaf],
      [privateKeyPem, leaf + other.issuer],
      [privateKeyPem, leaf],
      [privateKeyPem, (leaf + issuer).slice(0, -100)],
      [privateKeyPem, ''],
      [privateKeyPem, leaf + issuer.replace(/\nMII/, '\nAAA')],
    ].map(([key, chain]) => typeOf(() => check(key!, chain!)));
    expect(types).toEqual([
      'certificate_wrong_key',
      'certificate_incomplete_chain',
      'certificate_incomplete_chain',
      'certificate_incomplete_chain',
      'certificate_incomplete_chain',
      'certificate_incomplete_chain',
      'certificate_unusable',
    ]);
  });

  it('does not quote the key in an error', async () => {
    const { leaf, issuer, privateKeyPem } = await newChain({ name: 'other.acme.example' });
    const body = privateKeyPem.split('\n')[1]!;
    expect(() => check(privateKeyPem, leaf + issuer)).not.toThrow(body);
  });
});
