import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import sharp from 'sharp';
import type { Account } from '../../../src/accounts/account.js';
import { DomainImages } from '../../../src/brand/images/domain-images.js';
import { NO_LOOK } from '../../../src/domains/domain-look.js';
import { NO_POLICY } from '../../../src/domains/domain-policy.js';
import type { Domain } from '../../../src/domains/domain.js';
import { DomainTransfer } from '../../../src/domains/claims/domain-transfer.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anAccount, aVerified, openRoom, type Room } from './support.js';

describe(DomainTransfer.name, () => {
  let database: TestDatabase;
  let room: Room;
  let transfers: DomainTransfer;
  let images: DomainImages;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    transfers = new DomainTransfer(database.dataSource);
    images = new DomainImages(database.dataSource, database.statements);
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

  describe('leaves with the former owner what it chose for the domain', () => {
    const CHOSEN = {
      brand: () => ({ product_name: 'Of the former owner' }),
      homepageEnabled: true,
      apiEnabled: true,
      policy: { isPassphraseRequired: true, ttlSecondsMax: 60, opensOnRegionHost: false },
    };
    const logoOf = async (account: Account, { extid }: Domain, colour: string) => {
      const file = await sharp({ create: { width: 9, height: 9, channels: 3, background: colour } })
        .png()
        .toBuffer();
      await images.put(account, extid, { kind: 'logo', file }, COMMAND_LINE);
      return images.get(account.id, extid, 'logo');
    };

    async function given() {
      const owner = await anAccount(database);
      const receiver = await anAccount(database);
      const domain = await aVerified(room, owner);
      await room.domains.configure(owner.id, domain.extid, CHOSEN);
      await logoOf(owner, domain, '#aa0000');
      return { domain, owner, receiver };
    }

    it('for a receiver without a claim: as at first', async () => {
      const { domain, owner, receiver } = await given();
      await transfers.transfer(domain, { accountId: receiver.id, domainsMax: 10 });
      const moved = await room.domains.get(receiver.id, domain.extid);
      expect(moved).toMatchObject({ homepageEnabled: false, apiEnabled: false, policy: NO_POLICY });
      expect(moved.look).toEqual(NO_LOOK);
      await expect(images.get(receiver.id, domain.extid, 'logo')).rejects.toThrow('not found');

      // Nor does it come back.
      await transfers.transfer(moved, { accountId: owner.id, domainsMax: 10 });
      const back = await room.domains.get(owner.id, domain.extid);
      expect([back.look, back.policy]).toEqual([NO_LOOK, NO_POLICY]);
    });

    it('for a receiver with a claim: what the receiver chose for that', async () => {
      const { domain, receiver } = await given();
      const own = await room.domains.claim(receiver, domain.hostname);
      const policy = { passphraseLengthMin: 20 };
      const brand = { product_name: 'Of the receiver' };
      const choices = { apiEnabled: true, policy, brand: () => brand };
      await room.domains.configure(receiver.id, own.extid, choices);
      const logo = await logoOf(receiver, own, '#00bb00');
      await transfers.transfer(domain, { accountId: receiver.id, domainsMax: 10 });
      expect(await room.domains.get(receiver.id, domain.extid)).toMatchObject({
        homepageEnabled: false,
        apiEnabled: true,
        policy: { ...NO_POLICY, ...policy },
        look: { brand, images: { logo: { width: 9 } } },
      });
      expect(await images.get(receiver.id, domain.extid, 'logo')).toEqual(logo);
    });
  });
});
