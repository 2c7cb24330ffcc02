import { hash } from 'node:crypto';
import { Client } from 'pg';

/** Days on which the secrets end, from tomorrow on; the receipt of each ends 30 days later, as an account's does. */
export const DAYS = 30;
/** What an account's list shows at most. */
const RECEIPTS_OF_ACCOUNT = 1000;
const LOOKUP_BYTES = 20;
// As long as a value of 50 bytes, a key and a short id that are sealed.
const BYTES = { value: 78, key: 59, listed: 68, shortId: 36 };

const constant = (length: number): string => `'\\x${'5a'.repeat(length)}'::bytea`;
const lookup = (kind: string): string =>
  `substring(sha256(convert_to('${kind} ' || $1::text || ' ' || i, 'UTF8')) for ${LOOKUP_BYTES})`;

// $1: the secret's day, $2: rows, $3: accounts. Every second secret is an account's. The rows are spread over the days
// and the changes of an account over a month.
const MADE = `
  with made as (
    select ${lookup('secret')} as secret, ${lookup('receipt')} as receipt,
      $1::date as day, $1::date + 30 as receipt_day, $1::date + interval '12 hours' as ends,
      now() - make_interval(secs => (i * 37) % 2500000) as at,
      case when i % 2 = 0 then md5('account ' || ((i / 2) % $3::int))::uuid end as account
    from generate_series(1, $2::int) as i
  )`;

const SECRETS = `
  (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, account_id, key_version, ciphertext, created_at)
  ${MADE} select secret, day, ends, receipt, receipt_day, account, 1, ${constant(BYTES.value)}, at from made`;

const RECEIPTS = `
  (lookup, expires_on, expires_at, secret_lookup, secret_expires_on, secret_expires_at, account_id, key_version,
    has_passphrase, ttl_seconds, sealed_secret_key, sealed_metadata_key, sealed_short_id, kind, recipients,
    created_at, updated_at)
  ${MADE} select receipt, receipt_day, ends + interval '30 days', secret, day, ends, account, 1,
    false, 604800, ${constant(BYTES.key)}, case when account is not null then ${constant(BYTES.listed)} end,
    ${constant(BYTES.shortId)}, 'share', '{}', at, at
  from made`;

/** Settings of a server that is only filled: what it writes is safe after it has stopped. */
export const FILLING = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '4GB',
  autovacuum: 'off',
  maintenance_work_mem: '512MB',
  shared_buffers: '512MB',
};

/** Fills both tables with `rows` unread secrets and their receipts, in the partitions of the coming days. */
export async function fillRows(databaseUrl: string, rows: number): Promise<void> {
  // Without the time limits of the gateway's pool.
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    for (let day = 1; day <= DAYS; day += 1) {
      const values = [dayIn(day), Math.ceil(rows / DAYS), accountsOf(rows)];
      await fillPartition(client, { table: 'secrets', day, insert: SECRETS }, values);
      await fillPartition(client, { table: 'receipts', day: day + 30, insert: RECEIPTS }, values);
    }
    // As autovacuum leaves rows that are some minutes old.
    for (const table of ['secrets', 'receipts'])
      await client.query(`vacuum (freeze, analyze) ${table}`);
  } finally {
    await client.end();
  }
}

/** Makes the day's partition anew: its indexes are built when it has its rows, and none of it is in the WAL. */
async function fillPartition(
  client: Client,
  { table, day, insert }: { readonly table: string; readonly day: number; readonly insert: string },
  values: unknown[],
): Promise<void> {
  const name = `${table}_${dayIn(day).replaceAll('-', '')}`;
  await client.query('begin');
  await client.query(`drop table ${name}`);
  await client.query(`create table ${name} (like ${table} including all excluding indexes)`);
  await client.query(`insert into ${name} ${insert}`, values);
  await client.query(
    `alter table ${table} attach partition ${name} for values from ('${dayIn(day)}') to ('${dayIn(day + 1)}')`,
  );
  await client.query('commit');
}

export function accountsOf(rows: number): number {
  return Math.max(1, Math.floor(rows / 2 / RECEIPTS_OF_ACCOUNT));
}

/** The id of one of the accounts. */
export function accountId(number: number): string {
  const hex = hash('md5', `account ${number}`);
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return `${groups.join('-')}-${hex.slice(20)}`;
}

/** Where the secret or the receipt of one row is. */
export function addressOf(
  kind: 'secret' | 'receipt',
  day: number,
  row: number,
): { lookup: Buffer; expiresOn: string } {
  const bytes = hash('sha256', `${kind} ${dayIn(day)} ${row}`, 'buffer');
  const expiresOn = dayIn(kind === 'secret' ? day : day + 30);
  return { lookup: bytes.subarray(0, LOOKUP_BYTES), expiresOn };
}

function dayIn(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
