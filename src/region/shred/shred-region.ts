import type { Client } from 'pg';
import { refuseWhileUsed, withBackupConnection } from '../backup/backup-connection.js';

// A table is emptied by removing its files; rows that are deleted stay in them for a while.
const SEALED_TABLES = [
  'secrets',
  'receipts',
  'certificates',
  'issuances',
  'acme_accounts',
  'acme_challenges',
  'ticket_keys',
  'second_factors',
  'mails',
  'webhooks',
  'webhook_attempts',
  'webhook_deliveries',
];

/**
 * Destroys everything in a region's database that is sealed, and the check values of its root keys: they say nothing about
 * a key that is destroyed too. No gateway may run, since it would go on with what it has in memory.
 */
export function shredRegion(url: string): Promise<void> {
  return withBackupConnection(url, async (client) => {
    await refuseWhileUsed(client);
    await client.query('begin');
    await client.query(`truncate ${(await existing(client, SEALED_TABLES)).join(', ')}`);
    await client.query('delete from outbox_listeners where account_id is not null');
    await client.query('delete from root_key_checks');
    await client.query('commit');
  });
}

/**
 * Destroys the ciphertext of every secret: none can be opened any more, and the receipts of unread ones follow. For a
 * database that was restored from a physical copy.
 */
export function shredSecrets(url: string): Promise<void> {
  return withBackupConnection(url, async (client) => {
    await client.query(`set lock_timeout = '10s'`);
    await client.query('truncate secrets');
  });
}

async function existing(client: Client, tables: readonly string[]): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    'select name from unnest($1::text[]) as name where to_regclass(name) is not null',
    [tables],
  );
  return rows.map(({ name }) => name);
}
