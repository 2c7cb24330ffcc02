import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { Account } from '../../../src/accounts/account.js';
import { PLANS } from '../../../src/accounts/plans.js';
import { NameBlocks } from '../../../src/domains/claims/name-blocks.js';
import { DomainTransfer } from '../../../src/domains/claims/domain-transfer.js';
import { TransferOffers } from '../../../src/domains/claims/transfer-offers.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { faultRun } from '../../faults/fault-run.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aName, anAccount, eventTypesOf, openRoom, settings, type Room } from './support.js';

let database: TestDatabase;
let room: Room;
let offers: TransferOffers;
let owner: Account;
let receiver: Account;
let apex: string;
let www: string;

beforeAll(async () => {
  database = await openTestDatabase();
  room = openRoom(database);
  offers = new TransferOffers(database.dataSource, settings);
});
afterAll(() => database.close());
beforeEach(async () => {
  owner = await anAccount(database);
  receiver = await anAccount(database);
  apex = anApex();
  www = `www.${apex}`;
});

const anApex = () => aName().split('.').slice(-2).join('.');
const claim = (by: Account, name: string, isPair = false) =>
  room.domains.claim(by, name, undefined, { isPair });
const namesOf = async (account: Account): Promise<readonly Domain[]> =>
  (await room.domains.list(account.id, { state: null, limit: 100, cursor: null })).domains;
const find = async (account: Account, name: string) =>
  (await namesOf(account)).find(({ hostname }) => hostname === name);
const named = async (account: Account, name: string): Promise<Domain> => {
  const found = await find(account, name);
  if (found === undefined) throw new Error(`no claim to ${name}`);
  return found;
};
const prove = async (by: Account, name: string): Promise<Domain> => {
  const { extid } = await named(by, name);
  room.dns.publishTxt(await named(by, name));
  return room.domains.verify(by.id, extid);
};
const claimed = async (by: Account, name: string): Promise<Domain> => {
  await claim(by, name);
  return prove(by, name);
};
/** `main` leads, the other name redirects; both are proven. */
const aPair = async (by = owner, main = apex): Promise<Domain> => {
  await claim(by, main, true);
  await prove(by, main === apex ? www : apex);
  return prove(by, main);
};
const codeOf = async ({ extid }: Domain, by = owner) =>
  (await offers.offer(by.id, extid, COMMAND_LINE)).code;
const accept = (code: string, by = receiver) => offers.accept(by, code, COMMAND_LINE);
const announced = async (hostname: string): Promise<number> => {
  const [row] = await database.dataSource.query<[{ count: number }]>(
    'select count(*)::int as count from domain_changes where hostname = $1',
    [hostname],
  );
  return row.count;
};

