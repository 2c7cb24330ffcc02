import { DataSource } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import { dataSourceOptions } from '../../../src/database/connect.js';
import { migrateDatabase, revertLastMigration } from '../../../src/database/migrate.js';
import { LogLines } from '../../support/log-lines.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

const LAST = MIGRATIONS.at(-1)?.name;

describe('a migration of a table that another session holds, such as a backup', () => {
  let database: TestDatabase;
  let other: DataSource;

  beforeAll(async () => {
    database = await openTestDatabase();
    other = await new DataSource(dataSourceOptions(database.url)).initialize();
    await revertLastMigration(database.dataSource);
  });
  afterAll(async () => {
    await other.destroy();
    await database.close();
  });

  it('says that it waits, lets others use the table meanwhile, and is applied after it', async () => {
    const lines = new LogLines();
    const holder = other.createQueryRunner();
    await holder.startTransaction();
    const tables = await tablesIn(database);
    for (const table of tables) await holder.query(`lock table ${table} in access share mode`);
    const migrated = lines.capture(() => migrateDatabase(database.dataSource));
    await until('it waits', () =>
      lines.all.some(({ msg }) => msg === 'migrations wait for what another session holds'),
    );
    expect(lines.all).toEqual([
      expect.objectContaining({ level: 'warn', err: expect.objectContaining({ code: '55P03' }) }),
    ]);
    // It would wait behind the migration for longer than a statement may take.
    for (const table of tables) await database.dataSource.query(`select from ${table} limit 1`);
    await holder.rollbackTransaction();
    await holder.release();
    expect(await migrated).toEqual([LAST]);
  });
});

async function tablesIn({ dataSource }: TestDatabase): Promise<string[]> {
  const rows = await dataSource.query<{ name: string }[]>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'schema_migrations'`,
  );
  return rows.map(({ name }) => name);
}
