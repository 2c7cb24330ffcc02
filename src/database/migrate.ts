import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/migrations.js';
import { MINUTE, SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { RepeatedLine } from '../shared/repeated-line.js';
import { withAdvisoryLock } from './advisory-lock.js';
import { dataSourceOptions, urlOf } from './connect.js';
import { regrantServing } from './serving-login.js';

const LOCK = 'onetime-gateway migrations';
// Migrating a full table takes longer than the statement timeout of requests.
const TIMEOUT = 30 * MINUTE;
// Every statement on a table waits behind a migration that waits for it, as for the end of a backup or a dump.
const LOCK_TIMEOUT = 2 * SECOND;
const TRY_AGAIN_AFTER = 2 * SECOND;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Applies the missing migrations; resolves to their names. Several processes may call it at the same time. One that needs a
 * table which another session holds is tried again, so that others use the table meanwhile.
 * @throws when the database cannot be reached (see isConnectionFailure) or a migration fails; that one is rolled back
 */
export async function migrateDatabase(database: DataSource): Promise<string[]> {
  const applied: string[] = [];
  const logger = loggerFor(migrateDatabase.name);
  const line = new RepeatedLine();
  const giveUpAt = performance.now() + TIMEOUT;
  for (;;) {
    const err = await withMigrations(database, (dataSource) => tryToMigrate(dataSource, applied));
    if (err === null) return applied;
    if (performance.now() > giveUpAt) throw err;
    if (line.isDue('')) logger.warn({ err }, 'migrations wait for what another session holds');
    await delay(TRY_AGAIN_AFTER);
  }
}

/** Resolves to the error of a lock that another session holds; null: done. @param applied gets the names of what was applied */
async function tryToMigrate(dataSource: DataSource, applied: string[]): Promise<Error | null> {
  const before = await appliedMigrations(dataSource);
  let held: Error | null = null;
  try {
    await run(dataSource);
    // Without a migration too: the process may have been killed before, or this release grants something else.
    await regrantServing(dataSource);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    held = error as Error;
  }
  const after = await appliedMigrations(dataSource);
  applied.push(...after.filter((name) => !before.includes(name)));
  return held;
}

/** The same with the named migrations alone, for a schema as an older version had it. */
export function migrateDatabaseTo(
  database: DataSource,
  names: readonly string[],
): Promise<string[]> {
  return withMigrations(
    database,
    run,
    MIGRATIONS.filter(({ name }) => names.includes(name)),
  );
}

async function run(dataSource: DataSource): Promise<string[]> {
  const applied = await dataSource.runMigrations({ transaction: 'each' });
  return applied.map(({ name }) => name);
}

/** The migrations of this version that the database does not have. It may have later ones: releases run side by side. */
export async function missingMigrations(database: DataSource): Promise<readonly string[]> {
  return (await schemaDifference(database)).missing;
}

/** Reverts the last applied migration. */
export async function revertLastMigration(database: DataSource): Promise<void> {
  await withMigrations(database, (dataSource) =>
    dataSource.undoLastMigration({ transaction: 'each' }),
  );
}

/** How the schema differs from this version's. */
export interface SchemaDifference {
  /** Of this version, and not applied. */
  readonly missing: readonly string[];
  /** Applied, and of a newer version. */
  readonly unknown: readonly string[];
}

export async function schemaDifference(database: DataSource): Promise<SchemaDifference> {
  const applied = await appliedMigrations(database);
  const known = MIGRATIONS.map(({ name }) => name);
  return {
    missing: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}

/** In the order in which they were applied; empty for an empty database, and for one with another program's table of that name. */
export async function appliedMigrations(database: DataSource): Promise<string[]> {
  const exists = await database.query<[{ found: boolean }]>(
    `select exists (
       select from pg_attribute where attrelid = to_regclass('schema_migrations') and attname = 'name'
     ) as found`,
  );
  if (!exists[0].found) return [];
  const rows = await database.query<{ name: string }[]>(
    'select name from schema_migrations order by id',
  );
  return rows.map(({ name }) => name);
}

/** Uses a data source of its own, with longer timeouts. */
async function withMigrations<Result>(
  database: DataSource,
  work: (dataSource: DataSource) => Promise<Result>,
  migrations = MIGRATIONS,
): Promise<Result> {
  const options = dataSourceOptions(urlOf(database));
  let ending = null as Error | null;
  const dataSource = await new DataSource({
    ...options,
    migrations,
    migrationsTableName: 'schema_migrations',
    // The default one writes a failed migration to stdout, which has the results of commands.
    logger: 'debug',
    extra: {
      ...options.extra,
      query_timeout: TIMEOUT,
      // Not at the connection's start: a pooler may drop that, and the role has the time-out of requests then.
      onConnect: (client: ClientBase) => {
        client.on('error', (error) => (ending ??= error));
        return client.query(
          `set statement_timeout = ${TIMEOUT}; set lock_timeout = ${LOCK_TIMEOUT}`,
        );
      },
    },
  }).initialize();
  try {
    return await withAdvisoryLock(dataSource, LOCK, () => work(dataSource));
  } catch (error) {
    // After a session that the server ended between two statements, TypeORM only says that its runner is released.
    throw ending ?? error;
  } finally {
    await dataSource.destroy();
  }
}
