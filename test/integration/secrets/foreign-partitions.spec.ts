import { Client } from 'pg';
import { ExpiredSecretsJob } from '../../../src/secrets/expired-secrets.job.js';
import { dateOf } from '../../../src/secrets/secret-key.js';
import { DAY, DAY_SECONDS } from '../../../src/shared/durations.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  anonymous,
  conceal,
  gone,
  insertOwner,
  openRoom,
  owner,
  ownerCaller,
  recentOf,
} from './support.js';
import type { Room } from './support.js';

const TTL_DAYS = 3;
const TTL = { ttlSeconds: TTL_DAYS * DAY_SECONDS };

/** docs/scaling.md says what this shows: days whose rows are on another server, by postgres_fdw. */
describe('days whose partitions are on another server', () => {
  let near: TestDatabase;
  let far: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    [near, far] = [await openTestDatabase(), await openTestDatabase()];
    await insertOwner(near);
    await connectServers(near, far);
    for (const table of ['secrets', 'receipts']) {
      // A partitioned table with a unique index takes no foreign partitions: each partition keeps its own.
      await near.dataSource.query(`alter table ${table} drop constraint ${table}_pkey`);
      for (const days of table === 'secrets' ? [TTL_DAYS] : [2 * TTL_DAYS, TTL_DAYS + 30])
        await moveDay(near, table, days);
    }
    room = openRoom(near);
    await room.statements.refreshPartitions();
  });
  afterAll(async () => {
    await near.close();
    await far.close();
  });

  const rowsFar = async (table: string) => {
    const [row] = await far.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from ${table}`,
    );
    return row?.count;
  };

  it('are written, shown, opened once and burned by the same statements', async () => {
    const first = await conceal(room, TTL);
    const second = await conceal(room, TTL, ownerCaller);
    expect(await rowsFar('secrets')).toBe(2);
    expect(await rowsFar('receipts')).toBe(2);
    const { metadataKey } = first;
    const shown = await room.receipts.show(anonymous, metadataKey, { markViewed: true });
    expect(shown).toMatchObject({ state: 'new', secretKey: first.secretKey });

    const readers = Array.from({ length: 10 }, () =>
      room.secrets.reveal(anonymous, first.secretKey, null),
    );
    const read = await Promise.allSettled(readers);
    expect(read.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(
      room.receipts.show(anonymous, metadataKey, { markViewed: false }),
    ).resolves.toMatchObject({ state: 'received' });

    expect(await recentOf(room, owner)).toHaveLength(1);
    await room.receipts.burn(ownerCaller, second.metadataKey, null);
    await expect(room.secrets.reveal(anonymous, second.secretKey, null)).rejects.toEqual(gone);
    expect(await rowsFar('secrets')).toBe(0);
  });

  it('count guesses, and lose what has expired', async () => {
    const locked = await conceal(room, { ...TTL, passphrase: 'right', guessesMax: 2 });
    await expect(room.secrets.reveal(anonymous, locked.secretKey, 'wrong')).rejects.toEqual(gone);
    await expect(
      room.receipts.show(anonymous, locked.metadataKey, { markViewed: false }),
    ).resolves.toMatchObject({ attemptsLeft: 1 });
    await far.dataSource.query("update secrets set expires_at = now() - interval '1 second'");
    const job = new ExpiredSecretsJob(room.statements);
    await expect(job.deleteExpired()).resolves.toBe(1);
    expect(await rowsFar('secrets')).toBe(0);
  });
});

async function connectServers(near: TestDatabase, far: TestDatabase): Promise<void> {
  const url = new URL(process.env['TEST_POSTGRES_ADMIN_URL'] ?? '');
  url.pathname = new URL(near.url).pathname;
  const admin = new Client({ connectionString: url.href });
  const { hostname, port, searchParams, username, pathname, password } = new URL(far.url);
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  await admin.connect();
  try {
    await admin.query('create extension postgres_fdw');
    await admin.query(
      `create server far foreign data wrapper postgres_fdw
       options (host '${host}', port '${port || '5432'}', dbname '${pathname.slice(1)}')`,
    );
    await admin.query(`grant usage on foreign server far to "${username}"`);
    await admin.query(
      `create user mapping for "${username}" server far
       options (user '${username}', password '${password}', password_required 'false')`,
    );
  } finally {
    await admin.end();
  }
}

async function moveDay({ dataSource }: TestDatabase, table: string, days: number): Promise<void> {
  const day = Math.floor(Date.now() / DAY) + days;
  const partition = `${table}_${dateOf(day).replaceAll('-', '')}`;
  await dataSource.query(`drop table ${partition}`);
  await dataSource.query(
    `create foreign table ${partition} partition of ${table}
     for values from ('${dateOf(day)}') to ('${dateOf(day + 1)}') server far`,
  );
}
