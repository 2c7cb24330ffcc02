import type { DataSource } from 'typeorm';
import { ChangeFeed } from '../../../src/database/change-feed.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { CuttableDatabase } from '../../support/cuttable-database.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

describe(ChangeFeed, () => {
  let database: TestDatabase;
  let feed: ChangeFeed;
  let told: (Hostname | null)[];

  beforeEach(async () => {
    database = await openTestDatabase();
    told = [];
  });

  afterEach(async () => {
    await feed.onModuleDestroy();
    await database.close();
  });

  function start(options: { listens: boolean; readEveryMs: number }): void {
    feed = new ChangeFeed(database.dataSource, database.statements, options);
    feed.on((hostname) => told.push(hostname));
    feed.onModuleInit();
  }

  function change(hostname: string): Promise<unknown> {
    return database.dataSource.query('insert into domain_changes (hostname) values ($1)', [
      hostname,
    ]);
  }

  it('reports that any name may have changed each time it begins to listen', async () => {
    start({ listens: true, readEveryMs: 60_000 });
    await until('listening', () => told.includes(null));
    await change('a.example.test');
    await until('the change', () => told.includes('a.example.test' as Hostname));

    const before = told.length;
    await database.dataSource.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where application_name = 'onetime-gateway changes' and datname = current_database()`,
    );
    await until('listening again', () => told.slice(before).includes(null));
    await change('b.example.test');
    await until('the change', () => told.includes('b.example.test' as Hostname));
  });

  it('listens again after a connection on which nothing comes any more, and nobody says so', async () => {
    const { statements } = database;
    const network = await CuttableDatabase.before(database.url);
    const listensThere = { options: { url: network.url } } as unknown as DataSource;
    feed = new ChangeFeed(listensThere, statements, { readEveryMs: 20 });
    feed.onProgress((hostname) => told.push(hostname));
    feed.onModuleInit();
    try {
      await until('listening', () => told.includes(null));
      network.swallow();
      network.passNew();
      const progress = `select pg_notify('domain_progress', 'moved.example.test')`;
      await until('it is told of progress', async () => {
        await database.dataSource.query(progress);
        return told.includes('moved.example.test' as Hostname);
      });
    } finally {
      await feed.onModuleDestroy();
      await network.cut();
    }
  });

  it('reports each change once without notifications', async () => {
    start({ listens: false, readEveryMs: 20 });
    await change('a.example.test');
    await until('the first', () => told.includes('a.example.test' as Hostname));
    await change('b.example.test');
    await until('the second', () => told.includes('b.example.test' as Hostname));
    expect(told).toEqual(['a.example.test', 'b.example.test']);
  });

  it('reports nothing of a transaction that is rolled back', async () => {
    start({ listens: true, readEveryMs: 20 });
    await until('listening', () => told.includes(null));
    await database.dataSource
      .transaction(async (manager) => {
        await manager.query(`insert into domain_changes (hostname) values ('never.example.test')`);
        throw new Error('rolled back');
      })
      .catch(() => {});
    await change('after.example.test');
    await until('the change after', () => told.includes('after.example.test' as Hostname));
    expect(told).not.toContain('never.example.test');
  });
});
