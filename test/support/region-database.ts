import { Client } from 'pg';
import { readDetails } from '../../src/database/embedded/connection-details.js';
import { regionUrl } from '../../src/database/embedded/embedded-postgres.js';
import { lookupOf } from '../../src/secrets/secret-key.js';

/** Runs one statement in a region's embedded database, as the region's role, on a connection of its own. */
export async function query(
  { dataDir }: { readonly dataDir: string },
  region: string,
  statement: { readonly text: string; readonly values?: unknown[] },
): Promise<readonly Record<string, unknown>[]> {
  const details = readDetails(dataDir);
  if (details === null) throw new Error(`${dataDir} has no embedded database`);
  const client = new Client({ connectionString: regionUrl(details, region) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Moves a secret's expiry into the past. */
export async function expireSecret(
  gateway: { readonly dataDir: string },
  region: string,
  secretKey: string,
): Promise<void> {
  await expire(gateway, region, { table: 'secrets', lookup: lookupOf('secret', secretKey) });
}

/** Moves a receipt's expiry into the past. */
export async function expireReceipt(
  gateway: { readonly dataDir: string },
  region: string,
  metadataKey: string,
): Promise<void> {
  await expire(gateway, region, { table: 'receipts', lookup: lookupOf('receipt', metadataKey) });
}

async function expire(
  gateway: { readonly dataDir: string },
  region: string,
  { table, lookup }: { readonly table: 'secrets' | 'receipts'; readonly lookup: Buffer },
): Promise<void> {
  const rows = await query(gateway, region, {
    text: `update ${table} set expires_at = now() - interval '1 second' where lookup = $1 returning 1`,
    values: [lookup],
  });
  if (rows.length !== 1) throw new Error(`${table} has no such row to expire`);
}
