import { COMMAND_LINE, type Actor } from '../../../src/accounts/activity/activity.js';
import type { Account } from '../../../src/accounts/account.js';
import { ClosingStore } from '../../../src/accounts/closing/closing.store.js';
import { NameBlocks } from '../../../src/domains/claims/name-blocks.js';
import { DomainTransfer } from '../../../src/domains/claims/domain-transfer.js';
import { TransferOffers } from '../../../src/domains/claims/transfer-offers.js';
import type { Domain } from '../../../src/domains/domain.js';
import { SetupLinks } from '../../../src/domains/claims/setup-links.js';
import { networkOf } from '../../../src/shared/network.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import {
  aName,
  anAccount,
  aVerified,
  certify,
  eventTypesOf,
  openRoom,
  settings,
  type Room,
} from './support.js';

let database: TestDatabase;
let room: Room;
let offers: TransferOffers;
let owner: Account;
let receiver: Account;
let domain: Domain;

beforeAll(async () => {
  database = await openTestDatabase();
  room = openRoom(database);
  offers = new TransferOffers(database.dataSource, settings);
});
afterAll(() => database.close());
beforeEach(async () => {
  owner = await anAccount(database);
  receiver = await anAccount(database);
  domain = await aVerified(room, owner);
});

const REFUSED = { code: 'invalid_request', field: 'code', reason: 'TRANSFER_CODE' };
const offered = async () => (await offers.offer(owner.id, domain.extid, COMMAND_LINE)).code;
const accept = (code: string, by = receiver) => offers.accept(by, code, COMMAND_LINE);
const ownerOf = async (): Promise<string[]> => {
  const rows = await database.dataSource.query<{ account_id: string }[]>(
    `select account_id from domains where hostname = $1 and removed_at is null and ownership = 'verified'`,
    [domain.hostname],
  );
  return rows.map(({ account_id: id }) => id);
};

