import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../migrations/migrations.js';
import { MINUTE } from '../shared/durations.js';
import { withAdvisoryLock } from './advisory-lock.js';
import { dataSourceOptions, urlOf } from './connect.js';

const LOCK = 'onetime-gateway migrations';
// Migrating a full table takes longer than the statement timeout of requests.
const TIMEOUT = 30 * MINUTE;

/**
 * Applies the missing migrations; resolves to their names. Several processes may call it at the same time.
 * @throws when the database cannot be reached (see isConnectionFailure) or a migration fails; that one is rolled back
 */
export async function migrateDatabase(database: DataSource): Promise<string[]> {
  return withMigrations(database, async (dataSource) => {
    const applied = await dataSource.runMigrations({ transaction: 'each' });
    return applied.map(({ name }) => name);
  });
}

/** Reverts the last applied migration. */
export async function revertLastMigration(database: DataSource): Promise<void> {
  await withMigrations(database, (dataSource) =>
    dataSource.undoLastMigration({ transaction: 'each' }),
  );
}

/** Uses a data source of its own, with longer timeouts. */
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
