import type { Issue } from './diagnosis.js';
import type { CertificateFacts, CertificateProblem, DomainFacts } from '../domain-facts.js';
import { issue, type IssueFindings } from './issue-catalogue.js';
import type { IssueCode } from './issue-code.js';
import { routingRecord } from './record-wording.js';

const SKEW_SECONDS_MAX = 300;
const DETAIL_LENGTH_MAX = 300;
const ACME = 'urn:ietf:params:acme:error:';

interface Rule {
  readonly code: IssueCode;
  /** The end of the problem type. */
  readonly type: string;
  readonly says?: RegExp;
}

/** The first matching rule counts. The text of a problem is used only where its type is ambiguous. */
const RULES: readonly Rule[] = [
  { code: 'CA_PAUSED', type: 'rateLimited', says: /\bpaused\b|\bunpause\b/i },
  { code: 'RATE_LIMIT_EXACT_SET', type: 'rateLimited', says: /exact set/i },
  { code: 'RATE_LIMIT_FAILURES', type: 'rateLimited', says: /failed (authorization|validation)/i },
  { code: 'RATE_LIMIT_CERTS_PER_DOMAIN', type: 'rateLimited', says: /too many certificates/i },
  { code: 'RATE_LIMIT_OTHER', type: 'rateLimited' },
  { code: 'CA_REJECTED_IDENTIFIER', type: 'rejectedIdentifier' },
  { code: 'CA_REJECTED_IDENTIFIER', type: 'unsupportedIdentifier' },
  { code: 'UPLOADED_CERT_MISMATCH', type: 'uploadedMismatch' },
  { code: 'KEY_MISMATCH', type: 'keyMismatch' },
  { code: 'CHAIN_INCOMPLETE', type: 'chainIncomplete' },
  { code: 'CA_DOWN', type: 'serverInternal' },
  // Only remote validation perspectives fail: usually a firewall that blocks countries.
  { code: 'GEO_BLOCKED', type: '', says: /during secondary validation/i },
  { code: 'CAA_FORBIDS', type: ':caa' },
  { code: 'PORT80_REFUSED', type: ':connection', says: /refused/i },
  { code: 'PORT80_TIMEOUT', type: ':connection', says: /timeout|timed out/i },
  { code: 'CHALLENGE_HTML', type: ':unauthorized', says: /<!doctype|<html/i },
  { code: 'CHALLENGE_404', type: ':unauthorized', says: /\b404\b/ },
  { code: 'VALIDATION_FAILED', type: ':unauthorized' },
  { code: 'VALIDATION_FAILED', type: ':connection' },
  { code: 'VALIDATION_FAILED', type: ':dns' },
  { code: 'VALIDATION_FAILED', type: ':tls' },
  { code: 'VALIDATION_FAILED', type: ':incorrectResponse' },
];

/** Issues of the certificate: the problem of the last attempt, a late renewal, and clock skew. */
export function diagnoseCertificate(facts: DomainFacts): Issue[] {
  const { certificate } = facts;
  const found = certificate === null ? null : problemIssue(facts, certificate);
  return [
    ...(found === null ? [] : [found]),
    ...(certificate === null ? [] : expiry(facts, certificate)),
    ...clockSkew(facts),
  ];
}

function problemIssue(facts: DomainFacts, certificate: CertificateFacts): Issue | null {
  const { problem, heldBy } = certificate;
  const code = problem === null ? null : codeOf(problem);
  if (problem !== null && code !== null) {
    return issue(code, findings(facts, certificate, { problem, code }));
  }
  if (heldBy !== 'ca_down') return null;
  return issue('CA_DOWN', {
    detail: 'It does not answer. What is served stays served, and we go on trying.',
    fix: `Nothing to change in the records of ${facts.hostname}${whenAgain(certificate)}.`,
    evidence: { nextAt: certificate.nextAt },
  });
}

function codeOf(problem: CertificateProblem): IssueCode | null {
  const said = [problem, ...problem.subproblems];
  const rule = RULES.find(({ type, says }) =>
    said.some((each) => each.type.endsWith(type) && (says?.test(each.detail) ?? true)),
  );
  if (rule !== undefined) return rule.code;
  return problem.status >= 500 ? 'CA_DOWN' : null;
}

