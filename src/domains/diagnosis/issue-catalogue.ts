import type { Issue, IssueAxis, IssueOwner, IssueSeverity } from './diagnosis.js';
import type { IssueCode } from './issue-code.js';

/** The constant part of an issue. A diagnosis may override severity and owner. */
export interface CatalogueEntry {
  readonly axis: IssueAxis;
  readonly severity: IssueSeverity;
  readonly owner: IssueOwner;
  readonly title: string;
}

type Entry = readonly [IssueSeverity, IssueOwner, title: string];

const OWNERSHIP = {
  NOT_CHECKED: ['info', 'operator', 'The records were not looked up yet'],
  ZONE_NXDOMAIN: ['blocking', 'customer', 'The domain does not exist in the DNS'],
  ZONE_SERVFAIL: ['blocking', 'customer', "The domain's name servers fail"],
  DNSSEC_BOGUS: ['blocking', 'customer', "The domain's DNSSEC signatures are broken"],
  DNS_UNREACHABLE: ['warning', 'operator', 'The DNS gave no answer'],
  DNS_DISAGREEMENT: ['info', 'customer', 'Name servers answer differently'],
  DELEGATED_ZONE: ['blocking', 'customer', 'The name is in a zone of its own'],
  CONFLICT_OTHER_CLAIM: ['blocking', 'customer', 'The name is proven by someone else'],
  NAME_BLOCKED: ['blocking', 'operator', 'The operator has blocked this name'],
  OWNERSHIP_LAPSED: ['warning', 'customer', 'The proof of ownership has lapsed'],
  OWNERSHIP_PROOF_GONE: ['warning', 'customer', 'The proof of ownership is gone'],
  CNAME_PROOF_REQUIRED: ['blocking', 'customer', 'This name needs the CNAME record as well'],
  PROOF_SPREADING: ['blocking', 'customer', 'Not all name servers have the proof yet'],
  TXT_MISSING: ['blocking', 'customer', 'The TXT record is missing'],
  TXT_MISMATCH: ['blocking', 'customer', 'The TXT record has another value'],
  TXT_DOUBLE_LABEL: ['blocking', 'customer', 'The TXT record has the domain in its name twice'],
  TXT_QUOTED: ['warning', 'customer', 'The TXT value has quotation marks or blanks around it'],
  TXT_UPPER_CASE: ['warning', 'customer', 'The TXT value is in upper case'],
  TXT_EXTRA_TEXT: ['blocking', 'customer', 'The TXT value has other text around it'],
  TXT_WRONG_NAME: ['blocking', 'customer', 'The TXT record is at another name'],
  TXT_IS_CNAME: ['blocking', 'customer', 'A CNAME record stands where the TXT record belongs'],
  TXT_ON_PROXIED_NAME: ['blocking', 'customer', 'The TXT record is on the proxied name itself'],
  TXT_AT_NAME: ['blocking', 'customer', 'The TXT record is on the name itself'],
  TXT_UNANSWERABLE: ['warning', 'customer', 'The TXT record could not be looked up'],
} as const satisfies Record<string, Entry>;

