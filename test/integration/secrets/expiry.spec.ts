import { Registry } from 'prom-client';
import { ExpiredSecretsJob } from '../../../src/secrets/expired-secrets.job.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anonymous, conceal, gone, openRoom, type Room } from './support.js';

describe('expiry', () => {
  let database: TestDatabase;
  let room: Room;
  let registry: Registry;
  let job: ExpiredSecretsJob;

  beforeEach(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    registry = new Registry();
    job = new ExpiredSecretsJob(database.statements, registry);
  });
  afterEach(() => database.close());

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
      new ExpiredSecretsJob(database.statements, new Registry()).deleteExpired(),
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

  it('measures how long ago the oldest stored ciphertext has expired', async () => {
    await conceal(room);
    await job.deleteExpired();
    expect(await oldestSeconds()).toBe(0);
    await expire(5000);
    await job.deleteExpired();
    expect(await oldestSeconds()).toBeGreaterThanOrEqual(5000);
    await job.deleteExpired();
    expect(await oldestSeconds()).toBe(0);
  });

  it('ends a receipt by the database’s clock', async () => {
    const { metadataKey } = await conceal(room);
    await database.dataSource.query('update receipts set expires_at = now()');
    await expect(show(metadataKey)).rejects.toEqual(gone);
  });
});
