import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { DomainTransfer } from '../../../src/domains/claims/domain-transfer.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anAccount, aVerified, openRoom, type Room } from './support.js';

describe(DomainTransfer.name, () => {
  let database: TestDatabase;
  let room: Room;
  let transfers: DomainTransfer;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    transfers = new DomainTransfer(database.dataSource);
  });

  afterAll(() => database.close());

  it('gives nothing to an account that is being removed', async () => {
    const owner = await anAccount(database);
    const domain = await aVerified(room, owner);
    const receiver = await anAccount(database);
    await new ClosingStore(database.dataSource).begin(receiver.id, COMMAND_LINE);
    const given = transfers.transfer(domain, { accountId: receiver.id, domainsMax: 10 });
    await expect(given).rejects.toMatchObject({ code: 'not_found' });
    expect((await room.domains.get(owner.id, domain.extid)).ownership).toBe('verified');
  });

  it('keeps the limit of the receiver when several domains come at once', async () => {
    const owner = await anAccount(database);
    const receiver = await anAccount(database);
    const domains = [];
    for (let count = 0; count < 5; count += 1) domains.push(await aVerified(room, owner));
    const outcomes = await Promise.allSettled(
      domains.map((each) => transfers.transfer(each, { accountId: receiver.id, domainsMax: 3 })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({ reason: 'DOMAIN_LIMIT' });
  });
});
