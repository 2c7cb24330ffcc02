import type { Client } from 'pg';
import type { CellConfig } from '../../config/cell-config.js';
import { connectDatabase } from '../../database/connect.js';
import { appliedMigrations, migrateDatabase, migrateDatabaseTo } from '../../database/migrate.js';
import { AppError } from '../../shared/app-error.js';
import { compareRootKeys } from '../root-key-check.js';
import { requireFit } from '../database-fit.js';
import { checkSessions } from '../session-check.js';
import { BACKED_TABLES, LEFT_OUT } from './backed-tables.js';
import { readRows, refuseWhileUsed, withBackupConnection } from './backup-connection.js';
import { readBackup, type BackupManifest, type BackupSummary } from './backup-file.js';

interface RestoreRequest extends Pick<CellConfig, 'region' | 'rootKeys'> {
  readonly url: string;
  readonly path: string;
}

const BATCH = 500;
/** A new database has a row in each of them. */
const SEEDED = ['key_masks', 'write_probes', 'purges', 'schema_migrations'];

/**
 * Fills an empty database from a backup, in one transaction, and compares what it has then with the manifest. Nothing is
 * changed when anything is refused or fails.
 * @throws AppError `invalid_request` when backup, region, keys and database do not go together
 */
export async function restoreBackup(request: RestoreRequest): Promise<BackupSummary> {
  const summary = await readBackup(request.path);
  const { header, manifest } = summary;
  if (header.region !== request.region) {
    const message = `The backup is of region ${header.region}: what it holds opens in no other one.`;
    throw new AppError('invalid_request', message);
  }
  await withBackupConnection(request.url, (client) => refuseUnlessEmpty(client));
  await migrateTo(request, header.migrations);
  await withBackupConnection(request.url, async (client) => {
    await client.query('begin');
    // A row may refer to one of its own table that comes later.
    await client.query('set constraints all deferred');
    await refuseUnlessEmpty(client);
    await load(client, request.path);
    await compareTables(client, manifest);
    await refuseUnlessKeysFit(client, request);
    for (const [name, value] of Object.entries(manifest.sequences))
      await client.query('select setval($1::regclass, $2::bigint)', [name, value]);
    await client.query('commit');
  });
  await migrateTo(request, null);
  return summary;
}

/** Another's rows are never mixed with these, and no gateway may write meanwhile. */
async function refuseUnlessEmpty(client: Client): Promise<void> {
  await refuseWhileUsed(client);
  for (const table of [...BACKED_TABLES.map((backed) => backed.table), ...Object.keys(LEFT_OUT)]) {
    if (SEEDED.includes(table)) continue;
    const { rows } = await client.query<{ exists: boolean }>(
      'select to_regclass($1) is not null as exists',
      [table],
    );
    if (rows[0]?.exists !== true) continue;
    const { rows: found } = await client.query(`select from ${table} limit 1`);
    if (found.length > 0)
      throw new AppError(
        'invalid_request',
        `The database has rows in ${table}: give an empty one.`,
      );
  }
}

/** @param names of the backup's schema; null: all of this version's */
async function migrateTo(
  { region, url }: RestoreRequest,
  names: readonly string[] | null,
): Promise<void> {
  const dataSource = await connectDatabase(url);
  try {
    await checkSessions(region, dataSource);
    await requireFit(region, dataSource);
    if (names === null) await migrateDatabase(dataSource);
    else await migrateDatabaseTo(dataSource, names);
    const applied = await appliedMigrations(dataSource);
    const strange = names === null ? [] : symmetricDifference(names, applied);
    if (strange.length > 0) {
      const message = `The schema of the backup is not the one of the database: ${strange.join(', ')}. Use a database without tables, and this or a newer version of the gateway.`;
      throw new AppError('invalid_request', message);
    }
  } finally {
    await dataSource.destroy();
  }
}

function symmetricDifference(one: readonly string[], other: readonly string[]): string[] {
  return [
    ...one.filter((name) => !other.includes(name)),
    ...other.filter((name) => !one.includes(name)),
  ];
}

async function load(client: Client, path: string): Promise<void> {
  let batch: { table: string; readonly rows: string[] } = { table: '', rows: [] };
  const flush = async (): Promise<void> => {
    const { table, rows } = batch;
    if (rows.length === 0) return;
    await client.query(
      `insert into ${table} overriding system value
       select * from json_populate_recordset(null::${table}, $1::json)`,
      [`[${rows.join(',')}]`],
    );
    batch = { table, rows: [] };
  };
  for (const table of SEEDED.filter((name) => BACKED_TABLES.some((each) => each.table === name)))
    await client.query(`delete from ${table}`);
  const known = new Set(BACKED_TABLES.map(({ table }) => table));
  await readBackup(path, async (row, table) => {
    if (!known.has(table))
      throw new AppError('invalid_request', `The backup has a table that is not known: ${table}.`);
    if (table !== batch.table || batch.rows.length === BATCH) {
      await flush();
      batch = { table, rows: [] };
    }
    batch.rows.push(row);
  });
  await flush();
}

async function compareTables(client: Client, { tables }: BackupManifest): Promise<void> {
  for (const table of BACKED_TABLES) {
    const stated = tables[table.table];
    if (stated === undefined) continue;
    const found = await readRows(client, table);
    if (found.rows !== stated.rows || found.sha256 !== stated.sha256)
      throw new Error(`the rows of ${table.table} are not those of the backup`);
  }
}

async function refuseUnlessKeysFit(
  client: Client,
  { region, rootKeys }: RestoreRequest,
): Promise<void> {
  const database = {
    query: async <Rows>(text: string) => (await client.query(text)).rows as Rows,
  };
  const { wrong, missing } = await compareRootKeys({ region, rootKeys }, database);
  const versions = [...wrong, ...missing];
  if (versions.length === 0) return;
  const message = `The backup needs the root key of version ${versions.join(', ')} that its region had: configure it in GATEWAY_ROOT_KEY_${region.toUpperCase()}.`;
  throw new AppError('invalid_request', message);
}
