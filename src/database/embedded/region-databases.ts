import { Client, escapeIdentifier, escapeLiteral } from 'pg';

/** A region's database, and the only login role that may connect to it. Both have this name. */
interface RegionDatabase {
  readonly name: string;
  readonly password: string;
}

/** Makes each region's database and role, and revokes PUBLIC's access to every database. Idempotent. */
export async function ensureRegionDatabases(
  adminUrl: string,
  regions: readonly RegionDatabase[],
): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  // The next statement reports a lost connection. An `error` event without a listener would end the process.
  client.on('error', () => {});
  await client.connect();
  try {
    for (const region of regions) await ensureRegionDatabase(client, region);
    // PostgreSQL grants CONNECT on every database to PUBLIC by default.
    const { rows } = await client.query<{ datname: string }>(
      'select datname from pg_database where datallowconn',
    );
    for (const { datname } of rows) {
      await client.query(
        `revoke connect, temporary on database ${escapeIdentifier(datname)} from public`,
      );
    }
  } finally {
    await client.end();
  }
}

async function ensureRegionDatabase(
  client: Client,
  { name, password }: RegionDatabase,
): Promise<void> {
  const id = escapeIdentifier(name);
  const role = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  if (role.rowCount === 0) await client.query(`create role ${id}`);
  await client.query(
    `alter role ${id} login nosuperuser nocreatedb nocreaterole password ${escapeLiteral(password)}`,
  );

  const database = await client.query('select 1 from pg_database where datname = $1', [name]);
  if (database.rowCount === 0) await client.query(`create database ${id} owner ${id}`);
}
