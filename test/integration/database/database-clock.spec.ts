import { ClockWatch } from '../../../src/database/clock-watch.js';
import { DatabaseClock } from '../../../src/database/database-clock.js';
import { DAY, MINUTE, SECOND } from '../../../src/shared/durations.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

const DAY_SECONDS = DAY / SECOND;

/** The watch of a host whose clock is wrong. */
class WrongHost extends ClockWatch {
  constructor(private readonly ahead: number) {
    super();
  }

  protected override hostNow(): number {
    return Date.now() + this.ahead;
  }
}

describe("the database's clock on a host with a wrong one", () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());

  it.each([-DAY, DAY])('is right on a host that is %d ms ahead', async (ahead) => {
    const rightNow = Date.now;
    const clock = new DatabaseClock(database.statements, new ClockWatch());
    Date.now = () => rightNow() + ahead;
    try {
      await clock.onModuleInit();
      expect(Math.abs(clock.now().getTime() - rightNow())).toBeLessThan(MINUTE);
    } finally {
      Date.now = rightNow;
      await clock.onModuleDestroy();
    }
  });

  it('says how far the host is off', async () => {
    const watch = new WrongHost(-DAY);
    const clock = new DatabaseClock(database.statements, watch);
    await clock.onModuleInit();
    await clock.onModuleDestroy();
    expect(watch.worstSeconds).toBeLessThan(-DAY_SECONDS + 60);
    expect(watch.skews.get('database')).toBeGreaterThan(-DAY_SECONDS - 60);
  });

  it('sees a difference between the database and a CA while the host is right', () => {
    const watch = new ClockWatch();
    expect(watch.worstSeconds).toBeNull();
    watch.observeDatabase(Date.now());
    watch.observe('ca.test', Date.now());
    expect(Math.abs(watch.worstSeconds ?? 99)).toBeLessThan(2);
    const middle = new WrongHost(0);
    middle.observeDatabase(Date.now() + 200 * SECOND);
    middle.observe('ca.test', Date.now() - 200 * SECOND);
    expect(Math.abs(middle.worstSeconds ?? 0)).toBeGreaterThan(390);
  });
});
