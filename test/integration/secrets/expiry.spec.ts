import { jest } from '@jest/globals';
import { Registry } from 'prom-client';
import { ExpiredSecretsJob } from '../../../src/secrets/expired-secrets.job.js';
import { RetentionReport } from '../../../src/secrets/retention-report.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anonymous, conceal, gone, openRoom, type Room } from './support.js';

describe('expiry', () => {
  let database: TestDatabase;
  let room: Room;
  let job: ExpiredSecretsJob;

  beforeEach(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    job = new ExpiredSecretsJob(database.statements);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    return database.close();
  });

  const count = async (rest: string) => {
    const rows = await database.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from ${rest}`,
    );
    return rows[0]?.count;
  };
  const expire = (seconds = 100) =>
    database.dataSource.query(
      `update secrets set expires_at = now() - make_interval(secs => ${seconds})`,
    );
  const oldestSeconds = async () => {
    const registry = new Registry();
    expect(new RetentionReport(database.statements, registry)).toBeDefined();
    const metrics = await registry.metrics();
    return Number(/^gateway_oldest_expired_ciphertext_seconds (\S+)$/m.exec(metrics)?.[1]);
  };
  const show = (metadataKey: string) =>
    room.receipts.show(anonymous, metadataKey, { markViewed: true });

  it('ends a secret by the database’s clock, before the job deletes it', async () => {
    const { secretKey, metadataKey } = await conceal(room);
    await expire(0);
    await expect(room.secrets.reveal(anonymous, secretKey, null)).rejects.toEqual(gone);
    await expect(room.secrets.peek(anonymous, secretKey)).resolves.toBeNull();
    await expect(room.receipts.burn(anonymous, metadataKey, null)).rejects.toEqual(gone);
    await expect(show(metadataKey)).resolves.toMatchObject({
      state: 'expired',
      secretKey: null,
      secretTtlSeconds: null,
    });
  });

  it('deletes every expired ciphertext and sealed key, and nothing unexpired', async () => {
    const secrets = Array.from({ length: 1001 }, () => conceal(room));
    const [first] = await Promise.all(secrets);
    await expire();
    const unexpired = await conceal(room, { ttlSeconds: 7 * 86_400 });
    const removed = await Promise.all([
      job.deleteExpired(),
      new ExpiredSecretsJob(database.statements).deleteExpired(),
    ]);
    // Two jobs share the rows: each skips what the other one has locked.
    expect(removed[0] + removed[1]).toBe(1001);
    expect(await count('secrets')).toBe(1);
    expect(await count('receipts where sealed_secret_key is not null')).toBe(1);
    await expect(show(first?.metadataKey ?? '')).resolves.toMatchObject({ state: 'expired' });
    await expect(room.secrets.reveal(anonymous, unexpired.secretKey, null)).resolves.toMatchObject({
      value: 'a value',
    });
  });

  it('measures at the scrape how long ago the oldest stored ciphertext has expired', async () => {
    await conceal(room);
    expect(await oldestSeconds()).toBe(0);
    // The job does not run.
    await expire(5000);
    expect(await oldestSeconds()).toBeGreaterThanOrEqual(5000);
    await job.deleteExpired();
    expect(await oldestSeconds()).toBe(0);
  });

  it('tells the age of the oldest ciphertext, whatever is opened, made or deleted', async () => {
    const report = (statements = database.statements) =>
      new RetentionReport(statements, new Registry());
    const age = async (of: RetentionReport) => (await of.retention()).oldestSeconds;
    expect(await age(report())).toBe(0);
    let skipped = 0;
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + skipped);
    const days = [1, 6, 20];
    const made = await Promise.all(days.map((day) => conceal(room, { ttlSeconds: day * 86_400 })));
    await database.dataSource.query(
      `update secrets set created_at = now() - (10 - (expires_on - current_date) / 3) * interval '1 hour'`,
    );
    const [{ oldest, second }] = await database.dataSource.query<
      [{ oldest: number; second: number }]
    >(
      `select extract(epoch from now() - min(created_at))::float8 as oldest,
         extract(epoch from now() - (array_agg(created_at order by created_at))[2])::float8 as second
       from secrets`,
    );
    const near = (seconds: number) => expect.closeTo(seconds, -2);
    expect(await age(report())).toEqual(near(oldest));
    // One that measures again and again.
    const running = report();
    await age(running);
    await room.secrets.reveal(anonymous, made[0]?.secretKey ?? '', null);
    skipped += 11_000;
    expect(await age(running)).toEqual(near(second));
    expect(await age(report())).toEqual(near(second));
    await database.dataSource.query('delete from secrets');
    skipped += 11_000;
    expect(await age(running)).toBe(0);
    await conceal(room);
    skipped += 11_000;
    expect(await age(running)).toBeGreaterThan(0);
  });

  it('has no measurement while the database cannot be asked', async () => {
    await database.dataSource.query('alter table secrets rename to elsewhere');
    expect(await oldestSeconds()).toBeNaN();
  });

  it('notes when everything that had expired was deleted, whoever did', async () => {
    const report = () => new RetentionReport(database.statements, new Registry()).retention();
    await database.dataSource.query(`update purges set purged_at = now() - interval '1 hour'`);
    await conceal(room);
    await expire();
    const late = await report();
    expect(late.oldestExpiredSeconds).toBeGreaterThanOrEqual(100);
    expect(late.measuredAt.getTime() - late.purgedAt.getTime()).toBeGreaterThanOrEqual(3_600_000);
    await job.deleteExpired();
    const { measuredAt, oldestExpiredSeconds, purgedAt } = await report();
    expect(oldestExpiredSeconds).toBe(0);
    expect(measuredAt.getTime() - purgedAt.getTime()).toBeLessThan(600_000);
  });

  it('measures once in ten seconds, and again at once after a failure', async () => {
    const report = new RetentionReport(database.statements, new Registry());
    const first = await report.retention();
    await conceal(room);
    await expire();
    await expect(report.retention()).resolves.toBe(first);
    const other = new RetentionReport(database.statements, new Registry());
    await database.dataSource.query('alter table purges rename to elsewhere');
    await expect(other.retention()).rejects.toThrow('purges');
    await database.dataSource.query('alter table elsewhere rename to purges');
    await expect(other.retention()).resolves.toHaveProperty('purgedAt');
  });

  it('ends a receipt by the database’s clock', async () => {
    const { metadataKey } = await conceal(room);
    await database.dataSource.query('update receipts set expires_at = now()');
    await expect(show(metadataKey)).rejects.toEqual(gone);
  });
});
