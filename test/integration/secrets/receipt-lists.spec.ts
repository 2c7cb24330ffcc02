import { jest } from '@jest/globals';
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
} from './support.js';

const RECEIPTS = 1000;
const CALLERS = 8;
/** Receipts that may be opened before other requests get their turn. */
const SLICE_MAX = 50;

const other = accountOf('0f1f3b52-9f6e-4a43-9a35-6f4b6f0f5a02');

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
    const lists = Array.from({ length: CALLERS }, () => room.receipts.recent(owner));
    await room.receipts.recent(other);
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