describe('a pair of names', () => {
  it.each([
    ['apex', () => [apex, www] as const],
    ['www', () => [www, apex] as const],
  ])('goes with the code of its main name, the %s, and every process is told', async (_, names) => {
    const [main, second] = names();
    const domain = await aPair(owner, main);
    const before = await named(owner, second);
    const changes = await announced(second);
    expect(await accept(await codeOf(domain))).toBe(domain.extid);
    expect(await namesOf(owner)).toEqual([]);
    expect(await named(receiver, main)).toMatchObject({ id: domain.id, mainId: null });
    const { challengeValue, targetLabel, id } = before;
    const given = await named(receiver, second);
    expect(given).toMatchObject({ id, mainId: domain.id, ownership: 'verified' });
    expect(given).toMatchObject({ challengeValue, targetLabel });
    expect(await announced(second)).toBeGreaterThan(changes);
    expect((await eventTypesOf(room, given)).at(-1)).toBe('transferred');
  });

  it('goes with the operator too', async () => {
    const domain = await aPair();
    const to = { accountId: receiver.id, domainsMax: 2 };
    await new DomainTransfer(database.dataSource).transfer(domain, to);
    expect(await named(receiver, www)).toMatchObject({ mainId: domain.id });
    expect(await namesOf(owner)).toEqual([]);
  });

  it('goes with a second name that is not proven yet, and its code ends', async () => {
    await claim(owner, apex, true);
    const domain = await prove(owner, apex);
    await accept(await codeOf(domain));
    expect(await named(receiver, www)).toMatchObject({ mainId: domain.id, ownership: 'pending' });
    const proven = await prove(receiver, www);
    const ofSecond = await codeOf(proven, receiver);
    await accept(await codeOf(domain, receiver), owner);
    const late = accept(ofSecond, await anAccount(database));
    await expect(late).rejects.toMatchObject({ reason: 'TRANSFER_CODE' });
  });

  it('needs two places in the plan of the receiver, and moves whole or not at all', async () => {
    const domain = await aPair();
    const { domainsMax } = PLANS[receiver.plan];
    for (let left = domainsMax; left > 1; left -= 1) await claim(receiver, aName());
    const code = await codeOf(domain);
    await expect(accept(code)).rejects.toMatchObject({ reason: 'DOMAIN_LIMIT' });
    expect(await namesOf(owner)).toHaveLength(2);
    const [last] = await namesOf(receiver);
    await room.domains.remove(receiver.id, last?.extid ?? '');
    expect(await accept(code)).toBe(domain.extid);
    expect(await named(receiver, www)).toMatchObject({ mainId: domain.id });
  });

  it('is parted when its second name is given alone: both serve by themselves', async () => {
    const domain = await aPair();
    const second = await named(owner, www);
    await accept(await codeOf(second));
    expect(await named(receiver, www)).toMatchObject({ id: second.id, mainId: null });
    expect(await namesOf(owner)).toMatchObject([{ id: domain.id, mainId: null }]);
  });

  it('replaces the claims that the receiver has to both names', async () => {
    const domain = await aPair();
    await claim(receiver, www, true);
    await accept(await codeOf(domain));
    expect(await namesOf(receiver)).toHaveLength(2);
    expect(await named(receiver, apex)).toMatchObject({ id: domain.id, mainId: null });
    expect(await named(receiver, www)).toMatchObject({ mainId: domain.id });
  });

  it('leaves a second name that the receiver has proven itself with the receiver', async () => {
    const held = await claimed(receiver, www);
    await claim(owner, apex, true);
    const domain = await prove(owner, apex);
    await accept(await codeOf(domain));
    expect(await named(receiver, apex)).toMatchObject({ id: domain.id, mainId: null });
    expect(await named(receiver, www)).toMatchObject({ id: held.id, mainId: null });
    expect(await named(owner, www)).toMatchObject({ mainId: null, ownership: 'conflict' });
  });

  it.each([
    ['main', () => [apex, www] as const],
    ['second', () => [www, apex] as const],
  ])('is what the receiver has made of the name: it stays the %s one', async (role, names) => {
    const [given, other] = names();
    const domain = await claimed(owner, given);
    await claim(receiver, apex, true);
    await accept(await codeOf(domain));
    const [main, second] = role === 'main' ? [given, other] : [other, given];
    const { id } = await named(receiver, main);
    expect(await named(receiver, second)).toMatchObject({ mainId: id });
    expect(await named(receiver, main)).toMatchObject({ mainId: null });
  });

  it('stays whole while its second name moves to another region', async () => {
    const domain = await aPair();
    const second = await named(owner, www);
    const code = await codeOf(domain);
    const insert = `insert into domain_moves (id, direction, domain_id, region, state, expires_at)
      values (gen_random_uuid(), 'out', $1, 'us', 'open', now() + interval '1 day')`;
    await database.dataSource.query(insert, [second.id]);
    for (const refused of [accept(code), codeOf(domain)])
      await expect(refused).rejects.toMatchObject({ reason: 'MOVE_OPEN' });
    expect(await namesOf(owner)).toHaveLength(2);
    // To another region each name moves by itself.
    const moving = offers.offer(owner.id, domain.extid, COMMAND_LINE, 'us' as never);
    await expect(moving).resolves.toMatchObject({ offer: { region: 'us' } });
  });
});

describe('what happens to the two names of a pair at once', () => {
  /** What a caller may be told. */
  const EXPECTED = new Set([
    'not_found',
    'TRANSFER_CODE',
    'TRANSFER_OWN',
    'DOMAIN_EXISTS',
    'DOMAIN_LIMIT',
    'PAIR_IMPOSSIBLE',
    'NOT_PROVEN',
  ]);
  const ROUNDS = faultRun().isLong ? 300 : 20;

  it('never locks up, whichever two and in whichever order, and leaves one owner of each', async () => {
    const unexpected: unknown[] = [];
    const blocks = new NameBlocks(database.dataSource);
    for (let round = 0; round < ROUNDS; round += 1) {
      apex = anApex();
      www = `www.${apex}`;
      [owner, receiver] = [await anAccount(database), await anAccount(database)];
      const main = round % 2 === 0 ? apex : www;
      const second = main === apex ? www : apex;
      const domain = await aPair(owner, main);
      const other = await named(owner, second);
      await claim(receiver, second, round % 3 === 0);
      const codes = [await codeOf(domain), await codeOf(other)] as const;
      const outcomes = await Promise.allSettled([
        accept(codes[0]),
        accept(codes[1]),
        accept(codes[0]),
        claim(owner, main, true),
        claim(receiver, second, true),
        claim(owner, second),
        room.domains.remove(owner.id, domain.extid),
        room.domains.remove(owner.id, other.extid),
        offers.offer(owner.id, other.extid, COMMAND_LINE),
        offers.cancel(owner.id, domain.extid, COMMAND_LINE),
        room.domains.verify(owner.id, other.extid),
        room.domains.configure(owner.id, other.extid, { apiEnabled: true }),
        blocks.block(main as Hostname, 'phishing'),
        blocks.unblock(second as Hostname),
        new DomainTransfer(database.dataSource).transfer(domain, {
          accountId: receiver.id,
          domainsMax: 9,
        }),
      ]);
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue;
        const { reason, code } = outcome.reason as { reason?: string; code?: string };
        if (!EXPECTED.has(reason ?? '') && !EXPECTED.has(code ?? ''))
          unexpected.push(outcome.reason);
      }
      for (const account of [owner, receiver])
        for (const { mainId } of await namesOf(account))
          if (mainId !== null)
            expect((await namesOf(account)).map(({ id }) => id)).toContain(mainId);
    }
    expect(unexpected).toEqual([]);
  });
});
