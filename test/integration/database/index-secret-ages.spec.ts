import { MIGRATIONS } from '../../../migrations/migrations.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { migrateDatabase, migrateDatabaseTo } from '../../../src/database/migrate.js';
import { openEmptyDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

const INDEX_SECRET_AGES = 'IndexSecretAges1795430000047';
const BEFORE = MIGRATIONS.map(({ name }) => name).slice(
  0,
  MIGRATIONS.findIndex(({ name }) => name === INDEX_SECRET_AGES),
);
/** Into the default partition, which is of no day. */
const INSERT = `insert into secrets (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, key_version, ciphertext)
  values (sha256(convert_to($1, 'utf8')), current_date + 400, now() + interval '1 day', sha256('r'), current_date + 2, 1, '\\x00')`;

it('the index on the ages of secrets is made while secrets are written, and after an interruption', async () => {
  const database = await openEmptyDatabase();
  const { dataSource } = database;
  const second = await connectDatabase(database.url);
  const holder = dataSource.createQueryRunner();
  const interrupted = dataSource.createQueryRunner();
  try {
    await migrateDatabaseTo(dataSource, BEFORE);
    await holder.startTransaction();
    await holder.query(INSERT, ['uncommitted']);
    await interrupted.query('set statement_timeout = 200');
    await expect(
      interrupted.query(
        'create index concurrently secrets_default_created_at_idx on secrets_default (created_at)',
      ),
    ).rejects.toThrow(/statement timeout/);
    const invalid = (): Promise<{ name: string }[]> =>
      dataSource.query(
        `select indexrelid::regclass::text as name from pg_index where not indisvalid`,
      );
    expect(await invalid()).toEqual([{ name: 'secrets_default_created_at_idx' }]);

    const migrating = Promise.all([migrateDatabase(dataSource), migrateDatabase(second)]);
    migrating.catch(() => {});
    await until('the index waits for the transaction', async () => {
      const waiting = await dataSource.query<object[]>(
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
           and query ~ '^(create|drop) index concurrently'`,
      );
      return waiting.length > 0;
    });
    await expect(dataSource.query(INSERT, ['meanwhile'])).resolves.toBeDefined();
    await holder.commitTransaction();
    const applied = await migrating;
    expect(applied.flat().filter((name) => name === INDEX_SECRET_AGES)).toHaveLength(1);
    expect(await invalid()).toEqual([]);
    const found = await dataSource.query<{ name: string }[]>(
      `select indexrelid::regclass::text as name from pg_index
       where indexrelid::regclass::text like 'secrets%created_at_idx' order by name`,
    );
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['secrets_created_at_idx', 'secrets_default_created_at_idx']),
    );
  } finally {
    if (holder.isTransactionActive) await holder.rollbackTransaction();
    await interrupted.query('reset statement_timeout').catch(() => {});
    await holder.release();
    await interrupted.release();
    await second.destroy();
    await database.close();
  }
});
