import { DataSource } from 'typeorm';
import { withAdvisoryLock } from '../../../src/database/advisory-lock.js';
import { connectDatabase, dataSourceOptions } from '../../../src/database/connect.js';
import { LogLines } from '../../support/log-lines.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';

describe('withAdvisoryLock', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await openTestDatabase();
  });

  afterAll(async () => {
    await database.close();
  });

  it('runs one at a time, over several data sources', async () => {
    const other = await connectDatabase(database.url);
    let inside = 0;
    let most = 0;
    const visit = async (dataSource: typeof other) =>
      withAdvisoryLock(dataSource, 'room', async () => {
        inside += 1;
        most = Math.max(most, inside);
        await dataSource.query('select 1');
        inside -= 1;
      });
    await Promise.all([database.dataSource, other, database.dataSource, other].map(visit));
    expect(most).toBe(1);
    await other.destroy();
  });

  it('waits longer than the statement timeout', async () => {
    const options = dataSourceOptions(database.url);
    const timeouts = { statement_timeout: 2000, query_timeout: 2000 };
    const hasty = await new DataSource({ ...options, extra: timeouts }).initialize();
    const isHeld = Promise.withResolvers<void>();
    const slow = withAdvisoryLock(database.dataSource, 'room', async () => {
      isHeld.resolve();
      await database.dataSource.query('select pg_sleep(4)');
    });
    await isHeld.promise;
    await expect(withAdvisoryLock(hasty, 'room', async () => 'inside')).resolves.toBe('inside');
    await slow;
    await hasty.destroy();
  });

  it('says that it waits', async () => {
    const other = await connectDatabase(database.url);
    const lines = new LogLines();
    const { waiting } = await withAdvisoryLock(database.dataSource, 'room', async () => {
      const second = lines.capture(() => withAdvisoryLock(other, 'room', async () => {}));
      await until('a line', () => lines.all.length > 0);
      return { waiting: second };
    });
    await waiting;
    expect(lines.all[0]).toMatchObject({
      level: 'info',
      msg: 'waits for a lock that another process holds',
      lock: 'room',
    });
    await other.destroy();
  });

  it('does not block a lock of another name', async () => {
    const answer = await withAdvisoryLock(database.dataSource, 'one', () =>
      withAdvisoryLock(database.dataSource, 'another', async () => 'inside'),
    );
    expect(answer).toBe('inside');
  });

  it('releases the lock when the work fails', async () => {
    const failure = new Error('work failed');
    await expect(
      withAdvisoryLock(database.dataSource, 'room', () => Promise.reject(failure)),
    ).rejects.toBe(failure);
    await expect(withAdvisoryLock(database.dataSource, 'room', async () => 'inside')).resolves.toBe(
      'inside',
    );
  });
});
