import type { CaaDecision } from './caa-policy.js';
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

/** The record that lets a refused CA issue, beside those that refuse it. It permits no more than they do otherwise. */
export function permittingRecord(ca: CaIdentity, refusal: Forbidden): CaaRecord {
  const binding = accountBinding(ca) ?? issue(ca.domain);
  switch (refusal.reason) {
    case 'account':
      return binding;
    case 'method': {
      const named = HAS_ACCOUNT.test(refusal.record.value) ? binding.value : ca.domain;
      return issue(`${named}; validationmethods=${ca.methods.join(',')}`);
    }
    case 'issuer':
    case 'critical':
      return issue(ca.domain);
  }
}

function issue(value: string): CaaRecord {
  return { critical: false, tag: 'issue', value };
}
