import type { CellConfig } from '../../../src/config/cell-config.js';
import { SetupReturns } from '../../../src/domains/connect/setup-returns.js';
import type { Domain } from '../../../src/domains/domain.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { until } from '../../support/until.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aName, anAccount, eventTypesOf, openRoom, type Room } from './support.js';

let database: TestDatabase;
let room: Room;
let returns: SetupReturns;
beforeAll(async () => {
  database = await openTestDatabase();
  room = openRoom(database);
  returns = new SetupReturns(database.dataSource, {} as CellConfig, new SystemClock());
});
afterAll(() => database.close());

async function aClaim(): Promise<Domain> {
  return room.domains.claim(await anAccount(database), aName());
}

const now = ({ accountId, extid }: Domain) => room.domains.get(accountId, extid);

/** As if the customer had come back that much earlier. */
async function letPass(domain: Domain, seconds: number): Promise<void> {
  await database.dataSource.query(
    `update domains set setup_returned_at = setup_returned_at - make_interval(secs => $2),
       next_check_at = now() + interval '1 hour' where id = $1`,
    [domain.id, seconds],
  );
}

describe('a return from a DNS provider', () => {
  it('makes the check due, and counts at most every 30 seconds', async () => {
    const domain = await aClaim();
    await returns.note(domain, 'returned');
    const first = await now(domain);
    expect(first).toMatchObject({ setupOutcome: 'returned', checkAttempts: 0 });
    await letPass(domain, 20);
    await returns.note(first, 'returned');
    expect((await now(domain)).nextCheckAt?.getTime()).toBeGreaterThan(Date.now() + 1_800_000);
    await letPass(domain, 20);
    await returns.note(first, 'returned');
    expect((await now(domain)).nextCheckAt?.getTime()).toBeLessThan(Date.now() + 60_000);
    const events = await eventTypesOf(room, domain);
    expect(events.filter((type) => type === 'setup_returned')).toHaveLength(1);
  });

  it('makes the check of the other name due, and waits for it with no lock on its own', async () => {
    const account = await anAccount(database);
    const apex = aName().replace('secrets.', 'zone-');
    const main = await room.domains.claim(account, apex, undefined, { isPair: true });
    // As a removal does: it locks the names of a pair in their order.
    const removal = database.dataSource.createQueryRunner();
    const lock = (hostname: string) =>
      removal.query(
        'select from domains where hostname = $1 and removed_at is null for no key update',
        [hostname],
      );
    await removal.startTransaction();
    await lock(`www.${apex}`);
    await removal.query(
      `update domains set next_check_at = now() + interval '1 hour' where hostname = $1`,
      [`www.${apex}`],
    );
    const noted = returns.note(main, 'returned');
    await until('the return is noted', async () => (await now(main)).setupOutcome !== null);
    await lock(apex);
    await removal.commitTransaction();
    await removal.release();
    await noted;
    const { domains } = await room.domains.list(account.id, {
      state: null,
      limit: 9,
      cursor: null,
    });
    for (const { nextCheckAt } of domains)
      expect(nextCheckAt?.getTime()).toBeLessThan(Date.now() + 60_000);
    expect(domains).toHaveLength(2);
  });

  it('counts after two seconds where the customer has thought better of it', async () => {
    const domain = await aClaim();
    await returns.note(domain, 'cancelled');
    await returns.note(await now(domain), 'returned');
    expect((await now(domain)).setupOutcome).toBe('cancelled');
    await letPass(domain, 5);
    await returns.note(await now(domain), 'returned');
    const second = await now(domain);
    expect(second.setupOutcome).toBe('returned');
    expect(second.nextCheckAt?.getTime()).toBeLessThan(Date.now() + 60_000);
    const events = await eventTypesOf(room, domain);
    expect(events.filter((type) => type === 'setup_returned')).toHaveLength(2);
  });
});
