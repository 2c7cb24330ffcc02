import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { poolOf } from '../../database/statements.js';
import { MINUTE } from '../../shared/durations.js';
import { SEALED_COLUMNS } from './sealed-columns.js';

/** What still needs a version of the root key that is not the current one. */
export interface OldVersion {
  readonly version: number;
  /** Records that rekeying should have sealed anew, by their kind; empty: none. */
  readonly records: readonly { readonly kind: string; readonly count: number }[];
  /** When the last secret and the last receipt under it expire; null: there is none. */
  readonly secretsUntil: Date | null;
  readonly receiptsUntil: Date | null;
}

// Searching full tables takes longer than the statement timeout of requests.
const SEARCH_TIMEOUT = 30 * MINUTE;
/** More than the longest life of a receipt. */
const DAYS_AHEAD = 70;
const COUNT_MAX = 100_000;

/** Searches every table for each version but the current one. Takes as long as reading the newest partitions. */
export async function findOldVersions(
  dataSource: DataSource,
  current: number,
): Promise<OldVersion[]> {
  const connection = await poolOf(dataSource).connect();
  // The next statement reports a lost connection. An `error` event without a listener would end the process.
  connection.on('error', () => {});
  try {
    await connection.query('set statement_timeout = 0');
    const versions = await query<{ version: number }>(
      connection,
      'select version from root_key_checks where version <> $1 and is_in_use order by version',
      [current],
    );
    const found: OldVersion[] = [];
    for (const { version } of versions) {
      found.push({
        version,
        records: await recordsUnder(connection, version),
        secretsUntil: await lastExpiry(connection, 'secrets', version),
        receiptsUntil: await lastExpiry(connection, 'receipts', version),
      });
    }
    return found;
  } finally {
    // Closed, since its timeout is not the pool's.
    connection.release(true);
  }
}

async function recordsUnder(
  connection: PoolClient,
  version: number,
): Promise<OldVersion['records']> {
  const records: { kind: string; count: number }[] = [];
  for (const column of SEALED_COLUMNS) {
    const [row] = await query<{ count: number }>(
      connection,
      `select count(*)::int as count from (select from ${column.table}
       where ${column.version} = $1 and ${column.sealed} is not null limit ${COUNT_MAX}) as found`,
      [version],
    );
    if (row !== undefined && row.count > 0) records.push({ kind: column.kind, count: row.count });
  }
  return records;
}

/** From the last day backwards, a partition at a time: the first day with such a row has the last one. */
async function lastExpiry(
  connection: PoolClient,
  table: 'secrets' | 'receipts',
  version: number,
): Promise<Date | null> {
  const days = await query<{ day: string }>(
    connection,
    `select generate_series(current_date + $1::int, current_date - 2, interval '-1 day')::date::text as day`,
    [DAYS_AHEAD],
  );
  for (const { day } of days) {
    const [row] = await query<{ until: Date | null }>(
      connection,
      `select max(expires_at) as until from ${table}
       where expires_on = $1 and key_version = $2 and expires_at > now()`,
      [day, version],
    );
    if (row?.until != null) return row.until;
  }
  return null;
}

async function query<Row extends object>(
  connection: PoolClient,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const asked = { text, values: [...values], query_timeout: SEARCH_TIMEOUT };
  return (await connection.query<Row>(asked)).rows;
}
