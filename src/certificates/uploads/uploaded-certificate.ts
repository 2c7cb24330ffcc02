import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates } from 'node:tls';
import {
  formatPemChain,
  isIssuedBy,
  isValidAt,
  pemBlocks,
} from '../../shared/certificate-chain.js';
import type { Hostname } from '../../shared/hostname.js';
import type { OwnProblemType } from '../../domains/certificate-problem.js';
import type { StoredProblem } from '../issuance.js';
import { ownProblem } from '../stored-problem.js';
import type { IssuedCertificate } from '../../acme/issued-certificate.js';

/** What a customer uploads, with the key in clear. Never log it. */
export interface CertificateUpload {
  /** PEM: the certificate first, then each one's issuer. */
  readonly chainPem: string;
  /** PEM, without a passphrase. */
  readonly privateKeyPem: string;
}

export type UploadRefusalCode = 'UPLOADED_CERT_MISMATCH' | 'KEY_MISMATCH' | 'CHAIN_INCOMPLETE';

/** Why an upload cannot be served. `message` tells the customer what to do. */
export interface UploadRefusal {
  readonly field: 'certificate' | 'private_key';
  readonly code: UploadRefusalCode;
  readonly message: string;
}

const PROBLEM_TYPES = {
  UPLOADED_CERT_MISMATCH: 'upload_mismatch',
  KEY_MISMATCH: 'upload_other_key',
  CHAIN_INCOMPLETE: 'upload_incomplete_chain',
} as const satisfies Record<UploadRefusalCode, OwnProblemType>;

/** The refusal as it is stored and shown with the domain. */
export function uploadProblem({ code, message }: UploadRefusal): StoredProblem {
  return ownProblem(PROBLEM_TYPES[code], message);
}

export type ReadUpload =
  | { readonly ok: true; readonly certificate: IssuedCertificate }
  | { readonly ok: false; readonly refusal: UploadRefusal };

const CHAIN_MAX = 10;

/** Checks that the upload can be served for `hostname`. */
export function readUploadedCertificate(
  hostname: Hostname,
  upload: CertificateUpload,
  now: Date,
): ReadUpload {
  const chain = parseChain(upload.chainPem);
  const key = parseKey(upload.privateKeyPem);
  const leaf = chain?.[0];
  if (chain === null || leaf === undefined) return refused(...NO_CERTIFICATE);
  if (key === null) return refused(...NO_KEY);
  if (!leaf.checkPrivateKey(key)) return refused(...OTHER_KEY);
  if (leaf.checkHost(hostname, { subject: 'never' }) === undefined) {
    const names = leaf.subjectAltName ?? 'no name at all';
    return refused(
      'certificate',
      'UPLOADED_CERT_MISMATCH',
      `The certificate is for ${names}, not for ${hostname}.`,
    );
  }
  const refusal = checkDates(leaf, now) ?? checkLinks(chain);
  if (refusal !== null) return { ok: false, refusal };
  return build(hostname, chain, key);
}

const NO_CERTIFICATE = [
  'certificate',
  'UPLOADED_CERT_MISMATCH',
  'Send the certificate and its chain as PEM: blocks that begin with -----BEGIN CERTIFICATE-----.',
] as const;
const NO_KEY = [
  'private_key',
  'KEY_MISMATCH',
  'Send the private key as PEM without a passphrase.',
] as const;
const OTHER_KEY = [
  'private_key',
  'KEY_MISMATCH',
  'The private key is not the key of the first certificate. Send the key that its request was made with.',
] as const;
const INCOMPLETE = [
  'certificate',
  'CHAIN_INCOMPLETE',
  'The chain is not complete: after the certificate send the one that signed it, and so on up to the root, in that order.',
] as const;

function build(hostname: Hostname, chain: readonly X509Certificate[], key: KeyObject): ReadUpload {
  const [leaf] = chain;
  if (leaf === undefined) return refused(...NO_CERTIFICATE);
  // A root is not sent: clients have it, or do not trust it.
  const served = chain.filter((each, index) => index === 0 || !isSelfSigned(each));
  const chainPem = formatPemChain(served);
  const privateKeyPem = key.export({ type: 'pkcs8', format: 'pem' });
  try {
    createSecureContext({ key: privateKeyPem, cert: chainPem });
  } catch {
    return refused(
      'certificate',
      'UPLOADED_CERT_MISMATCH',
      'The certificate or its key is too weak or of a kind that cannot be served.',
    );
  }
  const { validFromDate: notBefore, validToDate: notAfter } = leaf;
  return { ok: true, certificate: { hostname, privateKeyPem, chainPem, notBefore, notAfter } };
}

function parseChain(pem: string): X509Certificate[] | null {
  const blocks = pemBlocks(pem);
  if (blocks.length > CHAIN_MAX) return null;
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return null;
  }
}

function parseKey(pem: string): KeyObject | null {
  try {
    return createPrivateKey(pem);
  } catch {
    return null;
  }
}

function checkDates(leaf: X509Certificate, now: Date): UploadRefusal | null {
  if (isValidAt(leaf, now)) return null;
  return {
    field: 'certificate',
    code: 'UPLOADED_CERT_MISMATCH',
    message: `The certificate is valid from ${leaf.validFrom} to ${leaf.validTo}, not now.`,
  };
}

/** Each must be signed by the next, and a leaf alone by itself or by a root of Node's list. */
function checkLinks(chain: readonly X509Certificate[]): UploadRefusal | null {
  const [field, code, message] = INCOMPLETE;
  const isLinked = chain.every((each, index) => {
    const issuer = chain[index + 1];
    if (issuer !== undefined) return issuer.ca && isIssuedBy(each, issuer);
    // The last intermediate may be signed by a private root; a leaf alone needs a root that clients have.
    return index > 0 || isSelfSigned(each) || isSignedByKnownRoot(each);
  });
  return isLinked ? null : { field, code, message };
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return isIssuedBy(certificate, certificate);
}

function isSignedByKnownRoot(certificate: X509Certificate): boolean {
  return rootCertificates.some((pem) => isIssuedBy(certificate, new X509Certificate(pem)));
}

function refused(
  field: UploadRefusal['field'],
  code: UploadRefusalCode,
  message: string,
): ReadUpload {
  return { ok: false, refusal: { field, code, message } };
}
