/** A TXT record at `_validation-persist.` + name, by draft-ietf-acme-dns-persist-01. */
export interface PersistRecord {
  /** The domain name of a CA, in lower case. */
  readonly issuer: string;
  readonly accountUri: string;
  /** It permits wildcard names, and those below the name, too. */
  readonly isWide: boolean;
  /** Seconds since the epoch; null: for good. */
  readonly until: number | null;
}

/** An account at a CA, as a challenge or the CA's directory names it. */
export interface PersistAccount {
  /** The CA's domain names. */
  readonly issuers: readonly string[];
  readonly accountUri: string;
}

export type PersistDecision =
  | { readonly kind: 'permitted'; readonly record: PersistRecord; readonly value: string }
  /** No record names the CA. */
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'refused';
      readonly reason: 'malformed' | 'account' | 'expired' | 'policy';
      readonly value: string;
    };

const LABEL = '_validation-persist';

/** Where the records of a name stand. */
export function persistName(hostname: string): string {
  return `${LABEL}.${hostname}`;
}

const TAG = /^[a-z0-9]+(?:-+[a-z0-9]+)*$/i;
const VALUE = /^[\x21-\x3a\x3c-\x7e]*$/;
const DIGITS = /^\d{1,15}$/;
/** The closest to right last: it is the one to mend. */
const BY_CLOSENESS = ['account', 'malformed', 'policy', 'expired'] as const;

/**
 * Whether one of the records permits the account. Stricter than CAA: an empty parameter is malformed. Pure.
 * @param now seconds since the epoch
 */
export function decidePersist(
  values: readonly string[],
  { issuers, accountUri }: PersistAccount,
  { now, isWildcard = false }: { readonly now: number; readonly isWildcard?: boolean },
): PersistDecision {
  const ours = values.filter((value) => issuers.some((each) => each === issuerIn(value)));
  const decisions = ours.map((value): PersistDecision => {
    const record = parsePersistRecord(value);
    if (record === null) return { kind: 'refused', reason: 'malformed', value };
    if (record.accountUri !== accountUri) return { kind: 'refused', reason: 'account', value };
    if (isWildcard && !record.isWide) return { kind: 'refused', reason: 'policy', value };
    if (record.until !== null && now > record.until)
      return { kind: 'refused', reason: 'expired', value };
    return { kind: 'permitted', record, value };
  });
  return (
    decisions.find(({ kind }) => kind === 'permitted') ??
    BY_CLOSENESS.toReversed()
      .flatMap((reason) => decisions.filter((each) => reasonOf(each) === reason))
      .at(0) ?? { kind: 'missing' }
  );
}

/** Null: malformed. */
export function parsePersistRecord(text: string): PersistRecord | null {
  const parameters = new Map<string, string>();
  for (const part of text.split(';').slice(1)) {
    const at = part.indexOf('=');
    const tag = trimmed(part.slice(0, Math.max(at, 0)));
    const value = trimmed(part.slice(at + 1));
    if (!TAG.test(tag) || !VALUE.test(value)) return null;
    const name = tag.toLowerCase();
    // Twice is malformed at every CA where we know the tag, and at some for any tag.
    if (parameters.has(name)) return null;
    parameters.set(name, value);
  }
  const accountUri = parameters.get('accounturi') ?? '';
  const until = parameters.get('persistuntil') ?? null;
  if (accountUri === '' || (until !== null && !DIGITS.test(until))) return null;
  return {
    issuer: issuerIn(text),
    accountUri,
    isWide: parameters.get('policy')?.toLowerCase() === 'wildcard',
    until: until === null ? null : Number(until),
  };
}

function issuerIn(text: string): string {
  return trimmed(text.split(';', 1)[0] ?? '').toLowerCase();
}

function trimmed(text: string): string {
  return text.replaceAll(/^[ \t]+|[ \t]+$/g, '');
}

function reasonOf(decision: PersistDecision): string | null {
  return decision.kind === 'refused' ? decision.reason : null;
}
