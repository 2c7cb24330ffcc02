import type { CaaRecord, CaIdentity, RelevantCaaSet } from './caa-record.js';

/** What the CAA records of a name permit one CA, for our account and our validation methods. */
export type CaaDecision =
  | { kind: 'permitted'; methods: string[] }
  | { kind: 'forbidden'; reason: 'issuer' }
  /** `record` names the CA, with another account or without our methods. */
  | { kind: 'forbidden'; reason: 'account' | 'method'; record: CaaRecord }
  /** A critical record with an unknown tag (RFC 8659 section 4.1). */
  | { kind: 'forbidden'; reason: 'critical'; record: CaaRecord }
  /** The lookup failed. A CA must not issue when its own lookup fails. */
  | { kind: 'unanswerable' };

interface IssueValue {
  readonly issuer: string;
  /** Null: malformed. Such a property permits no CA. */
  readonly parameters: readonly (readonly [tag: string, value: string])[] | null;
}

const UNDERSTOOD_TAGS = new Set(['issue', 'issuewild', 'iodef']);
const ISSUER = /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/;
const PARAMETER = /^([a-z0-9]+(?:-[a-z0-9]+)*)[ \t]*=[ \t]*([\x21-\x3a\x3c-\x7e]*)$/i;

/**
 * Whether `ca` may issue for a name that is not a wildcard (RFC 8659, with the parameters of RFC 8657).
 * One matching property is enough. If none matches, the reason is that of the closest one: method, account, issuer.
 */
export function decideCaa(caa: RelevantCaaSet, ca: CaIdentity): CaaDecision {
  if (caa.status === 'unanswerable') return { kind: 'unanswerable' };
  const critical = caa.records.find(
    (record) => record.critical && !UNDERSTOOD_TAGS.has(record.tag.toLowerCase()),
  );
  if (critical !== undefined) return { kind: 'forbidden', reason: 'critical', record: critical };

  const properties = issueProperties(caa);
  if (properties.length === 0) return { kind: 'permitted', methods: [...ca.methods] };
  return closest(properties.map((record) => decideProperty(record, ca)));
}

/** Those that restrict the CAs of a name: `issuewild` applies to wildcard names only, and `iodef` restricts no CA. */
export function issueProperties({ records }: Pick<RelevantCaaSet, 'records'>): CaaRecord[] {
  return records.filter(({ tag }) => tag.toLowerCase() === 'issue');
}

/** The domain of the CA that a well-formed property names; null: none. */
export function issuerOf({ value }: CaaRecord): string | null {
  const { issuer, parameters } = parseIssueValue(value);
  return parameters === null ? null : issuer;
}

/** Whether a property permits the CA without naming an account there (RFC 8657 section 3). */
export function permitsEveryAccount({ value }: CaaRecord, domain: string): boolean {
  const { issuer, parameters } = parseIssueValue(value);
  return (
    parameters !== null &&
    issuer === domain.toLowerCase() &&
    parametersOf(parameters, 'accounturi').length === 0
  );
}

/** The methods that a property allows as it is written; null: every one. A list that is given twice allows none. */
export function allowedMethods({ value }: CaaRecord): string[] | null {
  return methodsOf(parseIssueValue(value).parameters ?? []);
}

function closest(decisions: readonly CaaDecision[]): CaaDecision {
  const permitted = decisions.flatMap((each) => (each.kind === 'permitted' ? each.methods : []));
  if (decisions.some((each) => each.kind === 'permitted')) {
    return { kind: 'permitted', methods: [...new Set(permitted)] };
  }
  const byReason = (reason: string) =>
    decisions.find((each) => each.kind === 'forbidden' && each.reason === reason);
  return byReason('method') ?? byReason('account') ?? { kind: 'forbidden', reason: 'issuer' };
}

function decideProperty(record: CaaRecord, ca: CaIdentity): CaaDecision {
  const value = parseIssueValue(record.value);
  if (value.parameters === null || value.issuer !== ca.domain.toLowerCase()) {
    return { kind: 'forbidden', reason: 'issuer' };
  }
  const accounts = parametersOf(value.parameters, 'accounturi');
  // RFC 8657 section 3: a parameter given twice matches no account.
  const account = accounts.length > 1 ? '' : accounts[0];
  if (account !== undefined && (ca.accountUri === null || account !== ca.accountUri)) {
    return { kind: 'forbidden', reason: 'account', record };
  }
  const allowed = methodsOf(value.parameters);
  const methods = ca.methods.filter((method) => allowed?.includes(method) ?? true);
  return allowed !== null && methods.length === 0
    ? { kind: 'forbidden', reason: 'method', record }
    : { kind: 'permitted', methods };
}

/** RFC 8657 section 4: a parameter given twice matches no method. */
function methodsOf(
  parameters: readonly (readonly [tag: string, value: string])[],
): string[] | null {
  const lists = parametersOf(parameters, 'validationmethods');
  return lists.length > 1 ? [] : (lists[0]?.split(',') ?? null);
}

function parametersOf(
  parameters: readonly (readonly [tag: string, value: string])[],
  wanted: string,
): string[] {
  return parameters.flatMap(([tag, value]) => (tag === wanted ? [value] : []));
}

/** `letsencrypt.org; accounturi=https://...`. An empty issuer, as in `;`, permits no CA. */
function parseIssueValue(text: string): IssueValue {
  const [first = '', ...rest] = text.split(';').map((part) => part.trim());
  const issuer = first.toLowerCase();
  // Many records end with a semicolon.
  const parts = rest.at(-1) === '' ? rest.slice(0, -1) : rest;
  const parameters = parts.map((part): [string, string] | null => {
    const [, tag, value] = PARAMETER.exec(part) ?? [];
    return tag === undefined || value === undefined ? null : [tag.toLowerCase(), value];
  });
  const isWellFormed = ISSUER.test(issuer) && !parameters.includes(null);
  return { issuer, parameters: isWellFormed ? (parameters as [string, string][]) : null };
}
