import type { EntityManager } from 'typeorm';
import { lockAccount } from '../../../src/accounts/lock-account.js';
import { ActivityStore } from '../../../src/accounts/activity/activity.store.js';
import { GATEWAY } from '../../../src/accounts/activity/activity.js';
import { writeActivity } from '../../../src/accounts/activity/write-activity.js';
import { accountsIn } from '../../support/accounts-in.js';
import {
  asAnotherProcess,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

describe(lockAccount.name, () => {
  // A job that has changed a row of the account and then writes its line would wait for a change that waits for the row.
  it('keeps out other changes of the account, and not lines of its activity', async () => {
    const { account } = await accountsIn(database).create('locked@example.com', 'basic');
    const { id } = account;
    await database.dataSource.transaction(async (manager) => {
      await lockAccount(manager, id, GATEWAY);
      const beside = (work: (other: EntityManager) => Promise<void>) =>
        asAnotherProcess(() => database.dataSource.transaction(work));
      await beside(async (other) => {
        await other.query(`set local lock_timeout = '50ms'`);
        await expect(lockAccount(other, id, GATEWAY)).rejects.toThrow('lock timeout');
      });
      await beside(async (other) => {
        await other.query(`set local lock_timeout = '5s'`);
        await writeActivity(other, id, GATEWAY, { action: 'account.resumed', subject: {} });
      });
    });
    const { entries } = await new ActivityStore(database.dataSource).page(id, {
      limit: 1,
      cursor: null,
    });
    expect(entries).toMatchObject([{ action: 'account.resumed' }]);
  });
});
