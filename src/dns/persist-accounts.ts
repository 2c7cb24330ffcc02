import type { CaIdentity } from './caa-record.js';
import type { PersistAccount } from './persist-record.js';

const METHOD = 'dns-persist-01';

/** Whether one of the CAs offers dns-persist-01. */
export function offersPersist(cas: readonly CaIdentity[]): boolean {
  return persistAccounts(cas).length > 0;
}

/** Our accounts at the CAs that offer dns-persist-01, each with all names of its CA. */
export function persistAccounts(cas: readonly CaIdentity[]): PersistAccount[] {
  const offering = cas.filter(({ methods }) => methods.includes(METHOD));
  const uris = new Set(offering.flatMap(({ accountUri }) => accountUri ?? []));
  return [...uris].map((accountUri) => ({
    accountUri,
    issuers: offering
      .filter((ca) => ca.accountUri === accountUri)
      .map(({ domain }) => domain.toLowerCase()),
  }));
}

/** The CAs with the methods that can be used at a name. @param isPermitted by the record at the name */
export function withUsablePersist(
  cas: readonly CaIdentity[],
  isPermitted: (account: PersistAccount) => boolean,
): CaIdentity[] {
  const usable = persistAccounts(cas).filter(isPermitted);
  return cas.map((ca) => {
    const isUsable = usable.some(({ accountUri }) => accountUri === ca.accountUri);
    return isUsable ? ca : { ...ca, methods: ca.methods.filter((each) => each !== METHOD) };
  });
}
