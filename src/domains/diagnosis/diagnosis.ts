import type { IssueCode } from './issue-code.js';
import type { Presence } from './ownership-proof.js';
import type { RoutingState } from '../routing.js';

export type IssueSeverity = 'blocking' | 'warning' | 'info';
export type IssueAxis = 'ownership' | 'routing' | 'certificate' | 'caa';
/** Who can fix it. */
export type IssueOwner = 'customer' | 'operator' | 'ca';

/** One finding and its fix. */
export interface Issue {
  code: IssueCode;
  severity: IssueSeverity;
  axis: IssueAxis;
  title: string;
  detail: string;
  evidence: Record<string, unknown>;
  /** `recordRef` is an index into the diagnosis's records. */
  fix: { summary: string; recordRef: number | null };
  owner: IssueOwner;
}

/** One record (all values of one type at one name), as a DNS panel shows it. */
export interface DnsRecordAdvice {
  purpose: 'ownership' | 'routing' | 'caa' | 'certificate';
  /** When to make it, for a name that is still in use elsewhere. */
  phase: 'before_switch' | 'switch' | 'any_time';
  required: boolean;
  action: 'add' | 'change' | 'remove' | 'keep';
  fqdn: string;
  /** Relative to the zone, `@` for the apex. */
  name: string;
  type: string;
  desired: string[];
  observed: string[];
  ttlObserved: number | null;
  /** `unchecked`: nobody has looked yet. */
  status: 'ok' | 'missing' | 'wrong' | 'conflict' | 'unreachable' | 'unchecked';
  providerHint: string | null;
}

export interface NextStep {
  action: string;
  method: string;
  href: string;
}

/** The conclusions from the facts. Issues are sorted by severity, `blocking` first. */
export interface Diagnosis {
  issues: Issue[];
  records: DnsRecordAdvice[];
  routing: RoutingState;
  /** `unknown`: the deciding lookups failed; nothing may be concluded. */
  ownershipProof: Presence;
}