const ROUTING = {
  NO_RECORDS: ['blocking', 'customer', 'The name has no records'],
  TARGET_UNRESOLVED: ['blocking', 'operator', 'Our own target name has no address'],
  A_ELSEWHERE: ['blocking', 'customer', 'The name points somewhere else'],
  A_MIXED: ['blocking', 'customer', 'Only some addresses of the name are ours'],
  AAAA_CONFLICT: ['blocking', 'customer', 'An AAAA record leads IPv6 visitors elsewhere'],
  ADDRESS_INSTEAD_OF_CNAME: ['info', 'customer', 'The name has our addresses instead of the CNAME'],
  CNAME_ELSEWHERE: ['blocking', 'customer', 'The CNAME record leads somewhere else'],
  CNAME_OTHER_TARGET: ['warning', 'customer', "The CNAME record is not this domain's own target"],
  CNAME_AT_APEX: ['warning', 'customer', 'A CNAME record stands at the top of the zone'],
  CNAME_WITH_SIBLINGS: ['warning', 'customer', 'Other records stand beside the CNAME record'],
  CNAME_CHAIN_TOO_LONG: ['blocking', 'customer', 'The chain of CNAME records is too long'],
  CNAME_LOOP: ['blocking', 'customer', 'The CNAME records lead in a circle'],
  CNAME_UNRESOLVED: ['blocking', 'customer', 'The CNAME record leads to a name that fails'],
  CNAME_VALUE_DOUBLED: ['blocking', 'customer', 'The CNAME value has the domain at its end'],
  CNAME_VALUE_URL: ['blocking', 'customer', 'The CNAME value is a web address'],
  PAIR_UNCLAIMED: ['info', 'customer', 'The other name of the pair leads here unclaimed'],
  CNAME_DOUBLE_LABEL: ['blocking', 'customer', 'The CNAME record has the domain in its name twice'],
  CNAME_WRONG_NAME: ['blocking', 'customer', 'The CNAME record is at another name'],
  CNAME_IS_TXT: ['blocking', 'customer', 'The CNAME value stands in a TXT record'],
  A_DOUBLE_LABEL: ['blocking', 'customer', 'The A record has the domain in its name twice'],
  A_MISSING: ['warning', 'customer', 'The name has no IPv4 address'],
  CNAME_STALE_REGION: ['blocking', 'customer', 'The name points to another region'],
  PRIVATE_ADDRESS: ['blocking', 'customer', 'The name has a private address'],
  WILDCARD_SHADOW: ['blocking', 'customer', 'A wildcard record answers for the name'],
  PROXY_CLOUDFLARE: ['blocking', 'customer', 'Cloudflare stands in front of the name'],
  PROXY_OTHER: ['blocking', 'customer', 'A proxy or CDN stands in front of the name'],
  REDIRECT_FORCED_HTTPS: ['info', 'customer', 'Plain HTTP is redirected to HTTPS on the way to us'],
  REDIRECT_LOOP: ['blocking', 'customer', 'The name redirects in a circle'],
  REDIRECT_BAD_PORT: ['blocking', 'customer', 'The name redirects to an unusual port'],
  REDIRECT_ELSEWHERE: ['blocking', 'customer', 'The name redirects to somewhere else'],
  PORT80_TIMEOUT: ['blocking', 'operator', 'Port 80 does not answer'],
  PORT80_REFUSED: ['blocking', 'operator', 'Port 80 refuses connections'],
  PORT80_UNREACHABLE: ['blocking', 'operator', 'Port 80 cannot be reached'],
  CHALLENGE_404: ['blocking', 'customer', 'Another server answers with an error'],
  CHALLENGE_HTML: ['blocking', 'customer', 'Another server answers with a page of its own'],
  SETUP_REPLACES_RECORDS: ['warning', 'customer', 'The DNS provider would replace records'],
  SETUP_NOT_APPLIED: ['info', 'customer', 'The DNS provider has not made the records'],
  SETUP_CANCELLED: ['info', 'customer', 'The records were not made: it was cancelled'],
  SETUP_REJECTED: ['warning', 'operator', 'The DNS provider refused to make the records'],
  SETUP_KEY_UNPUBLISHED: ['warning', 'operator', 'Our key for DNS providers is not published'],
} as const satisfies Record<string, Entry>;

const CAA = {
  CAA_FORBIDS: ['blocking', 'customer', 'A CAA record forbids our certificate authority'],
  CAA_ACCOUNTURI: ['blocking', 'customer', 'A CAA record is bound to another account'],
  CAA_METHOD: ['blocking', 'customer', 'A CAA record allows only other validation methods'],
  CAA_CRITICAL: ['blocking', 'customer', 'A critical CAA record is not understood'],
  CAA_UNANSWERABLE: ['blocking', 'customer', 'The CAA records could not be looked up'],
  CAA_BINDABLE: ['info', 'customer', 'A CAA record can bind the name to our account'],
} as const satisfies Record<string, Entry>;