function findings(
  facts: DomainFacts,
  certificate: CertificateFacts,
  { problem, code }: { problem: CertificateProblem; code: IssueCode },
): IssueFindings {
  const said = withoutAccounts(problem.detail);
  return {
    detail: problem.type.startsWith(ACME) ? `The certificate authority said: ${said}` : said,
    fix: `${fixOf(facts, code)}${whenAgain(certificate)}.`,
    evidence: { type: problem.type, status: problem.status, nextAt: certificate.nextAt },
  };
}

type Fix = (facts: DomainFacts, record: string) => string;

const checkReach: Fix = (_, record) =>
  `Check that ${record} leads to us alone, over IPv4 and IPv6, from everywhere`;

/** The fix of each code that needs one; the others need waiting only. */
const FIXES: Partial<Record<IssueCode, Fix>> = {
  CA_PAUSED: () => 'Operator: open the link in the message to let the certificate authority go on',
  CA_REJECTED_IDENTIFIER: ({ hostname }) =>
    `Use another name than ${hostname}, or upload a certificate`,
  UPLOADED_CERT_MISMATCH: ({ hostname }) => `Upload a certificate that names ${hostname}`,
  KEY_MISMATCH: () => 'Upload the private key that the certificate was made for',
  CHAIN_INCOMPLETE: () =>
    'Upload the certificate together with its intermediate certificates, the leaf first',
  GEO_BLOCKED: ({ hostname }, record) =>
    `Let requests for ${hostname} to /.well-known/acme-challenge/ through from every country, and keep ${record}`,
  CAA_FORBIDS: ({ hostname }) =>
    `Remove the CAA record that forbids it, or add one that permits it, at ${hostname} or above`,
  VALIDATION_FAILED: checkReach,
  CHALLENGE_404: checkReach,
  CHALLENGE_HTML: checkReach,
  PORT80_REFUSED: checkReach,
  PORT80_TIMEOUT: checkReach,
};

function fixOf(facts: DomainFacts, code: IssueCode): string {
  const fix = FIXES[code];
  return (
    fix?.(facts, `the record ${routingRecord(facts)}`) ??
    `Nothing to change in the records of ${facts.hostname}`
  );
}

function whenAgain({ nextAt }: CertificateFacts): string {
  return nextAt === null ? '' : `; we try again at ${nextAt}`;
}

/** The URL of our ACME account must not be shown to customers. */
function withoutAccounts(text: string): string {
  const shown = text.replace(/https?:\/\/\S*\/(?:acct|account|reg)\/\S*/gi, '(our account)');
  return shown.length > DETAIL_LENGTH_MAX ? `${shown.slice(0, DETAIL_LENGTH_MAX)}…` : shown;
}

/** A renewal is late when half of the time between its planned date and the expiry has passed. */
function expiry(facts: DomainFacts, certificate: CertificateFacts): Issue[] {
  const now = Date.parse(facts.observedAt);
  const notAfter = Date.parse(certificate.notAfter ?? '');
  const renewAt = Date.parse(certificate.renewAt ?? '');
  const isOver = now >= notAfter || certificate.state === 'expired';
  const isLate = now >= renewAt + (notAfter - renewAt) / 2;
  if (!isOver && !isLate) return [];
  return [
    issue('CERT_EXPIRING_NO_PROGRESS', {
      severity: isOver ? 'blocking' : 'warning',
      detail: isOver
        ? 'It has run out.'
        : `It ends at ${certificate.notAfter}, and no renewal has succeeded so far.`,
      fix: `Mend the other issues of ${facts.hostname} first; with none, the operator has to look${whenAgain(certificate)}.`,
      evidence: { notAfter: certificate.notAfter, renewAt: certificate.renewAt },
    }),
  ];
}

function clockSkew(facts: DomainFacts): Issue[] {
  const skew = facts.clockSkewSeconds;
  if (skew === null || Math.abs(skew) <= SKEW_SECONDS_MAX) return [];
  return [
    issue('CLOCK_SKEW', {
      detail: `It is ${Math.abs(skew)} seconds ${skew > 0 ? 'ahead of' : 'behind'} the certificate authority's: new certificates may seem invalid.`,
      fix: 'Operator: set the clock of the gateways by NTP.',
      evidence: { clockSkewSeconds: skew },
    }),
  ];
}
