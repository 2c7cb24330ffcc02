import { randomBytes } from 'node:crypto';
import type { Caller } from '../../../src/auth/caller.js';
import type { CellConfig } from '../../../src/config/cell-config.js';
import { DEFAULT_LIMITS, type LimitName } from '../../../src/config/limits.js';
import { GuessLimits } from '../../../src/limits/guess-limits.js';
import { LimitKeys } from '../../../src/limits/limit-keys.js';
import { LimitLifts } from '../../../src/limits/limit-lifts.js';
import { isExceeded, RateLimits } from '../../../src/limits/rate-limits.js';
import { SignInLimits } from '../../../src/limits/sign-in-limits.js';
import { PassphraseQueue } from '../../../src/secrets/passphrase-queue.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anonymous, conceal, gone, openRoom, type Room } from '../secrets/support.js';

const rootKeys = [{ version: 1, bytes: randomBytes(32) }] as const;
const limits = {
  ...DEFAULT_LIMITS,
  CREATE: { burst: 3, seconds: 600 },
  SIGN_IN: { burst: 3, seconds: 600 },
  SIGN_IN_ACCOUNT: { burst: 3, seconds: 600 },
};
const refused = expect.objectContaining({ code: 'rate_limited' });

/** Costs nothing. */
class FastQueue extends PassphraseQueue {
  protected override hash(passphrase: string): Promise<Buffer> {
    return Promise.resolve(Buffer.from(passphrase.padEnd(32).slice(0, 32)));
  }
}

