import { PartitionsJob } from '../../../src/secrets/partitions.job.js';
import { dateOf } from '../../../src/secrets/secret-key.js';
import { DAY, DAY_SECONDS } from '../../../src/shared/durations.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anonymous, conceal, gone, openRoom, type Room } from './support.js';

/** Partitions that other tests of this file leave alone. */
const SECRET_DAY = 6;
const RECEIPT_DAY = 2 * SECRET_DAY;
/** And these only one of them uses. */
const OTHER_DAY = 4;
const OTHER_DAYS = { ttlSeconds: OTHER_DAY * DAY_SECONDS };
const SOME_DAYS = { ttlSeconds: SECRET_DAY * DAY_SECONDS };

describe('statements on the partitions of days', () => {
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(async () => {
    room = openRoom(database);
    await room.statements.refreshPartitions();
  });
  afterAll(() => database.close());

  const query = <Row>(text: string, values: unknown[] = []) =>
    database.dataSource.query<Row[]>(text, values);
  const dayIn = (days: number) => dateOf(Math.floor(Date.now() / DAY) + days);
  const suffix = (days: number) => dayIn(days).replaceAll('-', '');
  const reveal = (at: Room, key: string) => at.secrets.reveal(anonymous, key, null);
  const show = (at: Room, key: string) => at.receipts.show(anonymous, key, { markViewed: false });
  const preparedNames = async () =>
    (await query<{ name: string }>('select name from pg_prepared_statements')).map(
      ({ name }) => name,
    );

  it('are prepared under names that contain the days', async () => {
    const { secretKey } = await conceal(room, SOME_DAYS);
    await reveal(room, secretKey);
    const days = [suffix(SECRET_DAY), suffix(RECEIPT_DAY)];
    expect(await preparedNames()).toEqual(
      expect.arrayContaining([
        `secrets_insert_s${days[0]}_r${days[1]}`,
        `secrets_find_s${days[0]}`,
        `secrets_claim_s${days[0]}_r${days[1]}`,
      ]),
    );
  });

  it('are no more on a connection than it may keep, and each can be used again', async () => {
    const both = { name: 'both', dayText: 'select 1 as one from {secrets}, {receipts} limit 0' };
    const run = (secrets: number, receipts: number) =>
      room.statements.runOn(both, { secrets: dayIn(secrets), receipts: dayIn(receipts) }, []);
    for (let secrets = 0; secrets < 10; secrets += 1)
      for (let receipts = 0; receipts < 30; receipts += 1) await run(secrets, receipts);
    const kept = (await preparedNames()).filter((name) => name.startsWith('both'));
    expect(kept.length).toBeGreaterThan(100);
    expect(kept.length).toBeLessThanOrEqual(200);
    await expect(run(0, 0)).resolves.toEqual([]);
  });

  it('use the indexes of a partition that was analysed with few rows, however many come later', async () => {
    const few = await Promise.all([1, 2, 3].map(() => conceal(room, OTHER_DAYS)));
    await query(`analyze secrets_${suffix(OTHER_DAY)}, receipts_${suffix(2 * OTHER_DAY)}`);
    // From the sixth on with the plan that is kept.
    for (let round = 0; round < 4; round += 1) {
      for (const { metadataKey, secretKey } of few) {
        await show(room, metadataKey);
        await room.secrets.peek(anonymous, secretKey);
      }
    }
    const names = [
      `secrets_peek_s${suffix(OTHER_DAY)}`,
      `receipts_find_s${suffix(OTHER_DAY)}_r${suffix(2 * OTHER_DAY)}`,
    ];
    for (const name of names) {
      const plan = await query(`explain execute ${name}('', '${dayIn(2 * OTHER_DAY)}', null)`);
      expect(JSON.stringify(plan)).toContain('_pkey on');
      expect(JSON.stringify(plan)).not.toMatch(/Seq Scan on (secrets|receipts)/);
    }
  });

  /** Moves the new secret to the day before: a guest's whose receipt was not made today. */
  const moveSecret = async (): Promise<void> => {
    const [moved] = await query<{ lookup: Buffer }>(
      `update receipts set secret_expires_on = secret_expires_on - 1
       where expires_on = $1 and state = 'new'
       returning secret_lookup as lookup`,
      [dayIn(RECEIPT_DAY)],
    ).then((answer) => answer.flat() as { lookup: Buffer }[]);
    await query('update secrets set expires_on = expires_on - 1 where lookup = $1', [
      moved?.lookup,
    ]);
  };

  it('give the receipt of a secret that ends on another day than its receipt suggests', async () => {
    const { metadataKey, secretKey } = await conceal(room, SOME_DAYS);
    await moveSecret();
    room.statements.ran.length = 0;
    await expect(show(room, metadataKey)).resolves.toMatchObject({ state: 'new', secretKey });
    expect(room.statements.ran).toEqual(['receipts_find', 'receipts_find']);
    await room.receipts.burn(anonymous, metadataKey, null);
    await expect(show(room, metadataKey)).resolves.toMatchObject({ state: 'burned' });
  });

  it('count one guess at such a secret, also while the partitions are not known', async () => {
    for (const isKnown of [true, false]) {
      const guarded = { ...SOME_DAYS, passphrase: 'right', guessesMax: 1 };
      const { metadataKey } = await conceal(room, guarded);
      await moveSecret();
      const other = openRoom(database);
      if (isKnown) await other.statements.refreshPartitions();
      await other.receipts.burn(anonymous, metadataKey, 'right');
      await expect(show(room, metadataKey)).resolves.toMatchObject({ state: 'burned' });
    }
  });

  it('fall back to the whole table for a partition that is gone, and find it when it is made', async () => {
    const { secretKey } = await conceal(room, SOME_DAYS);
    const partitions = [`secrets_${suffix(SECRET_DAY)}`, `receipts_${suffix(RECEIPT_DAY)}`];
    await query(`drop table ${partitions.join(', ')}`);
    await expect(reveal(room, secretKey)).rejects.toEqual(gone);

    const inDefault = await conceal(room, SOME_DAYS);
    const moved = await conceal(room, SOME_DAYS);
    await expect(reveal(room, inDefault.secretKey)).resolves.toMatchObject({ value: 'a value' });
    await new PartitionsJob(database.dataSource).maintain();
    await expect(show(room, moved.metadataKey)).resolves.toMatchObject({ state: 'new' });
    await room.statements.refreshPartitions();
    await expect(reveal(room, moved.secretKey)).resolves.toMatchObject({ value: 'a value' });
    await expect(show(room, moved.metadataKey)).resolves.toMatchObject({ state: 'received' });
  });

  it('fall back to the whole table when a connection has lost its statements, too', async () => {
    const [secretDay, receiptDay] = [SECRET_DAY + 1, RECEIPT_DAY + 2];
    const days = { ttlSeconds: secretDay * DAY_SECONDS };
    await conceal(room, days);
    await query(`drop table secrets_${suffix(secretDay)}, receipts_${suffix(receiptDay)}`);
    // As DISCARD ALL of a pooler does: the statement that names the partitions has to be prepared again.
    await query('deallocate all');
    const { secretKey } = await conceal(room, days);
    await expect(reveal(room, secretKey)).resolves.toMatchObject({ value: 'a value' });
  });

  it('do not read a partition that was detached and renamed, and read it when it is back', async () => {
    const { secretKey } = await conceal(room, SOME_DAYS);
    const partition = `secrets_${suffix(SECRET_DAY)}`;
    const [from, to] = [dayIn(SECRET_DAY), dayIn(SECRET_DAY + 1)];
    await query(`alter table secrets detach partition ${partition}`);
    await query(`alter table ${partition} rename to set_aside`);
    await expect(reveal(room, secretKey)).rejects.toEqual(gone);
    await query(`alter table set_aside rename to ${partition}`);
    await query(
      `alter table secrets attach partition ${partition} for values from ('${from}') to ('${to}')`,
    );
    await room.statements.refreshPartitions();
    await expect(reveal(room, secretKey)).resolves.toMatchObject({ value: 'a value' });
  });

  it('decide with those on the whole table who gets a secret', async () => {
    for (let round = 0; round < 5; round += 1) {
      // Its first statements do not know the partitions yet.
      const other = openRoom(database);
      const { secretKey } = await conceal(room, SOME_DAYS);
      const readers = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? room : other));
      const read = await Promise.allSettled(readers.map((at) => reveal(at, secretKey)));
      expect(read.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
  });
});
