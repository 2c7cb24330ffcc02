import { ACME_ERROR } from './acme-problem.js';

/** The error types that are registered for ACME (RFC 8555 section 6.7 and later RFCs), and those of drafts in use. */
export const ACME_ERROR_NAMES = [
  'accountDoesNotExist',
  'alreadyReplaced',
  'alreadyRevoked',
  'autoRenewalCanceled',
  'autoRenewalExpired',
  'autoRenewalCancellationInvalid',
  'autoRenewalRevocationNotSupported',
  'badCSR',
  'badNonce',
  'badPublicKey',
  'badRevocationReason',
  'badSignatureAlgorithm',
  'caa',
  'compound',
  'conflict',
  'connection',
  'dns',
  'externalAccountRequired',
  'incorrectResponse',
  'invalidContact',
  'invalidProfile',
  'malformed',
  'onionCAARequired',
  'orderNotReady',
  'rateLimited',
  'rejectedIdentifier',
  'serverInternal',
  'tls',
  'unauthorized',
  'unknownDelegation',
  'unsupportedContact',
  'unsupportedIdentifier',
  'userActionRequired',
] as const;
export type AcmeErrorName = (typeof ACME_ERROR_NAMES)[number];

const KNOWN: ReadonlySet<string> = new Set(ACME_ERROR_NAMES);

/** The name of an ACME error's URN; null: another type, or one that is not registered. */
export function acmeErrorName(type: string): AcmeErrorName | null {
  const name = type.startsWith(ACME_ERROR) ? type.slice(ACME_ERROR.length) : '';
  return KNOWN.has(name) ? (name as AcmeErrorName) : null;
}
