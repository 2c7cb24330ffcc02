import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/migrations.js';
import { MINUTE } from '../shared/durations.js';
import { withAdvisoryLock } from './advisory-lock.js';
import { dataSourceOptions, urlOf } from './connect.js';

const LOCK = 'onetime-gateway migrations';
// A migration of a full table takes longer than a request may.
const TIMEOUT = 30 * MINUTE;

/**
 * Brings the database to this version's schema; resolves to the names of what was applied. Any number of processes may do it at once.
 * Throws when the database is away (see isConnectionFailure) or a migration fails, in which case that one is rolled back.
 */
export async function migrateDatabase(database: DataSource): Promise<string[]> {
  return withMigrations(database, async (dataSource) => {
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map(({ name }) => name);
  });
}

/** Takes the last applied migration back. */
export async function revertLastMigration(database: DataSource): Promise<void> {
  await withMigrations(database, (dataSource) =>
    dataSource.undoLastMigration({ transaction: 'each' }),
  );
}

/** On connections of its own, which may take their time. */
async function withMigrations<Result>(
  database: DataSource,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const options = dataSourceOptions(urlOf(database));
  const dataSource = await new DataSource({
    ...options,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migrations',
    extra: { ...options.extra, statement_timeout: TIMEOUT, query_timeout: TIMEOUT },
  }).initialize();
  try {
    return await withAdvisoryLock(dataSource, LOCK, () => work(dataSource));
  } finally {
    await dataSource.destroy();
  }
}
