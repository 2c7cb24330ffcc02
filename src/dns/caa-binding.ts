import { allowedMethods, type CaaDecision } from './caa-policy.js';
import type { CaaRecord, CaIdentity } from './caa-record.js';

export type Forbidden = Extract<CaaDecision, { kind: 'forbidden' }>;

/** What the value of a property may have after `accounturi=` (RFC 8659 section 4.2). */
const WRITABLE = /^[\x21-\x3a\x3c-\x7e]+$/;
const HAS_ACCOUNT = /;[ \t]*accounturi[ \t]*=/i;

/**
 * Permits our account at a CA, and no other one there (RFC 8657 section 3). Every method stays allowed: a list of methods
 * would forbid the one that works when another fails.
 * @returns null: the account is not known, or a record cannot name it
 */
export function accountBinding({
  domain,
  accountUri,
}: Pick<CaIdentity, 'domain' | 'accountUri'>): CaaRecord | null {
  if (accountUri === null || !WRITABLE.test(accountUri)) return null;
  return issue(`${domain}; accounturi=${accountUri}`);
}

/**
 * The record that lets a refused CA issue, beside those that refuse it. Where one names the CA, it has the account and the
 * methods of that one, but for what refuses us.
 * @returns null: our account would have to be named, and is not known or cannot be
 */
export function permittingRecord(ca: CaIdentity, refusal: Forbidden): CaaRecord | null {
  if (refusal.reason === 'issuer' || refusal.reason === 'critical') return issue(ca.domain);
  const { record, reason } = refusal;
  const isBound = reason === 'account' || HAS_ACCOUNT.test(record.value);
  const named = isBound ? accountBinding(ca) : issue(ca.domain);
  if (named === null) return null;
  const allowed = allowedMethods(record);
  if (allowed === null) return named;
  const isUsable = ca.methods.some((method) => allowed.includes(method));
  const methods = isUsable ? allowed : ca.methods;
  return issue(`${named.value}; validationmethods=${methods.join(',')}`);
}

function issue(value: string): CaaRecord {
  return { critical: false, tag: 'issue', value };
}
