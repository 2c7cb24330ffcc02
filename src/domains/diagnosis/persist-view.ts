import { valuesOf } from '../../dns/dns-answer.js';
import type { CaIdentity } from '../../dns/caa-record.js';
import { persistAccounts, withUsablePersist } from '../../dns/persist-accounts.js';
import {
  decidePersist,
  type PersistAccount,
  type PersistDecision,
} from '../../dns/persist-record.js';
import { SECOND } from '../../shared/durations.js';
import type { DomainFacts } from '../domain-facts.js';

type Seen = Pick<DomainFacts, 'persist' | 'observedAt'>;

/** What the record at `_validation-persist` permits an account, by the last look. */
export function decideSeenPersist(
  { persist, observedAt }: Seen,
  account: PersistAccount,
): PersistDecision {
  return decidePersist(valuesOf(persist), account, { now: Date.parse(observedAt) / SECOND });
}

/** Our accounts that the record permits. */
export function permittedAccounts(facts: Seen & Pick<DomainFacts, 'cas'>): PersistAccount[] {
  return persistAccounts(facts.cas).filter(
    (account) => decideSeenPersist(facts, account).kind === 'permitted',
  );
}

/** The CAs with the methods that can be used at the name: dns-persist-01 only where its record permits it. */
export function usableCas(facts: Seen & Pick<DomainFacts, 'cas'>): CaIdentity[] {
  const permits = (account: PersistAccount) =>
    decideSeenPersist(facts, account).kind === 'permitted';
  return withUsablePersist(facts.cas, permits);
}
