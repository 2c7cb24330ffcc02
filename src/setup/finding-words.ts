import type { Issue } from '../domains/diagnosis/diagnosis.js';
import type { IssueCode } from '../domains/diagnosis/issue-code.js';
import type { DomainFacts } from '../domains/domain-facts.js';
import type { RecordLine } from './setup-records.js';

/** Which text says what to do. */
const FIX_CODES = [
  'add',
  'change',
  'remove',
  'keep',
  'rename',
  'alone',
  'remove_alias',
  'dns_only',
  'no_proxy',
  'pass_on',
  'redirect',
  'register',
  'name_servers',
  'dnssec',
  'delegated',
  'caa_critical',
  'ask_provider',
  'spread',
  'wait',
  'nothing',
  'operator',
  'reach',
  'geo',
  'proof_or_plan',
  'other_name',
  'upload',
  'check_first',
  'again',
  'by_hand',
  'pair',
  'persist',
] as const;
export type FixCode = (typeof FIX_CODES)[number];

/** Which text explains it, where the title does not. */
const WHY_CODES = [
  'found_at',
  'doubled',
  'leads_to',
  'addresses',
  'ipv6',
  'place',
  'accepted',
  'conflict',
  'lapsed',
  'gone',
  'both',
  'proxy',
  'siblings',
  'works',
  'unknown',
  'said',
  'ahead',
  'taken',
  'ready',
  'replaces',
] as const;
export type WhyCode = (typeof WHY_CODES)[number];

/** Of codes whose fix is not what the line of their record says. */
const FIXES: Partial<Record<IssueCode, FixCode>> = {
  TXT_DOUBLE_LABEL: 'rename',
  TXT_WRONG_NAME: 'rename',
  TXT_AT_NAME: 'rename',
  TXT_ON_PROXIED_NAME: 'rename',
  CNAME_DOUBLE_LABEL: 'rename',
  CNAME_WRONG_NAME: 'rename',
  A_DOUBLE_LABEL: 'rename',
  TXT_IS_CNAME: 'remove_alias',
  CNAME_WITH_SIBLINGS: 'alone',
  PROXY_CLOUDFLARE: 'dns_only',
  PROXY_OTHER: 'no_proxy',
  ZONE_NXDOMAIN: 'register',
  ZONE_SERVFAIL: 'name_servers',
  DNSSEC_BOGUS: 'dnssec',
  DELEGATED_ZONE: 'delegated',
  CAA_CRITICAL: 'caa_critical',
  CAA_UNANSWERABLE: 'ask_provider',
  CAA_BINDABLE: 'add',
  DNS_DISAGREEMENT: 'spread',
  PROOF_SPREADING: 'spread',
  TXT_UNANSWERABLE: 'spread',
  DNS_UNREACHABLE: 'wait',
  CERT_BLOCKED_BY_ROUTING: 'reach',
  VALIDATION_FAILED: 'reach',
  GEO_BLOCKED: 'geo',
  CERT_BLOCKED_BY_OWNERSHIP: 'proof_or_plan',
  CA_REJECTED_IDENTIFIER: 'other_name',
  UPLOADED_CERT_MISMATCH: 'upload',
  KEY_MISMATCH: 'upload',
  CHAIN_INCOMPLETE: 'upload',
  DELEGATION_MISSING: 'add',
  DELEGATION_WILDCARD: 'add',
  DELEGATION_ELSEWHERE: 'change',
  DELEGATION_TAKEN: 'keep',
  DELEGATION_DOUBLE_LABEL: 'rename',
  DELEGATION_UNANSWERABLE: 'spread',
  SETUP_REPLACES_RECORDS: 'check_first',
  SETUP_NOT_APPLIED: 'again',
  SETUP_CANCELLED: 'again',
  SETUP_REJECTED: 'by_hand',
  SETUP_KEY_UNPUBLISHED: 'by_hand',
  PAIR_UNCLAIMED: 'pair',
  PERSIST_MALFORMED: 'persist',
  PERSIST_OTHER_ACCOUNT: 'persist',
  PERSIST_EXPIRED: 'persist',
  PERSIST_EXPIRING: 'persist',
  PERSIST_TOO_WIDE: 'persist',
};

/** Of the certificate, with a record to make. */
const SWITCHES: ReadonlySet<IssueCode> = new Set(['READY_TO_SWITCH', 'PREPARED_NOT_USED']);

const REDIRECTS: ReadonlySet<IssueCode> = new Set([
  'REDIRECT_FORCED_HTTPS',
  'REDIRECT_LOOP',
  'REDIRECT_BAD_PORT',
  'REDIRECT_ELSEWHERE',
]);

