import type { CertificateProblem } from '../domain-facts.js';
import { problemKind, type ProblemKind } from '../certificate-problem.js';
import type { IssueCode } from './issue-code.js';

/** A code that depends on the problem's text: the first rule that matches counts, else the last entry. */
type Codes = IssueCode | readonly [...(readonly [RegExp, IssueCode])[], IssueCode];

/** Only remote validation perspectives fail: usually a firewall that blocks countries. */
const FROM_AFAR = [/during secondary validation/i, 'GEO_BLOCKED'] as const;
const VALIDATION = [FROM_AFAR, 'VALIDATION_FAILED'] as const;

/** The issue code of every kind of problem. The compiler reports a kind without one. */
const CODES = {
  routing: 'CERT_BLOCKED_BY_ROUTING',
  not_entitled: 'CERT_BLOCKED_BY_OWNERSHIP',
  caa_forbidden: 'CAA_FORBIDS',
  caa_unanswerable: 'CAA_UNANSWERABLE',
  limit_new_orders: 'RATE_LIMIT_OTHER',
  limit_certificates_per_domain: 'RATE_LIMIT_CERTS_PER_DOMAIN',
  limit_certificates_per_name: 'RATE_LIMIT_EXACT_SET',
  limit_failed_authorizations: 'RATE_LIMIT_FAILURES',
  upload_mismatch: 'UPLOADED_CERT_MISMATCH',
  upload_other_key: 'KEY_MISMATCH',
  upload_incomplete_chain: 'CHAIN_INCOMPLETE',
  connection: 'CA_DOWN',
  unreadable_answer: 'CA_PROBLEM',
  no_challenge: 'CA_NO_CHALLENGE',
  certificate_incomplete_chain: 'CA_WRONG_CERTIFICATE',
  certificate_wrong_key: 'CA_WRONG_CERTIFICATE',
  certificate_wrong_name: 'CA_WRONG_CERTIFICATE',
  certificate_not_valid_now: 'CA_WRONG_CERTIFICATE',
  certificate_unusable: 'CA_WRONG_CERTIFICATE',
  'acme:accountDoesNotExist': 'CA_ACCOUNT',
  'acme:alreadyReplaced': 'CA_PROBLEM',
  'acme:alreadyRevoked': 'CA_PROBLEM',
  'acme:autoRenewalCanceled': 'CA_PROBLEM',
  'acme:autoRenewalExpired': 'CA_PROBLEM',
  'acme:autoRenewalCancellationInvalid': 'CA_PROBLEM',
  'acme:autoRenewalRevocationNotSupported': 'CA_PROBLEM',
  'acme:badCSR': 'CA_PROBLEM',
  'acme:badNonce': 'CA_PROBLEM',
  'acme:badPublicKey': 'CA_ACCOUNT',
  'acme:badRevocationReason': 'CA_PROBLEM',
  'acme:badSignatureAlgorithm': 'CA_ACCOUNT',
  'acme:caa': 'CAA_FORBIDS',
  'acme:compound': 'CA_PROBLEM',
  'acme:conflict': 'CA_PROBLEM',
  'acme:connection': [
    FROM_AFAR,
    [/refused/i, 'PORT80_REFUSED'],
    [/timeout|timed out/i, 'PORT80_TIMEOUT'],
    'VALIDATION_FAILED',
  ],
  'acme:dns': VALIDATION,
  'acme:externalAccountRequired': 'CA_ACCOUNT',
  'acme:incorrectResponse': VALIDATION,
  'acme:invalidContact': 'CA_ACCOUNT',
  'acme:invalidProfile': 'CA_PROBLEM',
  'acme:malformed': 'CA_PROBLEM',
  'acme:onionCAARequired': 'CA_PROBLEM',
  'acme:orderNotReady': 'CA_PROBLEM',
  'acme:rateLimited': [
    [/\bpaused\b|\bunpause\b/i, 'CA_PAUSED'],
    [/exact set/i, 'RATE_LIMIT_EXACT_SET'],
    [/failed (authorization|validation)/i, 'RATE_LIMIT_FAILURES'],
    [/too many certificates/i, 'RATE_LIMIT_CERTS_PER_DOMAIN'],
    'RATE_LIMIT_OTHER',
  ],
  'acme:rejectedIdentifier': 'CA_REJECTED_IDENTIFIER',
  'acme:serverInternal': 'CA_DOWN',
  'acme:tls': VALIDATION,
  'acme:unauthorized': [
    FROM_AFAR,
    [/<!doctype|<html/i, 'CHALLENGE_HTML'],
    [/\b404\b/, 'CHALLENGE_404'],
    'VALIDATION_FAILED',
  ],
  'acme:unknownDelegation': 'CA_PROBLEM',
  'acme:unsupportedContact': 'CA_ACCOUNT',
  'acme:unsupportedIdentifier': 'CA_REJECTED_IDENTIFIER',
  'acme:userActionRequired': 'CA_ACCOUNT',
  server_error: 'CA_DOWN',
  too_many_requests: 'RATE_LIMIT_OTHER',
  unknown: 'CA_PROBLEM',
} as const satisfies Record<ProblemKind, Codes>;

/** The issue code of a stored problem. Every problem has one. */
export function certificateIssueCode(problem: CertificateProblem): IssueCode {
  if (problem.isAboutAccount === true) return 'CA_ACCOUNT';
  const said = [problem, ...problem.subproblems.map((each) => ({ ...each, status: 0 }))];
  const texts = said.map(({ detail }) => detail);
  const codes = said.map((each) => codeOf(CODES[problemKind(each)], texts));
  // A problem that only says "see the others" is explained by its subproblems.
  return codes.find((code) => code !== 'CA_PROBLEM') ?? 'CA_PROBLEM';
}

function codeOf(codes: Codes, texts: readonly string[]): IssueCode {
  if (typeof codes === 'string') return codes;
  for (const each of codes) {
    if (typeof each === 'string') return each;
    const [says, code] = each;
    if (texts.some((text) => says.test(text))) return code;
  }
  return 'CA_PROBLEM';
}
