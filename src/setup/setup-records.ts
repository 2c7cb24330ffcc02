import type { DnsRecordAdvice, Issue } from '../domains/diagnosis/diagnosis.js';
import { providerOf } from '../domains/diagnosis/dns-provider.js';
import type { IssueCode } from '../domains/diagnosis/issue-code.js';
import { isCloudflare, viewRouting } from '../domains/diagnosis/routing-view.js';
import type { DomainFacts } from '../domains/domain-facts.js';
import { isAtOrUnder, normalisedName } from '../dns/dns-name.js';

/** What helps to find the right place for a record. */
export type RecordHint =
  | { readonly code: 'panel_adds_zone'; readonly zone: string }
  | { readonly code: 'dns_only' }
  | { readonly code: 'behind_proxy'; readonly proxy: string }
  | { readonly code: 'other_zone' }
  | { readonly code: 'place'; readonly provider: string };

/** One record: what is wanted, and what was found. */
export interface RecordLine {
  /** The index of the advice, to which findings refer. */
  readonly ref: number;
  readonly purpose: DnsRecordAdvice['purpose'];
  readonly type: string;
  /** As a DNS panel shows it: relative to the zone, `@` for its top. */
  readonly name: string;
  readonly fqdn: string;
  readonly action: DnsRecordAdvice['action'];
  readonly status: DnsRecordAdvice['status'];
  readonly desired: readonly string[];
  readonly observed: readonly string[];
  /** The name at which the record was made by mistake; null when it was found at no other name. */
  readonly foundAt: string | null;
  readonly ttlSeconds: number | null;
  readonly isRequired: boolean;
  readonly hint: RecordHint | null;
}

/** The record exists, at another name. */
const MISPLACED: ReadonlySet<IssueCode> = new Set([
  'TXT_DOUBLE_LABEL',
  'TXT_WRONG_NAME',
  'TXT_AT_NAME',
  'TXT_ON_PROXIED_NAME',
  'CNAME_DOUBLE_LABEL',
  'CNAME_WRONG_NAME',
  'A_DOUBLE_LABEL',
  'DELEGATION_DOUBLE_LABEL',
]);

/** The records of the advice, in its order. */
export function recordLines(
  facts: DomainFacts,
  records: readonly DnsRecordAdvice[],
  issues: readonly Issue[],
): RecordLine[] {
  return records.map((record, ref) => {
    const misplaced = issues.find(({ code, fix }) => fix.recordRef === ref && MISPLACED.has(code));
    return {
      ref,
      purpose: record.purpose,
      type: record.type,
      name: record.name,
      fqdn: record.fqdn,
      action: record.action,
      status: record.status,
      desired: record.desired,
      observed: record.observed,
      foundAt: textIn(misplaced?.evidence['foundAt']),
      ttlSeconds: record.ttlObserved,
      isRequired: record.required,
      hint: hintOf(facts, record, misplaced),
    };
  });
}

/** What has to be done, in the order in which it works: nothing can be made where another record is in the way. */
export function recordsToChange(lines: readonly RecordLine[]): RecordLine[] {
  const open = lines.filter(({ action, isRequired }) => isRequired && action !== 'keep');
  return [
    ...open.filter(({ action }) => action === 'remove'),
    ...open.filter(({ action }) => action !== 'remove'),
  ];
}

function hintOf(
  facts: DomainFacts,
  { purpose, fqdn, status }: DnsRecordAdvice,
  misplaced: Issue | undefined,
): RecordHint | null {
  if (misplaced?.code.endsWith('DOUBLE_LABEL') === true)
    return { code: 'panel_adds_zone', zone: facts.zone };
  if (!isAtOrUnder(normalisedName(fqdn), normalisedName(facts.zone))) return { code: 'other_zone' };
  const view = viewRouting(facts);
  if (purpose === 'routing' && view.proxy !== null)
    return isCloudflare(view) ? { code: 'dns_only' } : { code: 'behind_proxy', proxy: view.proxy };
  const [nameServer] = facts.nameServers;
  if (status !== 'missing' || nameServer === undefined) return null;
  return { code: 'place', provider: providerOf(facts.nameServers) ?? nameServer };
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
