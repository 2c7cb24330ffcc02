import 'reflect-metadata';
import { X509CertificateGenerator } from '@peculiar/x509';
import { EC_P256, SIGNATURE_ALGORITHM } from '../shared/x509.js';
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
  it('matches the example of RFC 9773 appendix A', () => {
    expect(ariCertId(EXAMPLE)).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE');
  });

  it('uses the first certificate of a chain', () => {
    expect(ariCertId(EXAMPLE + EXAMPLE)).toBe('aYhba4dGQEHhs3uEe6CuLN4ByNQ.AIdlQyE');
  });

  it('is null for a certificate without an authority key identifier', async () => {
    const keys = await crypto.subtle.generateKey(EC_P256, true, ['sign', 'verify']);
    const bare = await X509CertificateGenerator.createSelfSigned({
      name: 'CN=a.example',
      keys,
      signingAlgorithm: SIGNATURE_ALGORITHM,
    });
    expect(ariCertId(bare.toString('pem'))).toBeNull();
  });
});
