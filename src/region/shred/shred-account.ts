import type { DataSource } from 'typeorm';
import type { AccountRecord } from '../../accounts/account-details.js';
import { COMMAND_LINE } from '../../accounts/activity/activity.js';
import type { DomainAdministrationService } from '../../certificates/domain-administration.service.js';
import type { Domain } from '../../domains/domain.js';
import type { AccountRemoval } from '../../secrets/account-removal.js';
import { shredDomain } from './shred-domain.js';

interface ShreddingRooms {
  readonly url: string;
  readonly database: DataSource;
  readonly removal: AccountRemoval;
  readonly domains: DomainAdministrationService;
}

/**
 * Destroys what is sealed for an account and removes it: its domains with the keys of their certificates, unread secrets,
 * webhooks, second factors, mails, answers that were kept. An interrupted call can be repeated.
 */
export async function shredAccount(
  { url, database, removal, domains }: ShreddingRooms,
  { id, email }: Pick<AccountRecord, 'id' | 'email'>,
): Promise<readonly string[]> {
  const claims = await claimsOf(database, id);
  for (const claim of claims) await shredDomain(url, domains, claim);
  for (const table of ['mails', 'webhooks', 'second_factors', 'outbox', 'idempotency_keys'])
    await database.query(`delete from ${table} where account_id = $1`, [id]);
  await removal.remove(email, COMMAND_LINE);
  return claims.map(({ hostname }) => hostname);
}

export function claimsOf(
  database: DataSource,
  accountId: string,
): Promise<Pick<Domain, 'extid' | 'hostname'>[]> {
  return database.query<Pick<Domain, 'extid' | 'hostname'>[]>(
    'select extid, hostname from domains where account_id = $1 and removed_at is null order by id',
    [accountId],
  );
}
