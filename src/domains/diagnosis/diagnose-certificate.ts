import type { Issue } from './diagnosis.js';
import type { CertificateFacts, CertificateProblem, DomainFacts } from '../domain-facts.js';
import { issue, type IssueFindings } from './issue-catalogue.js';
import type { IssueCode } from './issue-code.js';
import { certificateIssueCode } from './certificate-issue-codes.js';
import { routingRecord } from './record-wording.js';

const SKEW_SECONDS_MAX = 300;
const DETAIL_LENGTH_MAX = 300;
const ACME = 'urn:ietf:params:acme:error:';
const UPLOAD_CODES = new Set<IssueCode>([
  'UPLOADED_CERT_MISMATCH',
  'KEY_MISMATCH',
  'CHAIN_INCOMPLETE',
]);
const SERVING_STATES = new Set(['active', 'renewing', 'degraded']);

/** Issues of the certificate: the problem of the last attempt, a late renewal, and clock skew. */
export function diagnoseCertificate(facts: DomainFacts): Issue[] {
  const { certificate } = facts;
  const found = certificate === null ? null : problemIssue(facts, certificate);
  return [
    ...(found === null ? [] : [found]),
    ...(certificate === null ? [] : unreadableKey(facts, certificate)),
    ...(certificate === null ? [] : expiry(facts, certificate)),
    ...clockSkew(facts),
  ];
}

function problemIssue(facts: DomainFacts, certificate: CertificateFacts): Issue | null {
  const { problem, heldBy, state } = certificate;
  if (problem !== null) {
    const code = certificateIssueCode(problem);
    const found = issue(code, findings(facts, certificate, { problem, code }));
    // The certificate before the refused upload still serves.
    const isMinor = UPLOAD_CODES.has(code) && SERVING_STATES.has(state);
    return isMinor ? { ...found, severity: 'warning' } : found;
  }
  const fix = `Nothing to change in the records of ${facts.hostname}${whenAgain(certificate)}.`;
  const evidence = { nextAt: certificate.nextAt };
  if (heldBy === 'ca_down') {
    const detail = 'It does not answer. What is served stays served, and we go on trying.';
    return issue('CA_DOWN', { detail, fix, evidence });
  }
  if (heldBy === 'rate_limit') {
    const detail = 'It limits how many certificates we may order, for all names together.';
    return issue('RATE_LIMIT_OTHER', { detail, fix, evidence });
  }
  return null;
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
  CERT_BLOCKED_BY_ROUTING: checkReach,
  CERT_BLOCKED_BY_OWNERSHIP: ({ hostname }) =>
    `Publish the proof of ownership of ${hostname} again, or renew the plan`,
  CA_ACCOUNT: () =>
    'Operator: check the account at the certificate authority (terms, contact, external account binding)',
  CA_NO_CHALLENGE: ({ hostname }) =>
    `Operator: ${hostname} needs a certificate authority that offers http-01, tls-alpn-01 or dns-01`,
  CA_PAUSED: () => 'Operator: open the link in the message to let the certificate authority go on',
  CA_REJECTED_IDENTIFIER: ({ hostname }) =>
    `Use another name than ${hostname}, or upload a certificate`,
  UPLOADED_CERT_MISMATCH: ({ hostname }) => `Upload a certificate that names ${hostname}`,
  KEY_MISMATCH: () => 'Upload the private key that the certificate was made for',
  CHAIN_INCOMPLETE: () =>
    'Upload the certificate together with its intermediate certificates, the leaf first',
  GEO_BLOCKED: ({ hostname }, record) =>
    `Let requests for ${hostname} to /.well-known/acme-challenge/ through from every country, and keep ${record}`,
  CAA_UNANSWERABLE: ({ hostname }) =>
    `Ask your DNS provider why the look-up of CAA records at ${hostname} fails`,
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

/** Nothing is served for the name until the root key is back or another certificate is current. */
function unreadableKey({ hostname }: DomainFacts, certificate: CertificateFacts): Issue[] {
  if (certificate.isKeyReadable) return [];
  const isUploaded = certificate.source === 'uploaded';
  const again = isUploaded
    ? `Upload the certificate and the private key of ${hostname} again, or let the operator restore the root key.`
    : `Nothing to change in the records of ${hostname}. Operator: configure the root key again that sealed the private key; without it a new certificate is ordered.`;
  return [
    issue('CERT_KEY_UNREADABLE', {
      detail: 'It is stored sealed, and does not open with the keys of this region.',
      fix: again,
      evidence: { source: certificate.source, notAfter: certificate.notAfter },
    }),
  ];
}

/** A renewal is late when half of the time between its planned date and the expiry has passed. */
function expiry(facts: DomainFacts, certificate: CertificateFacts): Issue[] {
  const now = Date.parse(certificate.asOf);
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
      detail: `It is ${Math.abs(skew)} seconds ${skew > 0 ? 'ahead of' : 'behind'} the database's or the certificate authority's: checks of dates may be wrong.`,
      fix: 'Operator: set the clocks of the gateways and of the database by NTP.',
      evidence: { clockSkewSeconds: skew },
    }),
  ];
}
