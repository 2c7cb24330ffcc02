import { createPublicKey } from 'node:crypto';
import 'reflect-metadata';
import { Pkcs10CertificateRequest, SubjectAlternativeNameExtension } from '@peculiar/x509';
import { requireHostname } from '../shared/hostname.js';
import { certificateRequest, newPrivateKeyPem } from './certificate-request.js';

const SAN = '2.5.29.17';

describe('certificateRequest', () => {
  const longest = requireHostname(`${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(61));

  it.each([requireHostname('secrets.acme.example'), longest])(
    'requests one name, without a subject, with the given key: %s',
    async (name) => {
      const privateKeyPem = await newPrivateKeyPem();
      const request = new Pkcs10CertificateRequest(await certificateRequest(name, privateKeyPem));
      expect(await request.verify()).toBe(true);
      expect(request.subject).toBe('');
      expect(request.extensions).toHaveLength(1);
      const san = new SubjectAlternativeNameExtension(request.getExtension(SAN)!.rawData);
      expect(san.names.toJSON()).toEqual([{ type: 'dns', value: name }]);
      const spki = createPublicKey(privateKeyPem).export({ type: 'spki', format: 'der' });
      expect(Buffer.from(request.publicKey.rawData).equals(spki)).toBe(true);
    },
  );

  it('makes a new key each time', async () => {
    expect(await newPrivateKeyPem()).not.toBe(await newPrivateKeyPem());
  });
});
