import type { AccountRecord } from '../../accounts/account-details.js';
import { COMMAND_LINE } from '../../accounts/activity/activity.js';
import type { AccountRemoval } from '../../secrets/account-removal.js';
import { withBackupConnection } from '../backup/backup-connection.js';
import { claimsOfAccount, shredDomain, type DomainShredding } from './shred-domain.js';

interface AccountShredding extends DomainShredding {
  readonly removal: AccountRemoval;
}

/**
 * Destroys what is sealed for an account and removes it: its domains with the keys of their certificates, unread secrets,
 * webhooks, second factors, mails, answers that were kept. An interrupted call can be repeated.
 */
export async function shredAccount(
  shredding: AccountShredding,
  { id, email }: Pick<AccountRecord, 'id' | 'email'>,
): Promise<void> {
  const { url, database, removal } = shredding;
  const claims = await claimsOfAccount(database, id);
  for (const claim of claims) await shredDomain(shredding, claim);
  // Without a time limit: all events of a week are read, and a webhook has all that was sent to it.
  await withBackupConnection(url, async (client) => {
    for (const table of ['mails', 'webhooks', 'second_factors', 'outbox', 'idempotency_keys'])
      await client.query(`delete from ${table} where account_id = $1`, [id]);
  });
  await removal.remove(email, COMMAND_LINE);
}
