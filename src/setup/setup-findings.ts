import type { Issue, IssueOwner, IssueSeverity } from '../domains/diagnosis/diagnosis.js';
import type { IssueCode } from '../domains/diagnosis/issue-code.js';
import { providerOf } from '../domains/diagnosis/dns-provider.js';
import { hostingZone, panelName } from '../domains/diagnosis/record-wording.js';
import type { DomainFacts } from '../domains/domain-facts.js';
import type { ReplacedRecord } from '../domains/domain-setup.js';
import { fixOf, whyOf, type FixCode, type WhyCode } from './finding-words.js';
import type { RecordLine } from './setup-records.js';

/** What a text about a finding may name. Every text of a finding gets all of them, empty where there is none. */
export interface FindingArgs {
  readonly hostname: string;
  readonly zone: string;
  /** Of the record that the finding is about: as a DNS panel shows it. */
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly found: string;
  readonly foundAt: string;
  /** Where the records lead, or the addresses. */
  readonly where: string;
  /** A DNS provider, a proxy, or a name server. */
  readonly provider: string;
  /** In the words of the operator, or of the certificate authority. */
  readonly said: string;
}

/** One thing that is wrong, or worth to know: codes and arguments for texts in any language. */
export interface Finding {
  readonly code: IssueCode;
  readonly severity: IssueSeverity;
  readonly owner: IssueOwner;
  /** The line of the record that it is about. */
  readonly recordRef: number | null;
  readonly why: WhyCode | null;
  readonly fix: FixCode;
  readonly args: FindingArgs;
  /** When we try again by ourselves. */
  readonly nextAt: Date | null;
}

export function findingsOf(
  facts: DomainFacts,
  issues: readonly Issue[],
  lines: readonly RecordLine[],
): Finding[] {
  return issues.map((issue) => {
    const line = lines.find(({ ref }) => ref === issue.fix.recordRef);
    return {
      code: issue.code,
      severity: issue.severity,
      owner: issue.owner,
      recordRef: issue.fix.recordRef,
      why: whyOf(issue, facts),
      fix: fixOf(issue, line ?? null),
      args: argsOf(facts, issue, line),
      nextAt: dateIn(issue.evidence['nextAt']),
    };
  });
}

function argsOf(facts: DomainFacts, issue: Issue, line: RecordLine | undefined): FindingArgs {
  const { evidence } = issue;
  const { foundAt } = evidence;
  return {
    hostname: facts.hostname,
    zone: hostingZone(facts),
    name: line?.name ?? panelName(facts.hostname, facts.zone),
    type: line?.type ?? '',
    value: joined(line?.desired),
    found: joined(line?.observed),
    foundAt: typeof foundAt === 'string' ? foundAt : '',
    where: replacedIn(facts, issue) ?? whereOf(evidence),
    provider: providerIn(facts, evidence),
    said: saidIn(facts, issue),
  };
}

function whereOf(evidence: Issue['evidence']): string {
  const lists = [evidence['foreign'], evidence['addresses'], evidence['siblings']];
  const chain = evidence['chain'];
  if (Array.isArray(chain) && chain.length > 0) return String(chain.at(-1));
  const location = evidence['location'];
  if (typeof location === 'string') return location;
  return joined(lists.find((list) => Array.isArray(list)) as readonly string[] | undefined);
}

function providerIn(facts: DomainFacts, { proxy, provider }: Issue['evidence']): string {
  if (typeof provider === 'string') return provider;
  if (typeof proxy === 'string') return proxy;
  return providerOf(facts.nameServers) ?? facts.nameServers[0] ?? '';
}

/** What the DNS provider would remove: `A secrets 198.51.100.7`. */
function replacedIn({ setup }: DomainFacts, { code }: Issue): string | null {
  if (code !== 'SETUP_REPLACES_RECORDS' || setup === null) return null;
  return setup.replaces.map(replacedText).join(', ');
}

export function replacedText({ type, name, values }: ReplacedRecord): string {
  return `${type} ${name} ${values.join(' ')}`;
}

function saidIn({ blocked }: DomainFacts, { code, axis, detail }: Issue): string {
  if (code === 'NAME_BLOCKED') return blocked?.reason ?? '';
  // The words of a CA are not ours to translate.
  return axis === 'certificate' ? detail : '';
}

function joined(values: readonly string[] | undefined): string {
  return (values ?? []).join(', ');
}

function dateIn(value: unknown): Date | null {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value) : null;
}
