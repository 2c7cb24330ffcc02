import type { Caller } from '../../../src/auth/caller.js';
import { DEFAULT_LIMITS } from '../../../src/config/limits.js';
import { PassphraseQueue } from '../../../src/secrets/passphrase-queue.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anonymous, command, conceal, gone, openRoom, type Room } from './support.js';

/** Counts what was tried, and costs nothing. */
class FastQueue extends PassphraseQueue {
  tried = 0;

  protected override hash(passphrase: string): Promise<Buffer> {
    this.tried += 1;
    return Promise.resolve(Buffer.from(passphrase.padEnd(32).slice(0, 32)));
  }
}

const limited = expect.objectContaining({ code: 'rate_limited' });
const NEVER = '0'.repeat(31);

describe('guesses at a passphrase', () => {
  let database: TestDatabase;
  let queue: FastQueue;
  let room: Room;
  let networks = 0;

  beforeAll(async () => {
    database = await openTestDatabase();
  });
  beforeEach(() => {
    queue = new FastQueue();
    room = openRoom(database, { limits: DEFAULT_LIMITS, queue });
  });
  afterAll(() => database.close());

  /** A caller of a network that no test had before. */
  function newCaller(): Caller {
    networks += 1;
    return { ...anonymous, client: { near: `198.51.100.${networks}/32`, wide: null } };
  }

  const reveal = (caller: Caller, key: string, passphrase: string | null, from = room) =>
    from.secrets.reveal(caller, key, passphrase);

  async function failTimes(count: number, caller: Caller, key: string): Promise<void> {
    for (let index = 0; index < count; index += 1)
      await expect(reveal(caller, key, 'wrong')).rejects.toEqual(gone);
  }

  it('refuses a network after five, for this secret only, and lets another network in', async () => {
    const guesser = newCaller();
    const { secretKey } = await conceal(room, { passphrase: 'right' });
    const other = await conceal(room, { passphrase: 'right' });
    await failTimes(5, guesser, secretKey);
    await expect(reveal(guesser, secretKey, 'right')).rejects.toEqual(limited);
    await expect(reveal(guesser, other.secretKey, 'right')).resolves.toMatchObject({
      value: 'a value',
    });
    await expect(reveal(newCaller(), secretKey, 'right')).resolves.toMatchObject({
      value: 'a value',
    });
  });

  it('tries five of 30 at once, in two processes', async () => {
    const guesser = newCaller();
    const { secretKey } = await conceal(room, { passphrase: 'right' });
    const second = openRoom(database, { limits: DEFAULT_LIMITS, queue });
    await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) =>
        reveal(guesser, secretKey, 'wrong', index % 2 === 0 ? room : second),
      ),
    );
    // One more for the passphrase that was set, by conceal().
    expect(queue.tried).toBe(5 + 1);
  });

  it('slows down after 20 from many networks, and leaves each network one try a minute', async () => {
    const { secretKey } = await conceal(room, { passphrase: 'right' });
    for (let index = 0; index < 5; index += 1) await failTimes(4, newCaller(), secretKey);
    const guesser = newCaller();
    await failTimes(1, guesser, secretKey);
    await expect(reveal(guesser, secretKey, 'right')).rejects.toEqual(limited);
    await expect(reveal(newCaller(), secretKey, 'right')).resolves.toMatchObject({
      value: 'a value',
    });
  });

  it('counts guesses at a secret that does not exist alike, and writes nothing for them', async () => {
    const guesser = newCaller();
    await database.dataSource.query('delete from rate_limits');
    await failTimes(5, guesser, NEVER);
    await expect(reveal(guesser, NEVER, 'wrong')).rejects.toEqual(limited);
    for (let index = 0; index < 7; index += 1) await failTimes(2, newCaller(), NEVER);
    const late = newCaller();
    await failTimes(1, late, NEVER);
    await expect(reveal(late, NEVER, 'wrong')).rejects.toEqual(limited);
    await expect(database.dataSource.query('select * from rate_limits')).resolves.toEqual([]);
  });

  it('does not count a reveal without a passphrase', async () => {
    const caller = newCaller();
    const { secretKey } = await conceal(room, { passphrase: 'right' });
    for (let index = 0; index < 10; index += 1)
      await expect(reveal(caller, secretKey, null)).rejects.toEqual(gone);
    await expect(reveal(caller, secretKey, 'right')).resolves.toMatchObject({ value: 'a value' });
  });

  it('counts burns with the reveals', async () => {
    const caller = newCaller();
    const { secretKey, metadataKey } = await conceal(room, { passphrase: 'right' });
    await failTimes(3, caller, secretKey);
    const burn = (passphrase: string) => room.receipts.burn(caller, metadataKey, passphrase);
    for (let index = 0; index < 2; index += 1)
      await expect(burn('wrong')).rejects.toMatchObject({ code: 'wrong_passphrase' });
    await expect(burn('right')).rejects.toEqual(limited);
  });

  it('reads and counts in one statement', async () => {
    const { secretKey } = await conceal(room, { passphrase: 'right' });
    room.statements.ran.length = 0;
    await reveal(newCaller(), secretKey, 'right');
    expect(room.statements.ran).toEqual(['secrets_guess', 'secrets_claim']);
  });

  describe('where the owner chose to burn after three', () => {
    const three = { passphrase: 'right', guessesMax: 3 };

    it('opens at the third', async () => {
      const { secretKey } = await conceal(room, three);
      await failTimes(2, newCaller(), secretKey);
      await expect(reveal(newCaller(), secretKey, 'right')).resolves.toMatchObject({
        value: 'a value',
      });
    });

    it('burns after three from any networks, and says so in the receipt', async () => {
      const { secretKey, metadataKey } = await conceal(room, three);
      await failTimes(1, newCaller(), secretKey);
      await expect(room.receipts.burn(newCaller(), metadataKey, 'wrong')).rejects.toMatchObject({
        code: 'wrong_passphrase',
      });
      await failTimes(1, newCaller(), secretKey);
      await expect(reveal(newCaller(), secretKey, 'right')).rejects.toEqual(gone);
      const receipt = await room.receipts.show(anonymous, metadataKey, { markViewed: false });
      expect(receipt).toMatchObject({ state: 'burned', secretKey: null });
    });

    it('tries three of 20 at once, also without limits', async () => {
      const unlimited = openRoom(database, { queue });
      const { secretKey } = await conceal(unlimited, three);
      queue.tried = 0;
      const callers = Array.from({ length: 20 }, newCaller);
      await Promise.allSettled(
        callers.map((caller) => reveal(caller, secretKey, 'wrong', unlimited)),
      );
      await expect(reveal(newCaller(), secretKey, 'right', unlimited)).rejects.toEqual(gone);
      const [row] = await database.dataSource.query<{ count: number }[]>(
        'select count(*)::int as count from secrets where guesses_left is not null',
      );
      expect(row?.count).toBe(0);
    });

    it.each([0, 1.5, 101])(
      'refuses %d guesses, and any without a passphrase',
      async (guessesMax) => {
        const refused = expect.objectContaining({ code: 'invalid_request' });
        const ask = (change: object) => room.secrets.conceal(anonymous, command(change));
        await expect(ask({ passphrase: 'right', guessesMax })).rejects.toEqual(refused);
        await expect(ask({ guessesMax: 3 })).rejects.toEqual(refused);
      },
    );
  });
});