describe('the code of a domain', () => {
  it('gives it to another account as it is, with its look and its certificate, and setup links end', async () => {
    const policy = { isPassphraseRequired: true, ttlSecondsMax: 60, opensOnRegionHost: false };
    const brand = { product_name: 'Of the name' };
    const chosen = { brand: () => brand, homepageEnabled: true, apiEnabled: true, policy };
    const before = await room.domains.configure(owner.id, domain.extid, chosen);
    await certify(database, domain.hostname);
    const links = new SetupLinks(database.dataSource);
    const { token } = await links.create(owner.id, domain.extid, COMMAND_LINE);
    const own = await room.domains.claim(receiver, domain.hostname);

    expect(await accept(await offered())).toBe(domain.extid);
    const { accountId, generation, updatedAt, ...moved } = await room.domains.get(
      receiver.id,
      domain.extid,
    );
    expect(before).toMatchObject(JSON.parse(JSON.stringify({ look: { brand }, policy })) as object);
    expect(accountId).toBe(receiver.id);
    expect(generation).toBeGreaterThan(before.generation);
    expect(before).toMatchObject(moved);
    expect(updatedAt.getTime()).toBeGreaterThanOrEqual(before.updatedAt.getTime());
    expect(await links.open(token)).toBeNull();
    await expect(room.domains.get(owner.id, domain.extid)).rejects.toThrow('not found');
    await expect(room.domains.get(receiver.id, own.extid)).rejects.toThrow('not found');
    const certificates = await database.dataSource.query<unknown[]>(
      'select 1 from certificates where hostname = $1 and superseded_at is null',
      [domain.hostname],
    );
    expect(certificates).toHaveLength(1);
  });

  it('is typed in either letter case, with or without what stands between its parts', async () => {
    const code = await offered();
    expect(code).toMatch(/^eu(?:-[0-9a-z]{4}){4}$/);
    expect(await accept(` ${code.toUpperCase().replaceAll('-', ' ')} `)).toBe(domain.extid);
    // The answer was lost: the receiver sends it again.
    expect(await accept(code.slice(3))).toBe(domain.extid);
    expect(await ownerOf()).toEqual([receiver.id]);
  });

  it('is stored as a hash, and is shown no more', async () => {
    const code = await offered();
    const rows = await database.dataSource.query<object[]>('select * from domain_transfers');
    for (const text of [code, code.slice(3), code.slice(3).replaceAll('-', '')])
      expect(JSON.stringify(rows)).not.toContain(text);
    const open = (await offers.openOf([domain.id])).get(domain.id);
    expect(open).toMatchObject({ state: 'offered' });
    const days = ((open?.expiresAt.getTime() ?? 0) - (open?.createdAt.getTime() ?? 0)) / 86_400_000;
    expect(days).toBeCloseTo(7, 5);
  });

  it.each<[string, (code: string) => Promise<unknown>]>([
    ['was cancelled', () => offers.cancel(owner.id, domain.extid, COMMAND_LINE)],
    ['is older than another of the domain', () => offered()],
    [
      'is older than seven days',
      () =>
        database.dataSource.query(
          'update domain_transfers set expires_at = now() where domain_id = $1',
          [domain.id],
        ),
    ],
    ['was used by another account', async (code) => accept(code, await anAccount(database))],
    ['is of a removed domain', () => room.domains.remove(owner.id, domain.extid)],
    [
      'was made before the operator moved the domain',
      async () => {
        const to = { accountId: (await anAccount(database)).id, domainsMax: 9 };
        await new DomainTransfer(database.dataSource).transfer(domain, to);
        await new DomainTransfer(database.dataSource).transfer(domain, {
          accountId: owner.id,
          domainsMax: 9,
        });
      },
    ],
    [
      'is of a claim that is proven no more',
      () =>
        database.dataSource.query(`update domains set ownership = 'revoked' where id = $1`, [
          domain.id,
        ]),
    ],
    [
      'is of a suspended account',
      () =>
        database.dataSource.query(`update accounts set state = 'suspended' where id = $1`, [
          owner.id,
        ]),
    ],
    [
      'is of an account that is being removed',
      () => new ClosingStore(database.dataSource).begin(owner.id, COMMAND_LINE),
    ],
  ])('gives nothing when it %s', async (_what, happens) => {
    const code = await offered();
    await happens(code);
    const before = await ownerOf();
    for (const tried of [code, 'eu-0000-0000-0000-0000', ''])
      await expect(accept(tried)).rejects.toMatchObject(REFUSED);
    expect(await ownerOf()).toEqual(before);
    expect(before).not.toContain(receiver.id);
  });

  it('gives a lapsed name as it is, and one whose owner has no plan any more', async () => {
    const code = await offered();
    const lapse = `update domains set ownership = 'lapsed', lapsed_at = now() - interval '2 days', plan_lapsed_at = now()
      where id = $1 returning lapsed_at`;
    const [[row]] = await database.dataSource.query<[{ lapsed_at: Date }[], number]>(lapse, [
      domain.id,
    ]);
    await database.dataSource.query(`update accounts set plan = 'basic' where id = $1`, [owner.id]);
    await accept(code);
    const given = await room.domains.get(receiver.id, domain.extid);
    expect(given).toMatchObject({
      ownership: 'lapsed',
      lapsedAt: row?.lapsed_at,
      planLapsedAt: null,
    });
  });

  it('gives a blocked name with its block', async () => {
    const code = await offered();
    await new NameBlocks(database.dataSource).block(domain.hostname, 'phishing');
    await accept(code);
    const given = await room.domains.get(receiver.id, domain.extid);
    expect(given).toMatchObject({ blockReason: 'phishing', blockedAt: expect.any(Date) });
  });

  it('is made for a proven domain of one’s own only', async () => {
    const claimed = await room.domains.claim(owner, aName());
    const made = offers.offer(owner.id, claimed.extid, COMMAND_LINE);
    await expect(made).rejects.toMatchObject({ reason: 'NOT_PROVEN' });
    const notFound = { code: 'not_found' };
    const { extid } = domain;
    await expect(offers.offer(receiver.id, extid, COMMAND_LINE)).rejects.toMatchObject(notFound);
    await expect(offers.cancel(receiver.id, extid, COMMAND_LINE)).rejects.toMatchObject(notFound);
    await expect(offers.cancel(owner.id, extid, COMMAND_LINE)).rejects.toMatchObject(notFound);
  });

  it('is not used up by its owner, nor by an account that may not have the domain', async () => {
    const code = await offered();
    await expect(accept(code, owner)).rejects.toMatchObject({ reason: 'TRANSFER_OWN' });
    const basic = await anAccount(database, 'basic');
    await expect(accept(code, basic)).rejects.toMatchObject({ code: 'plan_required' });
    const revoked: Actor = { ...COMMAND_LINE, tokenId: receiver.id as never };
    await expect(offers.accept(receiver, code, revoked)).rejects.toMatchObject({
      code: 'not_authorized',
    });
    expect(await ownerOf()).toEqual([owner.id]);
    expect(await accept(code)).toBe(domain.extid);
  });

  it('has one winner among many, and its domain one owner whatever else happens to it at once', async () => {
    const code = await offered();
    const rivals = await Promise.all(Array.from({ length: 6 }, () => anAccount(database)));
    const outcomes = await Promise.allSettled([
      ...rivals.map((rival) => accept(code, rival)),
      offers.offer(owner.id, domain.extid, COMMAND_LINE),
      room.domains.remove(owner.id, domain.extid),
      offers.cancel(owner.id, domain.extid, COMMAND_LINE),
    ]);
    const winners = rivals.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners.length).toBeLessThanOrEqual(1);
    const isRemoved = outcomes[rivals.length + 1]?.status === 'fulfilled';
    // The removal is of the giver's claim: it never takes the domain from the receiver.
    expect(isRemoved).toBe(winners.length === 0);
    expect(await ownerOf()).toEqual(winners.map(({ id }) => id));
    for (const outcome of outcomes.slice(0, rivals.length))
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(REFUSED);
  });

  it('is in the timeline, and in the activity of both without what the other is', async () => {
    const network = networkOf('203.0.113.9');
    const typist: Actor = { kind: 'token', name: 'of the receiver', tokenId: null, network };
    await offered();
    await offers.cancel(owner.id, domain.extid, COMMAND_LINE);
    await offers.accept(receiver, await offered(), typist);
    const moved = { ...domain, accountId: receiver.id };
    expect((await eventTypesOf(room, moved)).slice(-4)).toEqual([
      'transfer_offered',
      'transfer_cancelled',
      'transfer_offered',
      'transferred',
    ]);
    const linesOf = async (account: Account) =>
      database.dataSource.query<{ action: string; actor_name: string; network: string | null }[]>(
        'select action, actor_name, network from account_activity where account_id = $1 order by id desc limit 1',
        [account.id],
      );
    expect(await linesOf(owner)).toEqual([
      { action: 'domain.transferred', actor_name: 'transfer code', network: null },
    ]);
    expect(await linesOf(receiver)).toMatchObject([
      { action: 'domain.received', actor_name: 'of the receiver' },
    ]);
  });
});
