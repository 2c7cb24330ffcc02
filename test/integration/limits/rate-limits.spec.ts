import { randomBytes } from 'node:crypto';
import type { CellConfig } from '../../../src/config/cell-config.js';
import { DEFAULT_LIMITS, type Limits } from '../../../src/config/limits.js';
import { EndedWindowsJob } from '../../../src/limits/ended-windows.job.js';
import { LimitKeys } from '../../../src/limits/limit-keys.js';
import { isExceeded, RateLimits, type Charge } from '../../../src/limits/rate-limits.js';
import { SignInLimits } from '../../../src/limits/sign-in-limits.js';
import type { Statements } from '../../../src/database/statements.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { CountedStatements } from '../secrets/support.js';

const rootKeys = [{ version: 1, bytes: randomBytes(32) }] as const;
const limited = expect.objectContaining({ code: 'rate_limited' });

const LIMITS: Limits = {
  ...DEFAULT_LIMITS,
  CREATE: { burst: 5, seconds: 600 },
  CREATE_WIDE: { burst: 8, seconds: 600 },
  REQUESTS: { burst: 3, seconds: 60 },
  REQUESTS_WIDE: { burst: 5, seconds: 60 },
  SIGN_IN: { burst: 3, seconds: 600 },
  SIGN_IN_ACCOUNT: { burst: 6, seconds: 3600 },
};

let database: TestDatabase;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

/** The limits of one process. All processes share the database. */
function processWith(
  limits: Limits | null = LIMITS,
  statements: Statements = database.statements,
): RateLimits {
  const config = { limits, rootKeys } as unknown as CellConfig;
  return new RateLimits(config, statements, new LimitKeys(config));
}

/** How many of so many charges at once are admitted. */
async function admitted(
  by: readonly [RateLimits, ...RateLimits[]],
  charges: Charge[],
  count: number,
) {
  const standings = await Promise.all(
    Array.from({ length: count }, (_, index) => (by[index % by.length] ?? by[0]).charge(charges)),
  );
  return standings.filter((standing) => standing && !isExceeded(standing)).length;
}

describe(RateLimits.name, () => {
  it('admits the burst exactly, of 40 at once in two processes, and after a restart none', async () => {
    const charges: Charge[] = [{ limit: 'CREATE', subject: '198.51.100.1/32' }];
    expect(await admitted([processWith(), processWith()], charges, 40)).toBe(5);
    expect(await admitted([processWith()], charges, 3)).toBe(0);
    expect(await admitted([processWith()], [{ limit: 'CREATE', subject: 'other' }], 3)).toBe(3);
  });

  it('counts many networks of a wide one together, 40 at once without a deadlock', async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        processWith().charge([
          { limit: 'CREATE', subject: `near ${index}` },
          { limit: 'CREATE_WIDE', subject: 'wide' },
        ]),
      ),
    );
    expect(all.filter((standing) => standing && !isExceeded(standing))).toHaveLength(8);
  });

  it('answers who goes on without a query, with the time until the window ends', async () => {
    const statements = new CountedStatements(database.dataSource);
    const limits = processWith(LIMITS, statements);
    const charges: Charge[] = [{ limit: 'CREATE', subject: 'goes on' }];
    expect(await admitted([limits], charges, 6)).toBe(5);
    const before = statements.ran.length;
    const standing = await limits.charge(charges);
    expect(statements.ran).toHaveLength(before);
    expect(standing).toMatchObject({ limit: 'CREATE', burst: 5, seconds: 600 });
    expect(standing?.resetsIn).toBeGreaterThan(500);
  });

  it('does not use up the wide network by what a near one is refused for', () => {
    const limits = processWith();
    const charge = (near: string) =>
      limits.chargeMemory([
        { limit: 'REQUESTS', subject: near },
        { limit: 'REQUESTS_WIDE', subject: 'wide' },
      ]);
    for (let count = 0; count < 100; count += 1) charge('greedy');
    expect(charge('modest')).toMatchObject({ limit: 'REQUESTS_WIDE', used: 4 });
  });

  it('counts nothing when limits are off', async () => {
    const charges: Charge[] = [{ limit: 'CREATE', subject: 'off' }];
    await expect(processWith(null).charge(charges)).resolves.toBeNull();
  });

  it('shows no address in the table, and deletes the windows that have ended', async () => {
    await processWith().charge([{ limit: 'CREATE', subject: '198.51.100.77/32' }]);
    const rows: { key: Buffer }[] = await database.dataSource.query('select key from rate_limits');
    expect(rows.length).toBeGreaterThan(0);
    for (const { key } of rows) expect(key).toHaveLength(16);
    const job = new EndedWindowsJob(database.statements);
    await job.round();
    expect(await countRows()).toBe(rows.length);
    await database.dataSource.query("update rate_limits set resets_at = now() - interval '1 s'");
    await job.round();
    expect(await countRows()).toBe(0);
  });
});

describe(SignInLimits.name, () => {
  const from = (near: string) => ({ near, wide: null });

  it('refuses a network after its failures, but not one that has signed in', () => {
    const signIns = new SignInLimits(processWith());
    signIns.succeeded(from('office'), 'ann');
    for (let count = 0; count < 3; count += 1) signIns.failed(from('office'), `guess ${count}`);
    signIns.admit(from('office'), 'bob');
    expect(() => signIns.admit(from('office'), 'bob')).toThrow(limited);
    for (let count = 0; count < 10; count += 1) signIns.admit(from('office'), 'ann');
    signIns.admit(from('elsewhere'), 'bob');
  });

  it('slows a login that many networks fail at, and leaves every network one try a minute', () => {
    const signIns = new SignInLimits(processWith());
    for (let count = 0; count < 6; count += 1) signIns.failed(from(`net ${count}`), 'ann');
    signIns.admit(from('fresh'), 'ann');
    expect(() => signIns.admit(from('fresh'), 'ann')).toThrow(limited);
    signIns.succeeded(from('fresh'), 'ann');
    for (let count = 0; count < 10; count += 1) signIns.admit(from('fresh'), 'ann');
    signIns.admit(from('fresh'), 'bob');
  });
});

async function countRows(): Promise<number> {
  const [row] = await database.dataSource.query('select count(*)::int as count from rate_limits');
  return (row as { count: number }).count;
}
