import { jest } from '@jest/globals';
import { poolOf, type Statement } from '../../../src/database/statements.js';
import { OWN_PAGE } from '../../../src/secrets/own-receipts.js';
import {
  COUNT_UNREAD,
  EXPORT,
  FIND_UNREAD_SINCE,
  RECENT,
} from '../../../src/secrets/receipt-statements.js';
import { SecretCipher } from '../../../src/secrets/secret-cipher.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  accountOf,
  anonymous,
  conceal,
  openRoom,
  owner,
  ownerCaller,
  ROOT_KEY,
  type Room,
  recentOf,
} from './support.js';

const RECEIPTS = 1000;
const CALLERS = 8;
/** Receipts that may be opened before other requests get their turn. */
const SLICE_MAX = 50;

const other = accountOf('0f1f3b52-9f6e-4a43-9a35-6f4b6f0f5a02');

const nobody = accountOf('0f1f3b52-9f6e-4a43-9a35-6f4b6f0f5a03');
const START = [new Date(), '-infinity', Buffer.alloc(0)];
const END = ['9999999999999999', Buffer.alloc(20, 0xff)];

const LISTS: readonly (readonly [Statement, unknown[]])[] = [
  [RECENT, [nobody.id, null]],
  [COUNT_UNREAD, [nobody.id]],
  [FIND_UNREAD_SINCE, [nobody.id, new Date()]],
  [EXPORT, [nobody.id, ...START]],
  [OWN_PAGE, [nobody.id, ...END, 51]],
];

describe('the list of 1,000 receipts, for eight callers of one account at once', () => {
  const rootKeys = [ROOT_KEY] as const;
  /** For each receipt that was opened: the number of its list, and the turn of the event loop. */
  const opened: { readonly list: number; readonly turn: number }[] = [];
  let lengths: number[];
  let derivedKeys: number;
  let openedBeforeOther: number;
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database, { rootKeys });
    for (let count = 0; count < RECEIPTS; count += CALLERS)
      await Promise.all(Array.from({ length: CALLERS }, () => conceal(room, {}, ownerCaller)));
    await conceal(room, {}, { ...anonymous, account: other });
    const turns = watchTurns();
    const derivations = jest.spyOn(rootKeys, 'find');
    recordOpenings(turns);
    const lists = Array.from({ length: CALLERS }, () => recentOf(room, owner));
    await recentOf(room, other);
    openedBeforeOther = opened.length;
    lengths = (await Promise.all(lists)).map(({ length }) => length);
    derivedKeys = derivations.mock.calls.length;
    turns.stop();
  });
  afterAll(async () => {
    jest.restoreAllMocks();
    await database.close();
  });

  function recordOpenings(turns: { readonly count: number }): void {
    const metadataKeysOf = Reflect.get(
      SecretCipher.prototype,
      'metadataKeysOf',
    ) as SecretCipher['metadataKeysOf'];
    let lists = 0;
    jest.spyOn(SecretCipher.prototype, 'metadataKeysOf').mockImplementation(function record(
      this: SecretCipher,
      account,
    ) {
      const open = metadataKeysOf.call(this, account);
      lists += 1;
      const list = lists;
      return (envelope, receipt) => {
        if (account === owner.id) opened.push({ list, turn: turns.count });
        return open(envelope, receipt);
      };
    });
  }

  it('is complete for each', () => {
    expect(lengths).toEqual(Array.from({ length: CALLERS }, () => RECEIPTS));
  });

  it('yields to other requests after every slice', () => {
    // Between two lists there is a query: its answer may come in the turn in which the list before ended.
    const sizes = new Map<string, number>();
    for (const { list, turn } of opened) {
      const key = `${list} ${turn}`;
      sizes.set(key, (sizes.get(key) ?? 0) + 1);
    }
    expect(opened).toHaveLength(CALLERS * RECEIPTS);
    expect(Math.max(...sizes.values())).toBeLessThanOrEqual(SLICE_MAX);
  });

  it('is made for one caller at a time', () => {
    const starts = opened.filter(({ list }, index) => list !== opened[index - 1]?.list);
    expect(starts).toHaveLength(CALLERS);
  });

  it('does not keep another account waiting', () => {
    expect(openedBeforeOther).toBeLessThan(CALLERS * RECEIPTS);
  });

  it('keeps the plan of each list, also for an account with few receipts or none', async () => {
    await database.dataSource.query('analyze receipts');
    const client = await poolOf(database.dataSource).connect();
    try {
      for (const [{ name, text }, values] of LISTS) {
        for (let call = 0; call < 10; call += 1) await client.query({ name, text, values });
        const { rows } = await client.query<{ plans: string }>(
          'select custom_plans as plans from pg_prepared_statements where name = $1',
          [name],
        );
        // PostgreSQL makes five for one call each before it compares them with one for all.
        expect([name, Number(rows[0]?.plans)]).toEqual([name, 5]);
      }
    } finally {
      client.release(true);
    }
  });

  it('derives one key for each list', () => {
    expect(derivedKeys).toBe(CALLERS + 1);
  });
});

/** Counts the turns of the event loop. */
function watchTurns(): { readonly count: number; readonly stop: () => void } {
  const watch = { count: 0, stop: () => clearImmediate(next) };
  const step = () => {
    watch.count += 1;
    next = setImmediate(step);
  };
  let next = setImmediate(step);
  return watch;
}
