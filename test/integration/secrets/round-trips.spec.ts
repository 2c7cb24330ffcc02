import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import { DAY_SECONDS } from '../../../src/shared/durations.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  anonymous,
  conceal,
  openRoom,
  owner,
  ownerCaller,
  type Room,
  recentOf,
} from './support.js';

// The machine may be slow.

const NEVER = '0'.repeat(31);

describe('round trips to PostgreSQL', () => {
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database, { limits: DEFAULT_LIMITS });
    // The key masks of these days are read once.
    await conceal(room, { kind: 'generate', value: 'x' });
  });
  afterAll(() => database.close());

  type Keys = Awaited<ReturnType<typeof conceal>>;

  const { secrets, receipts } = {
    secrets: {
      reveal: (key: string, passphrase: string | null) =>
        room.secrets.reveal(anonymous, key, passphrase),
      peek: (key: string) => room.secrets.peek(anonymous, key),
    },
    receipts: {
      burn: (key: string, passphrase: string | null) =>
        room.receipts.burn(anonymous, key, passphrase),
      show: (key: string, markViewed: boolean) =>
        room.receipts.show(anonymous, key, { markViewed }),
      take: (key: string) => room.receipts.takeGeneratedValue(anonymous, key),
    },
  };
  const v2 = {
    look: (key: string, marksPreviewed: boolean) =>
      room.looks.look(anonymous, key, { marksPreviewed }),
    receipt: (key: string, takesValue: boolean) =>
      room.receipts.look(anonymous, key, { takesValue }),
    memo: (key: string, text: string | null) => room.memos.write(ownerCaller, key, text),
  };
  const open = { value: 'a value' };
  const locked = { ...open, passphrase: 'right' };
  const lastGuess = { ...locked, guessesMax: 1 };

  it.each<[string, object, (keys: Keys) => Promise<unknown>, string[]]>([
    ['reveal', open, (k) => secrets.reveal(k.secretKey, null), ['secrets_find', 'secrets_claim']],
    [
      'reveal with the passphrase',
      locked,
      (k) => secrets.reveal(k.secretKey, 'right'),
      ['secrets_guess', 'secrets_claim'],
    ],
    [
      'reveal with a wrong passphrase',
      locked,
      (k) => secrets.reveal(k.secretKey, 'wrong'),
      ['secrets_guess'],
    ],
    [
      'reveal with the last wrong passphrase',
      lastGuess,
      (k) => secrets.reveal(k.secretKey, 'wrong'),
      ['secrets_guess', 'secrets_claim'],
    ],
    [
      'reveal without the passphrase',
      locked,
      (k) => secrets.reveal(k.secretKey, null),
      ['secrets_find'],
    ],
    ['reveal of nothing', open, () => secrets.reveal(NEVER, 'guess'), ['secrets_guess']],
    ['the page of a link', locked, (k) => secrets.peek(k.secretKey), ['secrets_peek']],
    [
      'burn',
      open,
      (k) => receipts.burn(k.metadataKey, null),
      ['receipts_find_with_secret', 'secrets_claim'],
    ],
    [
      'burn with the passphrase',
      locked,
      (k) => receipts.burn(k.metadataKey, 'right'),
      ['receipts_guess_with_secret', 'secrets_claim'],
    ],
    [
      'burn with a wrong passphrase',
      locked,
      (k) => receipts.burn(k.metadataKey, 'wrong'),
      ['receipts_guess_with_secret'],
    ],
    [
      'burn with the last wrong passphrase',
      lastGuess,
      (k) => receipts.burn(k.metadataKey, 'wrong'),
      ['receipts_guess_with_secret', 'secrets_claim'],
    ],
    [
      'burn with a passphrase that none is set for',
      open,
      (k) => receipts.burn(k.metadataKey, 'any'),
      ['receipts_guess_with_secret', 'secrets_claim'],
    ],
    [
      'the first fetch of a receipt',
      open,
      (k) => receipts.show(k.metadataKey, true),
      ['receipts_find', 'receipts_mark_viewed'],
    ],
    ['the page of a receipt', open, (k) => receipts.show(k.metadataKey, false), ['receipts_find']],
    [
      'a generated value',
      { ...open, kind: 'generate' },
      (k) => receipts.take(k.metadataKey),
      ['receipts_find_with_secret', 'receipts_take_value'],
    ],
    [
      'a look at a secret',
      locked,
      (k) => v2.look(k.secretKey, true),
      ['secrets_look', 'receipts_mark_previewed'],
    ],
    [
      'a look by HEAD',
      locked,
      (k) => v2.look(k.secretKey, false),
      ['secrets_look', 'receipts_is_previewed'],
    ],
    ['a look at nothing', locked, () => v2.look(NEVER, true), ['secrets_look']],
    [
      'a look at many',
      open,
      (k) => room.looks.lookAtMany(anonymous, [k.secretKey, NEVER]),
      ['secrets_look_at_many'],
    ],
    ['a receipt', open, (k) => v2.receipt(k.metadataKey, true), ['receipts_find_with_secret']],
    [
      'a receipt with a generated value',
      { ...open, kind: 'generate' },
      (k) => v2.receipt(k.metadataKey, true),
      ['receipts_find_with_secret', 'receipts_take_value'],
    ],
    ["a memo on another's receipt", open, (k) => v2.memo(k.metadataKey, 'x'), ['receipts_find']],
  ])('of %s are two at most', async (_name, change, act, statements) => {
    // Whole days: the day of a secret is then told right from its receipt's.
    const keys = await conceal(room, { ttlSeconds: 3 * DAY_SECONDS, ...change });
    room.statements.ran.length = 0;
    await act(keys).catch(() => undefined);
    expect(room.statements.ran).toEqual(statements);
  });

  it('of conceal and of the list are one', async () => {
    room.statements.ran.length = 0;
    await conceal(room, locked, ownerCaller);
    expect(room.statements.ran.splice(0)).toEqual(['secrets_insert']);
    await recentOf(room, owner);
    expect(room.statements.ran).toEqual(['receipts_recent']);
  });

  it('of a memo are two', async () => {
    const { metadataKey } = await conceal(room, open, ownerCaller);
    room.statements.ran.length = 0;
    await room.memos.write(ownerCaller, metadataKey, 'x');
    expect(room.statements.ran).toEqual(['receipts_find', 'receipts_set_memo']);
  });
});
