import type { ZoneRecordType } from '../src/dns/dns-zone.js';
import { UnexpectedResult } from './demo-session.js';
import type { Answer } from './https-call.js';

/** The fields of a domain in an API answer that the demo uses. */
export interface DomainRecord {
  readonly id: string;
  readonly hostname: string;
  readonly serving: { readonly ready: boolean; readonly blocked_by: readonly string[] };
  readonly ownership: { readonly state: string };
  readonly routing: { readonly state: string };
  readonly certificate: {
    readonly state: string;
    readonly source: string | null;
    readonly not_after: string | null;
  };
  readonly records: readonly DnsAdvice[];
  readonly issues: readonly DomainIssue[];
}

/** A DNS record that the API asks for. */
export interface DnsAdvice {
  readonly required: boolean;
  readonly action: 'add' | 'change' | 'remove' | 'keep';
  readonly fqdn: string;
  /** Relative to the zone, as DNS panels expect it. */
  readonly name: string;
  readonly type: ZoneRecordType;
  readonly desired: readonly string[];
  readonly observed: readonly string[];
}

interface DomainIssue {
  readonly code: string;
  readonly severity: string;
  readonly title: string;
  readonly fix: { readonly summary: string };
}

export function domainOf({ body, status }: Answer): DomainRecord {
  const record = body?.['record'];
  if (typeof record !== 'object' || record === null) {
    throw new UnexpectedResult(`The answer, ${status}, is not about a domain.`);
  }
  return record as DomainRecord;
}

/** A short form of an answer about a domain; the full text of any other answer. */
export function domainSummary(answer: Answer): string {
  if (answer.body?.['record'] === undefined) return answer.text;
  const domain = domainOf(answer);
  const { ownership, routing, certificate, serving } = domain;
  return [
    `id ${domain.id}`,
    `ownership ${ownership.state}, routing ${routing.state}, certificate ${certificate.state}`,
    serving.ready
      ? 'serving: ready'
      : `serving: not ready, blocked by ${serving.blocked_by.join(', ')}`,
    'records:',
    ...domain.records.map((record) => `  ${recordLine(record)}`),
    ...(domain.issues.length === 0 ? [] : ['issues:']),
    ...domain.issues.flatMap(({ code, severity, title, fix }) => [
      `  ${code} (${severity}): ${title}`,
      `    ${fix.summary}`,
    ]),
  ].join('\n');
}

function recordLine({ action, type, name, desired, observed }: DnsAdvice): string {
  const values = action === 'remove' ? observed : desired;
  return `${action.padEnd(6)} ${type.padEnd(5)} ${name}  ${values.join(', ')}`;
}
