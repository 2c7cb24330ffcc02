import type { EventEmitter } from 'node:events';
import type { EntityManager } from 'typeorm';
import { AccountEntity } from '../../../src/accounts/account.entity.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { isConnectionFailure } from '../../../src/database/connection-failure.js';
import { DatabaseHealth } from '../../../src/database/database-health.js';
import { migrateDatabase } from '../../../src/database/migrate.js';
import { poolOf, Statements } from '../../../src/database/statements.js';
import { temporaryServer } from '../../support/temporary-server.js';
import {
  asAnotherProcess,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.js';
import { LogLines } from '../../support/log-lines.js';
import { until } from '../../support/until.js';

interface Row {
  readonly pid: number;
}

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

  it('repeats a statement whose plan a schema change invalidated, on every connection', async () => {
    const { dataSource, statements } = database;
    await dataSource.query('create table parts (id int)');
    await dataSource.query('insert into parts values (1)');
    const all = { name: 'all_parts', text: 'select * from parts where $1::int is not null' };
    const many = () => Promise.all(Array.from({ length: 30 }, () => statements.run(all, [1])));
    await many();
    for (const change of [
      'add column name text',
      'add column size int default 3',
      'drop column name',
      'alter column id type bigint',
      'rename column id to number',
    ]) {
      await dataSource.query(`alter table parts ${change}`);
      await many();
    }
    await expect(statements.run(all, [1])).resolves.toEqual([{ number: '1', size: 3 }]);
  });

  it('asks once on each connection what the rows of a statement are', async () => {
    const { dataSource, statements } = database;
    const described = { name: 'described', text: 'select $1::int as number, $2::text as word' };
    let descriptions = 0;
    const count = () => (descriptions += 1);
    const client = await poolOf(dataSource).connect();
    const { connection } = client as unknown as { connection: EventEmitter };
    client.release();
    connection.on('rowDescription', count);
    try {
      for (const word of ['a', null, 'b'])
        await expect(statements.run(described, [7, word])).resolves.toEqual([{ number: 7, word }]);
      await expect(statements.run(described, ['x', 'a'])).rejects.toMatchObject({ code: '22P02' });
    } finally {
      connection.off('rowDescription', count);
    }
    expect(descriptions).toBe(1);
  });

  it('repeats a statement that DISCARD removed from its connection', async () => {
    const many = () =>
      Promise.all(Array.from({ length: 30 }, () => database.statements.run(DOUBLE, [4])));
    await many();
    await onEachConnection(database, 'deallocate all');
    await expect(many()).resolves.toHaveLength(30);
  });

  it('runs a statement once when it fails for another reason', async () => {
    const { dataSource, statements } = database;
    await dataSource.query('create sequence runs');
    const text = "select 1 / ($1::int * nextval('runs')::int)";
    await expect(statements.run({ name: 'count_runs', text }, [0])).rejects.toThrow();
    await expect(dataSource.query('select last_value from runs')).resolves.toEqual([
      { last_value: '1' },
    ]);
  });

  it.each<[string, (manager: EntityManager) => Promise<unknown>]>([
    ['a statement', (manager) => manager.query('select 1')],
    ['a repository', (manager) => manager.find(AccountEntity)],
    ['a query builder', (manager) => manager.createQueryBuilder(AccountEntity, 'a').getMany()],
    ['a savepoint', (manager) => manager.transaction(() => Promise.resolve())],
    ['the commit', () => Promise.resolve()],
  ])('a session that ends between two statements is an outage for %s', async (_, next) => {
    const { dataSource } = database;
    const lost = dataSource.transaction(async (manager) => {
      const [{ pid }] = (await manager.query('select pg_backend_pid() as pid')) as [Row];
      await asAnotherProcess(() => dataSource.query('select pg_terminate_backend($1)', [pid]));
      await until('it is noticed', () => manager.queryRunner?.isReleased);
      return next(manager);
    });
    const error: unknown = await lost.catch((thrown: unknown) => thrown);
    expect([isConnectionFailure(error), String(error)]).toEqual([true, expect.anything()]);
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

/** Runs `text` on every connection of the pool. */
async function onEachConnection({ dataSource }: TestDatabase, text: string): Promise<void> {
  const pool = poolOf(dataSource);
  const clients = await Promise.all(Array.from({ length: pool.totalCount }, () => pool.connect()));
  await Promise.all(clients.map((client) => client.query(text)));
  for (const client of clients) client.release();
}

describe('a server that stops and starts again', () => {
  it('is reported unreachable while it is stopped, and used again afterwards', async () => {
    const server = temporaryServer();
    let running = await server.start();
    const dataSource = await connectDatabase(running.urlOf('eu'));
    await migrateDatabase(dataSource);
    const statements = new Statements(dataSource);
    const health = new LogLines().capture(() => new DatabaseHealth(dataSource, statements));
    try {
      await health.onModuleInit();
      expect(health.state).toBe('writable');

      await running.stop();
      await until('the health is unreachable', () => health.state === 'unreachable');
      await expect(statements.run(DOUBLE, [1])).rejects.toMatchObject({ code: 'unavailable' });

      running = await server.start();
      await until('the health is reachable', () => health.state === 'writable');
      await expect(statements.run(DOUBLE, [1])).resolves.toEqual([{ doubled: 2 }]);

      process.kill(running.processId, 'SIGKILL');
      await until('the health is unreachable', () => health.state === 'unreachable');
      running = await server.start();
      await until('the health is reachable', () => health.state === 'writable');
      await expect(statements.run(DOUBLE, [1])).resolves.toEqual([{ doubled: 2 }]);
    } finally {
      await health.onModuleDestroy();
      await dataSource.destroy();
      await running.stop();
      server.remove();
    }
  });

  it('is reported unreachable by several probes after a statement failed, not by the statement', async () => {
    const server = temporaryServer();
    const running = await server.start();
    const dataSource = await connectDatabase(running.urlOf('eu'));
    await migrateDatabase(dataSource);
    const statements = new Statements(dataSource);
    const health = new LogLines().capture(() => new DatabaseHealth(dataSource, statements));
    try {
      await health.onModuleInit();
      process.kill(running.processId, 'SIGKILL');
      await until('a statement fails', () =>
        statements.run(DOUBLE, [1]).then(
          () => false,
          () => true,
        ),
      );
      expect(health.state).toBe('writable');
      await until('the health is unreachable', () => health.state === 'unreachable');
    } finally {
      await health.onModuleDestroy();
      await dataSource.destroy();
      await running.stop();
      server.remove();
    }
  });
});
