import { isConnectionFailure } from '../../../src/database/connection-failure.js';
import { DatabaseHealth } from '../../../src/database/database-health.js';
import { FairPool } from '../../../src/database/fair-pool.js';
import { poolOf } from '../../../src/database/statements.js';
import { onBehalfOf } from '../../../src/shared/requester.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

const SLEEP = { name: 'sleep_long', text: 'select pg_sleep($1)' };
const ONE = { name: 'one', text: 'select 1 as one' };
const FLOOD = 700;

describe('a database that one network floods', () => {
  let database: TestDatabase;
  let health: DatabaseHealth;
  let unavailable = 0;

  beforeAll(async () => {
    database = await openTestDatabase();
    health = new DatabaseHealth(database.dataSource, database.statements);
    await health.onModuleInit();
    database.statements.onUnavailable(() => (unavailable += 1));
  });

  afterAll(async () => {
    await health.onModuleDestroy();
    await database.close();
  });

  it('refuses the flood as busy, serves another network, and stays reachable', async () => {
    const flood = onBehalfOf('greedy', () =>
      Promise.allSettled(
        Array.from({ length: FLOOD }, () => database.statements.run(SLEEP, [0.5])),
      ),
    );
    const others = await onBehalfOf('modest', () =>
      Promise.allSettled(Array.from({ length: 5 }, () => database.statements.run(ONE, []))),
    );
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'fulfilled'));
    const refused = (await flood).filter((each) => each.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'busy' });
    expect(unavailable).toBe(0);
    expect(health.state).toBe('writable');
  });

  it('answers a repository of TypeORM with busy too', async () => {
    const held = await onBehalfOf('greedy', () =>
      Promise.all(Array.from({ length: 10 }, () => poolOf(database.dataSource).connect())),
    );
    await expect(database.dataSource.query('select 1')).rejects.toMatchObject({ code: 'busy' });
    for (const client of held) client.release();
    await expect(database.dataSource.query('select 1 as one')).resolves.toEqual([{ one: 1 }]);
  });

  it('gives back the place of a connection that broke', async () => {
    const tenTimes = <Result>(work: () => Promise<Result>): Promise<Result[]> =>
      onBehalfOf('modest', () => Promise.all(Array.from({ length: 10 }, work)));
    const broken = await tenTimes(() => poolOf(database.dataSource).connect());
    for (const client of broken) client.release(true);
    await expect(tenTimes(() => database.statements.run(ONE, []))).resolves.toHaveLength(10);
  });

  it('says nothing about the server when our own limit cancels a statement', async () => {
    const asleep = database.statements.run(SLEEP, [60]);
    asleep.catch(() => {});
    await until('the statement is cancelled', async () => {
      const cancelled: unknown[] = await database.dataSource.query(
        `select pg_cancel_backend(pid) from pg_stat_activity
         where datname = current_database() and query like '%pg_sleep%'
           and pid <> pg_backend_pid() and state = 'active'`,
      );
      return cancelled.length > 0;
    });
    await expect(asleep).rejects.toMatchObject({ code: 'unavailable' });
    expect(unavailable).toBe(0);
    expect(health.state).toBe('writable');
  });
});

describe('a connection of the pool', () => {
  let database: TestDatabase;
  let pool: FairPool;
  beforeAll(async () => {
    database = await openTestDatabase();
    pool = new FairPool({ connectionString: database.url, max: 1 });
    pool.on('error', () => {});
  });
  afterAll(async () => {
    await pool.end();
    await database.close();
  });

  it('that is lost while nobody listens to it does not end the process', async () => {
    const client = await pool.connect();
    const {
      rows: [row],
    } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    // An `error` event without a listener would be thrown here.
    const ended = new Promise((resolve) => client.once('end', resolve));
    await database.dataSource.query('select pg_terminate_backend($1)', [row?.pid]);
    await ended;
    client.release();
    await expect(pool.query('select 1 as one')).resolves.toMatchObject({ rows: [{ one: 1 }] });
  });

  it('that cannot be made is a connection failure, whatever the reason', async () => {
    // The server here has no TLS. The error has no code, as that of a certificate which has expired has one of its own.
    const strict = new FairPool({ connectionString: database.url, ssl: true, max: 1 });
    const failed: unknown = await strict.query('select 1').catch((error: unknown) => error);
    expect(isConnectionFailure(failed)).toBe(true);
    await strict.end();
  });
});
