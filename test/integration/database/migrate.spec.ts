import type { MigrationInterface, QueryRunner } from 'typeorm';
import { MIGRATIONS } from '../../../migrations/migrations.js';
import { migrateDatabase } from '../../../src/database/migrate.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

let database: TestDatabase;

/** Loses its session between two statements, as after PostgreSQL's idle_in_transaction_session_timeout. */
class LoseSession1999999999999 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const [{ pid }] = (await runner.query('select pg_backend_pid() as pid')) as [{ pid: number }];
    await database.dataSource.query('select pg_terminate_backend($1)', [pid]);
    await until('the session is lost', () => runner.isReleased);
    await runner.query('select 1');
  }

  async down(): Promise<void> {}
}

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

it('a migration whose session the server ends fails with what the server said', async () => {
  (MIGRATIONS as unknown[]).push(LoseSession1999999999999);
  await expect(migrateDatabase(database.dataSource)).rejects.toMatchObject({
    code: '57P01',
    message: expect.stringMatching(/^terminating connection/),
  });
});
