import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { formatPemChain, isIssuedBy, isValidAt, pemBlocks } from '../shared/certificate-chain.js';
import type { Hostname } from '../shared/hostname.js';
import type { IssuedCertificate } from './issued-certificate.js';
import { localProblem, type AcmeProblem, type LocalProblemType } from './acme-problem.js';

export interface DownloadedChain {
  readonly hostname: Hostname;
  readonly privateKeyPem: string;
  readonly chainPem: string;
}

/**
 * Checks that the chain can be served: our key, the name, each certificate signed by the next, valid now, accepted by
 * OpenSSL.
 * @throws AcmeProblem `certificate_*`
 */
export function checkIssuedChain(chain: DownloadedChain, now: Date): IssuedCertificate {
  const { hostname, privateKeyPem } = chain;
  const certificates = parseChain(chain.chainPem);
  const leaf = certificates[0];
  checkLinks(certificates);
  if (!leaf.checkPrivateKey(createPrivateKey(privateKeyPem))) {
    throw unusable('wrong_key', 'the certificate is for another key');
  }
  if (leaf.checkHost(hostname, { subject: 'never', wildcards: false }) === undefined) {
    throw unusable('wrong_name', `the certificate is for ${leaf.subjectAltName ?? 'no name'}`);
  }
  if (!isValidAt(leaf, now)) {
    throw unusable('not_valid_now', `valid from ${leaf.validFrom} to ${leaf.validTo}`);
  }
  const chainPem = formatPemChain(certificates);
  try {
    createSecureContext({ key: privateKeyPem, cert: chainPem });
  } catch (cause) {
    throw unusable('unusable', `OpenSSL refuses the certificate: ${(cause as Error).message}`);
  }
  return {
    hostname,
    privateKeyPem,
    chainPem,
    notBefore: leaf.validFromDate,
    notAfter: leaf.validToDate,
  };
}

function parseChain(chainPem: string): [X509Certificate, ...X509Certificate[]] {
  const blocks = pemBlocks(chainPem);
  if (blocks.length !== chainPem.split('-----BEGIN').length - 1) {
    throw unusable('incomplete_chain', 'the chain ends in the middle of a certificate');
  }
  try {
    const [leaf, ...rest] = blocks.map((block) => new X509Certificate(block));
    // Public CAs sign with an intermediate, which clients do not have.
    if (leaf !== undefined && rest.length > 0) return [leaf, ...rest];
  } catch (cause) {
    throw unusable('unusable', `not a certificate: ${(cause as Error).message}`);
  }
  throw unusable('incomplete_chain', `${blocks.length} certificates are no chain`);
}

function checkLinks(certificates: readonly X509Certificate[]): void {
  for (const [index, issuer] of certificates.slice(1).entries()) {
    const subject = certificates[index];
    if (subject !== undefined && issuer.ca && isIssuedBy(subject, issuer)) continue;
    throw unusable('incomplete_chain', `certificate ${index + 1} is not signed by the next one`);
  }
}

type Fault = LocalProblemType extends infer Type
  ? Type extends `certificate_${infer Name}`
    ? Name
    : never
  : never;

function unusable(fault: Fault, detail: string): AcmeProblem {
  return localProblem(`certificate_${fault}`, detail);
}