const CERTIFICATE = {
  RATE_LIMIT_CERTS_PER_DOMAIN: ['blocking', 'ca', 'Too many certificates for this domain lately'],
  RATE_LIMIT_EXACT_SET: ['blocking', 'ca', 'Too many certificates for this very name lately'],
  RATE_LIMIT_FAILURES: ['blocking', 'ca', 'Too many failed validations of this name'],
  RATE_LIMIT_OTHER: ['blocking', 'ca', 'The certificate authority asks us to wait'],
  CA_PAUSED: ['blocking', 'operator', 'The certificate authority has paused this name'],
  CA_DOWN: ['warning', 'ca', 'The certificate authority is out of service'],
  CA_ACCOUNT: ['blocking', 'operator', 'The certificate authority refuses our account'],
  CA_NO_CHALLENGE: [
    'blocking',
    'operator',
    'The certificate authority offers no usable validation',
  ],
  CA_WRONG_CERTIFICATE: [
    'blocking',
    'ca',
    'The certificate authority sent an unusable certificate',
  ],
  CA_PROBLEM: ['blocking', 'operator', 'The certificate authority refused the order'],
  CERT_BLOCKED_BY_ROUTING: [
    'warning',
    'customer',
    'No certificate is ordered: the name does not lead here',
  ],
  CERT_BLOCKED_BY_OWNERSHIP: [
    'warning',
    'customer',
    'No certificate is ordered: the proof or the plan has lapsed',
  ],
  CA_REJECTED_IDENTIFIER: ['blocking', 'ca', 'The certificate authority refuses this name'],
  GEO_BLOCKED: ['blocking', 'customer', 'The name is reachable from some parts of the world only'],
  VALIDATION_FAILED: [
    'blocking',
    'customer',
    'The certificate authority could not validate the name',
  ],
  CLOCK_SKEW: ['warning', 'operator', 'Our clock is wrong'],
  CERT_EXPIRING_NO_PROGRESS: ['warning', 'operator', 'The certificate runs out without a new one'],
  CERT_KEY_UNREADABLE: [
    'blocking',
    'operator',
    'The private key of the certificate cannot be read',
  ],
  UPLOADED_CERT_MISMATCH: ['blocking', 'customer', 'The uploaded certificate is for another name'],
  KEY_MISMATCH: ['blocking', 'customer', 'Certificate and private key do not belong together'],
  CHAIN_INCOMPLETE: ['blocking', 'customer', 'The certificate chain is incomplete'],
  DELEGATION_MISSING: ['info', 'customer', 'The optional record for certificates is missing'],
  DELEGATION_ELSEWHERE: ['warning', 'customer', 'The record for certificates has another value'],
  DELEGATION_TAKEN: ['info', 'customer', 'Another service has the record for certificates'],
  DELEGATION_DOUBLE_LABEL: [
    'warning',
    'customer',
    'The record for certificates has the domain in its name twice',
  ],
  DELEGATION_WILDCARD: ['info', 'customer', 'A wildcard answers for the record for certificates'],
  DELEGATION_UNANSWERABLE: [
    'warning',
    'customer',
    'The record for certificates could not be looked up',
  ],
  NAMESERVER_UNREACHABLE: ['warning', 'operator', 'Our name server for challenges is not reached'],
  READY_TO_SWITCH: ['info', 'customer', 'The certificate is ready, and the name may lead here now'],
  PREPARED_NOT_USED: [
    'info',
    'customer',
    'The certificate was made, and the name does not lead here',
  ],
  PERSIST_MALFORMED: ['warning', 'customer', 'The record for standing validation is malformed'],
  PERSIST_OTHER_ACCOUNT: [
    'info',
    'customer',
    'The record for standing validation names another account',
  ],
  PERSIST_EXPIRED: ['info', 'customer', 'The record for standing validation has expired'],
  PERSIST_EXPIRING: ['info', 'customer', 'The record for standing validation expires soon'],
  PERSIST_TOO_WIDE: [
    'info',
    'customer',
    'The record for standing validation permits more than we need',
  ],
} as const satisfies Record<string, Entry>;

/** An entry for every code; the compiler reports a missing one. */
export const ISSUE_CATALOGUE: Readonly<Record<IssueCode, CatalogueEntry>> = {
  ...entriesOf('ownership', OWNERSHIP),
  ...entriesOf('routing', ROUTING),
  ...entriesOf('caa', CAA),
  ...entriesOf('certificate', CERTIFICATE),
} satisfies Record<IssueCode, CatalogueEntry>;

function entriesOf<Code extends string>(
  axis: IssueAxis,
  entries: Readonly<Record<Code, Entry>>,
): Record<Code, CatalogueEntry> {
  return Object.fromEntries(
    Object.entries<Entry>(entries).map(([code, [severity, owner, title]]) => [
      code,
      { axis, severity, owner, title },
    ]),
  ) as Record<Code, CatalogueEntry>;
}

/** The part of an issue that a diagnosis adds. */
export interface IssueFindings {
  readonly detail: string;
  readonly fix: string;
  readonly recordRef?: number | null;
  readonly evidence?: Record<string, unknown>;
  readonly severity?: IssueSeverity;
  readonly owner?: IssueOwner;
}

export function issue(code: IssueCode, findings: IssueFindings): Issue {
  const entry = ISSUE_CATALOGUE[code];
  return {
    code,
    severity: findings.severity ?? entry.severity,
    axis: entry.axis,
    title: entry.title,
    detail: findings.detail,
    evidence: findings.evidence ?? {},
    fix: { summary: findings.fix, recordRef: findings.recordRef ?? null },
    owner: findings.owner ?? entry.owner,
  };
}
