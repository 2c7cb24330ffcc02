import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { ariCertId } from './ari-cert-id.js';

/** RFC 9773 appendix A. */
const EXAMPLE = `-----BEGIN CERTIFICATE-----
MIIBQzCB66ADAgECAgUAh2VDITAKBggqhkjOPQQDAjAVMRMwEQYDVQQDEwpFeGFt
cGxlIENBMCIYDzAwMDEwMTAxMDAwMDAwWhgPMDAwMTAxMDEwMDAwMDBaMBYxFDAS
BgNVBAMTC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEeBZu
7cbpAYNXZLbbh8rNIzuOoqOOtmxA1v7cRm//AwyMwWxyHz4zfwmBhcSrf47NUAFf
qzLQ2PPQxdTXREYEnKMjMCEwHwYDVR0jBBgwFoAUaYhba4dGQEHhs3uEe6CuLN4B
yNQwCgYIKoZIzj0EAwIDRwAwRAIge09+S5TZAlw5tgtiVvuERV6cT4mfutXIlwTb
+FYN/8oCIClDsqBklhB9KAelFiYt9+6FDj3z4KGVelYM5MdsO3pK
-----END CERTIFICATE-----
`;

describe('ariCertId', () => {
  it('is what RFC 9773 says of its example', () => {
    expect(ariCertId(EXAMPLE)).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE');
  });

  it('is of the first certificate of a chain', () => {
    expect(ariCertId(EXAMPLE + EXAMPLE)).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE');
  });

  it('is null where the certificate does not name its signing key', async () => {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
    const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
    const bare = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=a.example',
      keys,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    });
    expect(ariCertId(bare.toString('pem'))).toBeNull();
  });
});
