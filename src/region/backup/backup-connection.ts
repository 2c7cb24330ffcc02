import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { AppError } from '../../shared/app-error.js';
import { SECOND } from '../../shared/durations.js';
import { RowDigest, type BackupManifest } from './backup-file.js';
import type { BackedTable } from './backed-tables.js';

const BATCH = 1000;
const GONE_WITHIN = 3 * SECOND;
const POLL = 50;
const CONNECT_TIMEOUT = 10 * SECOND;
/** Longer than a gateway holds a table, to add or drop the partition of a day. */
const LOCK_TIMEOUT = 10 * SECOND;

// Line separator and paragraph separator. PostgreSQL writes them as they are into JSON strings, and readers of lines may
// end a line there.
const LINE_ENDS = /[\u2028\u2029]/g;

// Within a transaction the view does not change.
const USERS = `
  select pg_stat_clear_snapshot() from pg_stat_activity
  where datname = current_database() and application_name like 'onetime-gateway%'
    and pid <> pg_backend_pid()`;

/** Runs `work` on a connection whose statements may take any time, and on which values have one form as text. */
export async function withBackupConnection<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    connectionString: url,
    application_name: 'onetime-gateway backup',
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    keepAlive: true,
  });
  // The next statement reports a lost connection. An `error` event without a listener would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`
      set statement_timeout = 0; set lock_timeout = ${LOCK_TIMEOUT};
      set idle_in_transaction_session_timeout = 0;
      set time zone 'UTC'; set bytea_output = hex; set datestyle = iso; set intervalstyle = iso_8601`);
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * The server still shows a connection for a moment after it was closed, our own too.
 * @throws AppError `invalid_request` when a gateway or another command is connected to the database, and stays
 */
export async function refuseWhileUsed(client: Client): Promise<void> {
  const giveUpAt = performance.now() + GONE_WITHIN;
  for (;;) {
    const { rows } = await client.query(USERS);
    if (rows.length === 0) return;
    if (performance.now() > giveUpAt)
      throw new AppError(
        'invalid_request',
        'A gateway or a command uses the database: stop it first.',
      );
    await delay(POLL);
  }
}

/** Gives every row of a table as one line of JSON, in its order. In a transaction. */
export async function readRows(
  client: Client,
  table: BackedTable,
  write: (row: string) => Promise<void> | void = () => {},
): Promise<BackupManifest['tables'][string]> {
  const digest = new RowDigest();
  await client.query(
    `declare backup_rows no scroll cursor for
     select row_to_json(backed)::text as row from (${await selectionOf(client, table)}) as backed`,
  );
  for (;;) {
    const { rows } = await client.query<{ row: string }>(`fetch ${BATCH} from backup_rows`);
    for (const { row: raw } of rows) {
      const row = raw.replace(LINE_ENDS, escapeCharacter);
      digest.add(row);
      await write(row);
    }
    if (rows.length < BATCH) break;
  }
  await client.query('close backup_rows');
  return digest.end();
}

async function selectionOf(
  client: Client,
  { table, order, emptied = [] }: BackedTable,
): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attname collate "C"`,
    [table],
  );
  const columns = rows.map(({ name }) => (emptied.includes(name) ? `null as ${name}` : name));
  return `select ${columns.join(', ')} from ${table} order by ${order}`;
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16)}`;
}