/** What to do about an issue. @param line of the record that it is about */
export function fixOf({ code, owner, axis, severity }: Issue, line: RecordLine | null): FixCode {
  const fixed = FIXES[code];
  if (fixed !== undefined) return fixed;
  if (owner === 'operator' && code !== 'NOT_CHECKED') return 'operator';
  if (REDIRECTS.has(code)) return severity === 'info' ? 'nothing' : 'redirect';
  if (code.startsWith('PORT80_') || code.startsWith('CHALLENGE_')) return 'pass_on';
  if (axis === 'certificate' && !SWITCHES.has(code)) return 'wait';
  return line?.action ?? 'nothing';
}

const WHYS: Partial<Record<IssueCode, WhyCode>> = {
  TXT_WRONG_NAME: 'found_at',
  TXT_AT_NAME: 'found_at',
  TXT_ON_PROXIED_NAME: 'found_at',
  CNAME_WRONG_NAME: 'found_at',
  TXT_DOUBLE_LABEL: 'doubled',
  CNAME_DOUBLE_LABEL: 'doubled',
  A_DOUBLE_LABEL: 'doubled',
  CNAME_ELSEWHERE: 'leads_to',
  CNAME_OTHER_TARGET: 'leads_to',
  CNAME_UNRESOLVED: 'leads_to',
  CNAME_STALE_REGION: 'leads_to',
  CNAME_VALUE_URL: 'leads_to',
  CNAME_VALUE_DOUBLED: 'leads_to',
  REDIRECT_ELSEWHERE: 'leads_to',
  REDIRECT_BAD_PORT: 'leads_to',
  A_ELSEWHERE: 'addresses',
  A_MIXED: 'addresses',
  PRIVATE_ADDRESS: 'addresses',
  WILDCARD_SHADOW: 'leads_to',
  AAAA_CONFLICT: 'ipv6',
  TXT_QUOTED: 'accepted',
  TXT_UPPER_CASE: 'accepted',
  CONFLICT_OTHER_CLAIM: 'conflict',
  OWNERSHIP_LAPSED: 'lapsed',
  OWNERSHIP_PROOF_GONE: 'gone',
  CNAME_PROOF_REQUIRED: 'both',
  PROXY_CLOUDFLARE: 'proxy',
  PROXY_OTHER: 'proxy',
  CNAME_WITH_SIBLINGS: 'siblings',
  ADDRESS_INSTEAD_OF_CNAME: 'works',
  TXT_UNANSWERABLE: 'unknown',
  DNS_UNREACHABLE: 'unknown',
  NAME_BLOCKED: 'said',
  DELEGATION_MISSING: 'ahead',
  DELEGATION_WILDCARD: 'ahead',
  DELEGATION_ELSEWHERE: 'leads_to',
  DELEGATION_TAKEN: 'taken',
  DELEGATION_DOUBLE_LABEL: 'doubled',
  DELEGATION_UNANSWERABLE: 'unknown',
  READY_TO_SWITCH: 'ready',
  SETUP_REPLACES_RECORDS: 'replaces',
};

/** Codes of the certificate whose title says all. */
const PLAIN: ReadonlySet<IssueCode> = new Set([
  'CERT_BLOCKED_BY_ROUTING',
  'CERT_BLOCKED_BY_OWNERSHIP',
  'CLOCK_SKEW',
  'CERT_EXPIRING_NO_PROGRESS',
  'CERT_KEY_UNREADABLE',
  'CA_DOWN',
  'RATE_LIMIT_OTHER',
  'NAMESERVER_UNREACHABLE',
  'PREPARED_NOT_USED',
  'PERSIST_MALFORMED',
  'PERSIST_OTHER_ACCOUNT',
  'PERSIST_EXPIRED',
  'PERSIST_EXPIRING',
  'PERSIST_TOO_WIDE',
]);

/** What explains an issue; null when its title does. */
export function whyOf({ code, axis, evidence }: Issue, facts: DomainFacts): WhyCode | null {
  const known = WHYS[code];
  if (known === 'leads_to' && !hasPlace(evidence)) return null;
  if (known !== undefined) return known;
  if (axis === 'certificate' && !PLAIN.has(code)) return 'said';
  const isMissing = code === 'TXT_MISSING' || code === 'NO_RECORDS';
  return isMissing && facts.nameServers.length > 0 ? 'place' : null;
}

function hasPlace({ chain, location, addresses }: Issue['evidence']): boolean {
  return (
    [chain, addresses].some((list) => Array.isArray(list) && list.length > 0) ||
    typeof location === 'string'
  );
}
