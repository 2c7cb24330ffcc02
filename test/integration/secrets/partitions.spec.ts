import { randomBytes } from 'node:crypto';
import { connectDatabase } from '../../../src/database/connect.js';
import { PartitionsJob } from '../../../src/secrets/partitions.job.js';
import { dateOf } from '../../../src/secrets/secret-key.js';
import { DAY } from '../../../src/shared/durations.js';
import { until } from '../../support/until.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anonymous, conceal, openRoom, type Room } from './support.js';

describe(PartitionsJob.name, () => {
  let database: TestDatabase;
  let room: Room;
  let partitions: PartitionsJob;

  beforeEach(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    partitions = new PartitionsJob(database.dataSource);
  });
  afterEach(() => database.close());

  const read = (secretKey = '') => room.secrets.reveal(anonymous, secretKey, null);
  const query = <Row>(text: string, values: unknown[] = []) =>
    database.dataSource.query<Row[]>(text, values);

  const partitionsOf = async (table: string) => {
    const rows = await query<{ name: string }>(
      'select relname as name from pg_inherits join pg_class on oid = inhrelid where inhparent = $1::regclass order by 1',
      [table],
    );
    return rows.map(({ name }) => name);
  };

  const partitionsHolding = async (table: string) => {
    const rows = await query<{ name: string }>(
      `select distinct tableoid::regclass::text as name from ${table}`,
    );
    return rows.map(({ name }) => name);
  };

  it('finds nothing to do after the migration, and makes a missing partition of the coming days', async () => {
    const before = [await partitionsOf('secrets'), await partitionsOf('receipts')];
    expect(before.map((names) => names.length)).toEqual([36, 66]);
    await partitions.maintain();
    const maintained = await partitionsOf('secrets');
    expect(maintained).toEqual(expect.arrayContaining(before[0] ?? []));

    const last = maintained.at(-2) ?? '';
    await query(`drop table ${last}`);
    await partitions.maintain();
    expect(await partitionsOf('secrets')).toEqual(maintained);
    const [made] = await query<{ indexes: number; storage: string }>(
      `select (select count(*)::int from pg_index where indrelid = $1::regclass) as indexes,
         attstorage as storage
       from pg_attribute where attrelid = $1::regclass and attname = 'ciphertext'`,
      [last],
    );
    expect(made).toEqual({ indexes: 3, storage: 'e' });
  });

  it('stores rows whose partition is missing, and moves them while they are read', async () => {
    const today = Math.floor(Date.now() / DAY);
    const days = [today, today + 1, today + 2].map((day) => dateOf(day).replaceAll('-', ''));
    const missing = days.flatMap((day) => [`secrets_${day}`, `receipts_${day}`]);
    await query(`drop table ${missing.join(', ')}`);
    const keys = await Promise.all(Array.from({ length: 30 }, () => conceal(room)));
    expect(await partitionsHolding('secrets')).toEqual(['secrets_default']);
    expect(await partitionsHolding('receipts')).toEqual(['receipts_default']);

    const [first, ...others] = keys;
    await expect(read(first?.secretKey)).resolves.toMatchObject({ value: 'a value' });
    const moving = partitions.maintain();
    const values = await Promise.all(others.slice(0, 20).map(({ secretKey }) => read(secretKey)));
    expect(values).toHaveLength(20);
    await moving;

    expect(await partitionsHolding('secrets')).not.toContain('secrets_default');
    expect(await partitionsHolding('receipts')).not.toContain('receipts_default');
    for (const { secretKey, metadataKey } of others.slice(20)) {
      await read(secretKey);
      await expect(
        room.receipts.show(anonymous, metadataKey, { markViewed: false }),
      ).resolves.toMatchObject({ state: 'received' });
    }
    expect(await partitionsOf('secrets')).toEqual(expect.arrayContaining(missing.slice(0, 1)));
  });

  it('drops past days, except those with unexpired or not yet deleted rows', async () => {
    await addDay('secrets', '20200101');
    await addDay('secrets', '20200102', 'undeleted');
    await addDay('receipts', '20200101', 'expired');
    await addDay('receipts', '20200102', 'unexpired');
    const kept = await partitionsOf('secrets');
    await partitions.maintain();
    expect(await partitionsOf('secrets')).toEqual(
      kept.filter((name) => name !== 'secrets_20200101'),
    );
    expect(await partitionsOf('receipts')).not.toContain('receipts_20200101');
    expect(await partitionsOf('receipts')).toContain('receipts_20200102');
  });

  it('keeps the last two days, because clocks differ', async () => {
    const days = await query<{ name: string; day: string }>(
      `select 'secrets_' || to_char(day, 'YYYYMMDD') as name, day::text
       from (select (now() at time zone 'utc')::date - back as day from generate_series(2, 3) back) as days`,
    );
    for (const { name, day } of days) {
      await query(
        `create table if not exists ${name} partition of secrets
         for values from ('${day}') to ('${day}'::date + 1)`,
      );
    }
    const [kept, dropped] = days.map(({ name }) => name);
    await partitions.maintain();
    const names = await partitionsOf('secrets');
    expect(names).toContain(kept);
    expect(names).not.toContain(dropped);
  });

  it('is safe while another process runs a round', async () => {
    const names = await partitionsOf('secrets');
    for (const name of names.slice(10, 20)) await query(`drop table ${name}`);
    const second = await connectDatabase(database.url);
    try {
      await Promise.all([partitions.maintain(), new PartitionsJob(second).maintain()]);
      await partitions.maintain();
      expect(await partitionsOf('secrets')).toEqual(names);
    } finally {
      await second.destroy();
    }
  });

  it('drops days while statements read them, alone and with all others', async () => {
    const dates = Array.from({ length: 12 }, (_, index) => `2020-03-${10 + index}`);
    const names = dates.map((date) => date.replaceAll('-', ''));
    for (const name of names) await addDay('secrets', name);
    for (const name of names) await addDay('receipts', name);
    await room.statements.refreshPartitions();
    const take = {
      name: 'test_take',
      dayText: `
        with taken as (delete from {secrets} where lookup = $1 and expires_on = $2 returning lookup)
        update {receipts} set updated_at = now() where lookup = $1 and expires_on = $2
        returning lookup`,
    };
    const measure = { name: 'test_measure', text: 'select min(expires_at) from secrets' };
    let isOver = false;
    let rounds = 0;
    const readers = dates.map(async (date) => {
      do {
        const days = { secrets: date, receipts: date };
        expect(await room.statements.runOn(take, days, [randomBytes(20), date])).toEqual([]);
        await room.statements.run(measure, []);
        rounds += 1;
      } while (!isOver);
    });
    await until('they read', () => rounds > 2 * dates.length);
    await partitions.maintain();
    isOver = true;
    await Promise.all(readers);
    const left = [...(await partitionsOf('secrets')), ...(await partitionsOf('receipts'))];
    expect(left.filter((name) => names.some((day) => name.endsWith(day)))).toEqual([]);
  });

  type Content = 'undeleted' | 'expired' | 'unexpired';

  async function addDay(
    table: 'secrets' | 'receipts',
    day: string,
    content?: Content,
  ): Promise<void> {
    await query(
      `create table ${table}_${day} partition of ${table} for values from ('${day}') to ('${day}'::date + 1)`,
    );
    if (content === undefined) return;
    const expiresAt =
      content === 'unexpired' ? "now() + interval '1 hour'" : "now() - interval '1 hour'";
    const common = `'${day}', ${expiresAt}, $1, '${day}'`;
    await (table === 'secrets'
      ? query(
          `insert into secrets (lookup, expires_on, expires_at, receipt_lookup, receipt_expires_on, key_version, ciphertext)
           values ($1, ${common}, 1, $1)`,
          [randomBytes(20)],
        )
      : query(
          `insert into receipts (lookup, expires_on, expires_at, secret_lookup, secret_expires_on,
             secret_expires_at, key_version, kind, has_passphrase, recipients, ttl_seconds)
           values ($1, ${common}, now(), 1, 'share', false, '{}', 60)`,
          [randomBytes(20)],
        ));
  }
});
