import { OWN_PAGE } from '../../../src/secrets/own-receipts.js';
import { COPY_RECEIPTS } from '../../support/receipt-rows.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  accountOf,
  anonymous,
  conceal,
  gone,
  insertOwner,
  openRoom,
  owner,
  ownerCaller,
  type Room,
  recentOf,
} from './support.js';

const MADE = 60;
/** Older receipts of the same account, and as many of another one. */
const COPIES = 10_000;
const PAGE = 25;

const other = accountOf('0f1f3b52-9f6e-4a43-9a35-6f4b6f0f5a02');

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly Plans?: readonly Plan[];
}

function rowsRead(plan: Plan): number {
  const own =
    plan['Relation Name']?.startsWith('receipts') === true
      ? (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops']
      : 0;
  return own + (plan.Plans ?? []).reduce((sum, each) => sum + rowsRead(each), 0);
}

describe('the receipts of an account, for its signed-in owner', () => {
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    await insertOwner(database);
    for (let made = 0; made < MADE; made += 1) {
      // Over several partitions.
      const ttlSeconds = 3600 * (1 + (made % 6) * 24);
      await conceal(room, { ttlSeconds, recipients: ['fox@example.com'] }, ownerCaller);
    }
    await conceal(room, {}, { ...anonymous, account: other });
    for (const { id } of [owner, other])
      await database.dataSource.query(COPY_RECEIPTS, [owner.id, id, COPIES]);
    await database.dataSource.query('analyze receipts');
  });
  afterAll(() => database.close());

  it('come page by page, each once, the latest change first, without their keys', async () => {
    const seen: string[] = [];
    const times: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await room.own.page(owner, PAGE, cursor);
      seen.push(...page.receipts.map(({ id }) => id));
      times.push(...page.receipts.map(({ updatedAt }) => updatedAt.getTime()));
      cursor = seen.length >= MADE ? null : page.nextCursor;
    } while (cursor !== null);
    // The keys of the copies are erased.
    expect(new Set(seen).size).toBe(MADE);
    expect(seen).toHaveLength(MADE);
    expect(times).toEqual([...times].sort((one, another) => another - one));
    const [{ metadataKey } = { metadataKey: '' }] = await recentOf(room, owner);
    const page = await room.own.page(owner, PAGE, null);
    expect(metadataKey).toMatch(/^[0-9a-z]{31}$/);
    expect(JSON.stringify(page)).not.toContain(metadataKey);
  });

  it('are read one page at a time, however many there are', async () => {
    const { nextCursor } = await room.own.page(owner, PAGE, null);
    const [changedAt, lookup = ''] = nextCursor?.split('-') ?? [];
    const explained = await database.dataSource.query<{ 'QUERY PLAN': [{ Plan: Plan }] }[]>(
      `explain (analyze, format json) ${OWN_PAGE.text}`,
      [owner.id, changedAt, Buffer.from(lookup, 'hex'), PAGE + 1],
    );
    const rows = rowsRead(explained[0]!['QUERY PLAN'][0].Plan);
    expect(rows).toBeGreaterThan(PAGE);
    expect(rows).toBeLessThan(500);
  });

  it('are burned and noted by their id, by nobody else', async () => {
    const [{ id } = { id: '' }] = (await room.own.page(owner, 1, null)).receipts;
    await room.own.writeMemo(ownerCaller, id, 'for the audit');
    expect((await room.own.get(owner, id)).memo).toBe('for the audit');
    const stranger = { ...anonymous, account: other };
    const missing = expect.objectContaining({ code: 'not_found' });
    for (const attempt of [
      room.own.get(other, id),
      room.own.burn(stranger, id, null),
      room.own.writeMemo(stranger, id, ''),
      ...['', 'x', id.slice(1), `${id}0`, `20260231${id.slice(8)}`, `99999999${id.slice(8)}`].map(
        (wrong) => room.own.get(owner, wrong),
      ),
    ])
      await expect(attempt).rejects.toEqual(missing);
    await room.own.burn(ownerCaller, id, null);
    expect(await room.own.get(owner, id)).toMatchObject({ state: 'burned', id });
    await expect(room.own.burn(ownerCaller, id, null)).rejects.toEqual(gone);
  });

  it('need their passphrase to be burned', async () => {
    await conceal(room, { passphrase: 'right' }, ownerCaller);
    const [{ id } = { id: '' }] = (await room.own.page(owner, 1, null)).receipts;
    const wrong = expect.objectContaining({ code: 'wrong_passphrase' });
    for (const passphrase of [null, 'not it'])
      await expect(room.own.burn(ownerCaller, id, passphrase)).rejects.toEqual(wrong);
    await room.own.burn(ownerCaller, id, 'right');
    expect((await room.own.get(owner, id)).state).toBe('burned');
  });

  it.each(['', 'x', '1-2', `1-${'f'.repeat(39)}`, `12345678901234567-${'f'.repeat(40)}`])(
    'have no page after %j',
    async (cursor) => {
      const refusal = expect.objectContaining({ code: 'invalid_request', field: 'cursor' });
      await expect(room.own.page(owner, PAGE, cursor)).rejects.toEqual(refusal);
    },
  );
});
