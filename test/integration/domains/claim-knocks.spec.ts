import type { Account } from '../../../src/accounts/account.js';
import { ClaimKnocks } from '../../../src/domains/checks/claim-knocks.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { anAccount, aName, aVerified, openRoom, type Room } from './support.js';

describe(ClaimKnocks, () => {
  let database: TestDatabase;
  let room: Room;
  let account: Account;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    account = await anAccount(database);
  });
  afterAll(() => database.close());

  async function secondsToCheck({ id }: Domain): Promise<number> {
    const [row] = await database.dataSource.query<{ seconds: number }[]>(
      'select extract(epoch from next_check_at - now())::float8 as seconds from domains where id = $1',
      [id],
    );
    return row?.seconds ?? NaN;
  }

  function set({ id }: Domain, columns: string): Promise<unknown> {
    return database.dataSource.query(`update domains set ${columns} where id = $1`, [id]);
  }

  async function claimDueInAnHour(columns = ''): Promise<Domain> {
    const claim = await room.domains.claim(account, aName());
    await set(
      claim,
      `next_check_at = now() + interval '1 hour', checked_at = now() - interval '1 minute'${columns}`,
    );
    return claim;
  }

  /** Resolves when the knocks so far are written: a later one is written after them. */
  async function settle(): Promise<void> {
    const marker = await claimDueInAnHour();
    room.knocks.knock(marker.hostname);
    await until('the knocks', async () => (await secondsToCheck(marker)) <= 0);
  }

  it('checks a claim within three seconds when nobody asks', async () => {
    const claim = await room.domains.claim(account, aName());
    // The loop that takes it pauses for 1.5 s.
    expect(await secondsToCheck(claim)).toBeLessThanOrEqual(1);
  });

  it('makes the check of a claim that is being set up due when its owner looks at it', async () => {
    const claim = await claimDueInAnHour();
    await room.domains.get(account.id, claim.extid);
    await until('a due check', async () => (await secondsToCheck(claim)) <= 0);
  });

  it('calls the job when the check is due', async () => {
    const knocks = new ClaimKnocks(database.dataSource);
    let calls = 0;
    knocks.onDue(() => (calls += 1));
    const claim = await claimDueInAnHour();
    knocks.knock(claim.hostname);
    await until('the call', () => calls > 0);
    expect(await secondsToCheck(claim)).toBeLessThanOrEqual(0);
  });

  it('keeps two seconds between the checks of a claim, and up to a minute after hundreds of them', async () => {
    const [one, other] = [await claimDueInAnHour(), await claimDueInAnHour()];
    await set(one, 'checked_at = now()');
    await set(other, 'checked_at = now(), check_attempts = 1000');
    room.knocks.knock(one.hostname);
    room.knocks.knock(other.hostname);
    await settle();
    expect(await secondsToCheck(one)).toBeLessThanOrEqual(2);
    expect(await secondsToCheck(other)).toBeGreaterThan(40);
    expect(await secondsToCheck(other)).toBeLessThanOrEqual(60);
  });

  it('leaves settled and removed claims to their schedule', async () => {
    const settled = await aVerified(room, account);
    await set(settled, `next_check_at = now() + interval '1 hour', checked_at = null`);
    const removed = await claimDueInAnHour(', removed_at = now()');
    room.knocks.knock(settled.hostname);
    room.knocks.knock(removed.hostname);
    await settle();
    expect(await secondsToCheck(settled)).toBeGreaterThan(3000);
    expect(await secondsToCheck(removed)).toBeGreaterThan(3000);
  });

  it('asks the database once for many knocks, with a bounded number of names', async () => {
    const statements: unknown[][] = [];
    const query = (_text: string, [names]: [unknown[]]): Promise<unknown> => {
      statements.push(names);
      return Promise.resolve([[], 0]);
    };
    const knocks = new ClaimKnocks({ query } as never);
    for (let n = 0; n < 5000; n += 1) knocks.knock(`n${n % 2500}.test` as Hostname);
    await until('a statement', () => statements.length > 0);
    expect(statements).toHaveLength(1);
    expect(statements[0]).toHaveLength(100);
  });
});
