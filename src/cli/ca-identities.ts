import type { DataSource } from 'typeorm';
import { reachCa } from '../acme/reach-ca.js';
import type { AcmeCaConfig } from '../config/acme-config.js';
import { SECOND } from '../shared/durations.js';

/** How a CA and the region's account there are named in CAA records (RFC 8659, RFC 8657). */
export interface CaNames {
  readonly ca: string;
  /** Null: the CA does not answer. Empty: it names none. */
  readonly domains: readonly string[] | null;
  /** Null: the region has no account there yet. */
  readonly accountUri: string | null;
}

const CA_TIMEOUT = 4 * SECOND;

/** Asks each CA for its names, and the region's database for the accounts. */
export async function caNames(
  cas: readonly AcmeCaConfig[],
  database: DataSource,
  signal: AbortSignal = AbortSignal.timeout(CA_TIMEOUT),
): Promise<CaNames[]> {
  const accounts = await database.query<{ ca: string; url: string | null }[]>(
    'select ca, account_url as url from acme_accounts',
  );
  return Promise.all(
    cas.map(async (ca) => {
      const reached = await reachCa(ca, { timeout: CA_TIMEOUT, signal }).catch(() => null);
      return {
        ca: ca.name,
        domains: reached?.directory.meta.caaIdentities ?? (reached === null ? null : []),
        accountUri: accounts.find((account) => account.ca === ca.name)?.url ?? null,
      };
    }),
  );
}
