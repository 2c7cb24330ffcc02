import { Logger } from '@nestjs/common';
import { connectDatabase } from '../../../src/database/connect.js';
import { DatabaseHealth } from '../../../src/database/database-health.js';
import { Statements } from '../../../src/database/statements.js';
import { temporaryServer } from '../../support/temporary-server.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

const DOUBLE = { name: 'double', text: 'select $1::int * 2 as doubled' };

describe(Statements.name, () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  afterAll(async () => {
    await database.close();
  });

  it('returns the rows', async () => {
    await expect(database.statements.run(DOUBLE, [21])).resolves.toEqual([{ doubled: 42 }]);
  });

  it("prepares each statement under its name on the data source's pool", async () => {
    await database.statements.run(DOUBLE, [1]);
    await expect(
      database.dataSource.query('select name from pg_prepared_statements'),
    ).resolves.toEqual([{ name: 'double' }]);
  });

  it('throws the error of pg when the database refuses a statement', async () => {
    const wrong = { name: 'divide', text: 'select 1 / $1::int' };
    await expect(database.statements.run(wrong, [0])).rejects.toMatchObject({ code: '22012' });
  });

  it('throws unavailable when the session is terminated while a statement runs', async () => {
    const sleep = { name: 'sleep', text: 'select pg_sleep($1), pg_backend_pid()' };
    const asleep = database.statements.run(sleep, [4]);
    asleep.catch(() => {});
    await until('the sleeping session is terminated', async () => {
      const ended: unknown[] = await database.dataSource.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and query like '%pg_sleep%' and pid <> pg_backend_pid() and state = 'active'`,
      );
      return ended.length > 0;
    });
    await expect(asleep).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 5 });
    await expect(database.statements.run(DOUBLE, [1])).resolves.toHaveLength(1);
  });
});

describe('a server that stops and starts again', () => {
  beforeAll(() => Logger.overrideLogger(false));

  it('is reported unreachable while it is stopped, and used again afterwards', async () => {
    const server = temporaryServer();
    let running = await server.start();
    const dataSource = await connectDatabase(running.urlOf('eu'));
    const statements = new Statements(dataSource);
    const health = new DatabaseHealth(dataSource, statements);
    try {
      await health.onModuleInit();
      expect(health.isReachable).toBe(true);

      await running.stop();
      await until('the health is unreachable', () => !health.isReachable);
      await expect(statements.run(DOUBLE, [1])).rejects.toMatchObject({ code: 'unavailable' });

      running = await server.start();
      await until('the health is reachable', () => health.isReachable);
      await expect(statements.run(DOUBLE, [1])).resolves.toEqual([{ doubled: 2 }]);

      process.kill(running.processId, 'SIGKILL');
      await until('the health is unreachable', () => !health.isReachable);
      running = await server.start();
      await until('the health is reachable', () => health.isReachable);
      await expect(statements.run(DOUBLE, [1])).resolves.toEqual([{ doubled: 2 }]);
    } finally {
      await health.onModuleDestroy();
      await dataSource.destroy();
      await running.stop();
      server.remove();
    }
  });

  it('is reported unreachable as soon as a statement fails', async () => {
    const server = temporaryServer();
    const running = await server.start();
    const dataSource = await connectDatabase(running.urlOf('eu'));
    const statements = new Statements(dataSource);
    const health = new DatabaseHealth(dataSource, statements);
    try {
      await health.onModuleInit();
      process.kill(running.processId, 'SIGKILL');
      await until('a statement fails', () =>
        statements.run(DOUBLE, [1]).then(
          () => false,
          () => true,
        ),
      );
      expect(health.isReachable).toBe(false);
    } finally {
      await health.onModuleDestroy();
      await dataSource.destroy();
      await running.stop();
      server.remove();
    }
  });
});