describe(LimitLifts.name, () => {
  let database: TestDatabase;
  let room: Room;
  let networks = 0;
  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database, { limits, rootKeys, queue: new FastQueue() });
  });
  beforeEach(() => database.dataSource.query('truncate rate_limits, limit_lifts'));
  afterAll(() => database.close());

  /** The limits of one process. All processes share the database. */
  function aProcess() {
    const config = { limits, rootKeys } as unknown as CellConfig;
    const keys = new LimitKeys(config);
    const counters = new RateLimits(config, database.statements, keys);
    return {
      counters,
      lifts: new LimitLifts(database.statements, keys, counters),
      signIns: new SignInLimits(counters),
      guesses: new GuessLimits(config, keys, counters),
    };
  }

  function aNetwork() {
    networks += 1;
    return { near: `198.51.100.${networks}/32`, wide: null };
  }

  const limitedIn = async ({ lifts }: { lifts: LimitLifts }) =>
    (await lifts.limited()).map(({ limit, scope }) => `${limit} ${scope}`);

  async function useUp(counters: RateLimits, limit: LimitName, subject: string): Promise<void> {
    for (let count = 0; count < limits[limit].burst; count += 1)
      await counters.charge([{ limit, subject }]);
  }

  const isAdmitted = async (counters: RateLimits, limit: LimitName, subject: string) => {
    const standing = await counters.charge([{ limit, subject }]);
    return standing !== null && !isExceeded(standing);
  };

  async function guessWrong(times: number, client: Caller['client'], key: string): Promise<void> {
    for (let count = 0; count < times; count += 1)
      await expect(room.secrets.reveal({ ...anonymous, client }, key, 'wrong')).rejects.toEqual(
        gone,
      );
  }

  const opened = (client: Caller['client'], key: string) =>
    room.secrets.reveal({ ...anonymous, client }, key, 'right');

  it('shows in every process who has used up a limit of the region, and of its own memory', async () => {
    const [one, other] = [aProcess(), aProcess()];
    await useUp(one.counters, 'CREATE', 'busy');
    await useUp(one.counters, 'DOCS', 'busy');
    await one.counters.charge([{ limit: 'CREATE', subject: 'not busy' }]);
    expect(await limitedIn(one)).toEqual(['DOCS process', 'CREATE region']);
    expect(await limitedIn(other)).toEqual(['CREATE region']);
    await database.dataSource.query("update rate_limits set resets_at = now() - interval '1 s'");
    expect(await limitedIn(other)).toEqual([]);
  });

  it('lifts once: what is counted afterwards stays counted', async () => {
    const process = aProcess();
    await process.lifts.lift({ subjects: ['lifted'] });
    await useUp(process.counters, 'DOCS', 'lifted');
    for (let round = 0; round < 2; round += 1) await process.lifts.round();
    expect(await limitedIn(process)).toEqual(['DOCS process']);
  });

  it('lifts a subject in every process, by its key or by itself', async () => {
    const [one, other] = [aProcess(), aProcess()];
    for (const by of ['key', 'subject'] as const) {
      await useUp(one.counters, 'CREATE', 'lifted');
      await useUp(one.counters, 'DOCS', 'lifted');
      expect(await isAdmitted(one.counters, 'CREATE', 'lifted')).toBe(false);
      const keys = (await one.lifts.limited()).map(({ key }) => key);
      expect(keys).toHaveLength(2);
      await other.lifts.lift(by === 'key' ? { subjects: [], keys } : { subjects: ['lifted'] });
      await one.lifts.round();
      expect(await limitedIn(one)).toEqual([]);
      expect(await isAdmitted(one.counters, 'CREATE', 'lifted')).toBe(true);
      expect(await isAdmitted(one.counters, 'DOCS', 'lifted')).toBe(true);
      await other.lifts.lift({ subjects: ['lifted'] });
      await one.lifts.round();
    }
  });

  it('shows and lifts failed sign-ins of a login and of a network', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const client = aNetwork();
    const fail = () => {
      for (let count = 0; count < 3; count += 1) one.signIns.failed(client, 'ann@example.com');
      // The try that each network keeps.
      one.signIns.admit(client, 'ann@example.com');
      expect(() => one.signIns.admit(client, 'ann@example.com')).toThrow(refused as Error);
    };
    fail();
    expect((await limitedIn(one)).toSorted()).toEqual([
      'SIGN_IN process',
      'SIGN_IN_ACCOUNT process',
      'SIGN_IN_SLOW process',
    ]);
    expect(JSON.stringify(await one.lifts.limited())).not.toMatch(/ann@|198\.51/);
    await other.lifts.lift({ subjects: ['ann@example.com', client.near] });
    await one.lifts.round();
    expect(await limitedIn(one)).toEqual([]);
    one.signIns.admit(client, 'ann@example.com');
  });

  it('shows guesses at a passphrase without the secret, and lifts them by the network alone', async () => {
    const [guesser, bystander] = [aNetwork(), aNetwork()];
    const secrets = [
      await conceal(room, { passphrase: 'right' }),
      await conceal(room, { passphrase: 'right' }),
    ];
    for (const { secretKey } of secrets) {
      await guessWrong(5, guesser, secretKey);
      await expect(opened(guesser, secretKey)).rejects.toEqual(refused);
    }
    const [first, second] = secrets.map(({ secretKey }) => secretKey) as [string, string];
    await guessWrong(5, bystander, first);
    const process = aProcess();
    expect(await limitedIn(process)).toEqual(Array<string>(3).fill('PASSPHRASE region'));
    for (const entry of await process.lifts.limited()) expect(entry.key).toMatch(/^[0-9a-f]{32}$/);

    await process.lifts.lift({ subjects: [guesser.near] });
    await expect(opened(guesser, second)).resolves.toMatchObject({ value: 'a value' });
    await expect(opened(bystander, first)).rejects.toEqual(refused);
    await expect(opened(guesser, first)).resolves.toMatchObject({ value: 'a value' });
  });

  it('lifts what all networks have guessed at one secret by its key', async () => {
    const { secretKey } = await conceal(room, { passphrase: 'right' });
    for (let count = 0; count < 4; count += 1) await guessWrong(5, aNetwork(), secretKey);
    const late = aNetwork();
    await guessWrong(1, late, secretKey);
    await expect(opened(late, secretKey)).rejects.toEqual(refused);
    const { lifts } = aProcess();
    const all = (await lifts.limited()).find(({ limit }) => limit === 'PASSPHRASE_SECRET');
    await lifts.lift({ subjects: [], keys: [all?.key ?? ''] });
    await expect(opened(late, secretKey)).resolves.toMatchObject({ value: 'a value' });
  });

  it('does the same with guesses at a secret that does not exist', async () => {
    const [one, other] = [aProcess(), aProcess()];
    const client = aNetwork();
    const lookup = randomBytes(32);
    const guess = () => one.guesses.chargeMiss(lookup, client);
    for (let count = 0; count < 5; count += 1) guess();
    expect(guess).toThrow(refused as Error);
    expect(await limitedIn(one)).toContain('PASSPHRASE process');
    await other.lifts.lift({ subjects: [client.near] });
    await one.lifts.round();
    expect(guess).not.toThrow();
  });

  it('finds who is limited by index', async () => {
    await database.dataSource.query(`
      insert into rate_limits (key, used, resets_at, limit_name, burst)
      select sha256(n::text::bytea), n % 100, now() + interval '1 hour', 'CREATE', 99
      from generate_series(1, 20000) n`);
    await database.dataSource.query('analyze rate_limits');
    const plan = await database.dataSource.query<{ 'QUERY PLAN': string }[]>(`
      explain select key from rate_limits where is_used_up and resets_at > now()
      order by resets_at desc limit 1000`);
    expect(JSON.stringify(plan)).toContain('rate_limits_used_up_idx');
  });
});
