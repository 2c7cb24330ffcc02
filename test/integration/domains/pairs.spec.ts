import type { Account } from '../../../src/accounts/account.js';
import { PLANS } from '../../../src/accounts/plans.js';
import { Statements } from '../../../src/database/statements.js';
import { AllDomainsStore } from '../../../src/domains/claims/all-domains.store.js';
import type { Domain } from '../../../src/domains/domain.js';
import {
  FIND_SERVED,
  servedValues,
  type ServedRow,
} from '../../../src/domains/serving/served-domain.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aName, anAccount, certify, openRoom, type Room } from './support.js';

describe('an apex and its www', () => {
  let database: TestDatabase;
  let room: Room;
  let account: Account;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
  });
  beforeEach(async () => {
    account = await anAccount(database);
  });
  afterAll(() => database.close());

  /** `acme-123.test` */
  const anApex = () => aName().split('.').slice(-2).join('.');
  const claim = (name: string, isPair = false, owner = account) =>
    room.domains.claim(owner, name, undefined, { isPair });
  const all = async (owner = account): Promise<readonly Domain[]> =>
    (await room.domains.list(owner.id, { state: null, limit: 100, cursor: null })).domains;
  const named = async (name: string): Promise<Domain> => {
    const found = (await all()).find(({ hostname }) => hostname === name);
    if (found === undefined) throw new Error(`no claim to ${name}`);
    return found;
  };
  const prove = async (domain: Domain) => {
    room.dns.publishTxt(domain);
    await room.domains.verify(account.id, domain.extid);
    await certify(database, domain.hostname);
  };
  const redirectOf = async (name: string): Promise<string | null | undefined> => {
    const statements = new Statements(database.dataSource);
    const [row] = await statements.run<ServedRow & { readonly redirectsTo: Hostname | null }>(
      FIND_SERVED,
      servedValues(name as Hostname),
    );
    return row?.redirectsTo;
  };

  it.each([
    ['apex', (apex: string) => apex, (apex: string) => `www.${apex}`],
    ['www', (apex: string) => `www.${apex}`, (apex: string) => apex],
  ])('are claimed at once, by the %s', async (_, mainOf, secondOf) => {
    const apex = anApex();
    const main = await claim(mainOf(apex), true);
    const second = await named(secondOf(apex));
    expect(main).toMatchObject({ hostname: mainOf(apex), mainId: null });
    expect(second).toMatchObject({ mainId: main.id, ownership: 'pending' });
    expect(second.targetLabel).not.toBe(main.targetLabel);
    const { own: seen } = await room.domains.otherNames(account.id, [main, second]);
    expect(seen.get(main.hostname)).toMatchObject({ extid: second.extid, redirects: 'other' });
    expect(seen.get(second.hostname)).toMatchObject({ extid: main.extid, redirects: 'this' });
  });

  it('are no pair below the apex', async () => {
    const apex = anApex();
    for (const name of [`secrets.${apex}`, `www.secrets.${apex}`])
      await expect(claim(name, true)).rejects.toMatchObject({
        code: 'invalid_request',
        reason: 'PAIR_IMPOSSIBLE',
      });
    expect(await all()).toEqual([]);
  });

  it('count as two, and are both made or none', async () => {
    const apex = anApex();
    const { domainsMax } = await fill(1);
    await expect(claim(apex, true)).rejects.toMatchObject({ reason: 'DOMAIN_LIMIT' });
    expect(await all()).toHaveLength(domainsMax - 1);
  });

  it('become a pair when the main name is proven already, which stays so', async () => {
    const apex = anApex();
    const alone = await claim(apex);
    await prove(alone);
    const main = await claim(apex, true);
    expect(main).toMatchObject({ id: alone.id, ownership: 'verified' });
    expect(main.challengeValue).toBe(alone.challengeValue);
    expect(await named(`www.${apex}`)).toMatchObject({ mainId: main.id });
    await expect(claim(apex, true)).rejects.toMatchObject({ reason: 'DOMAIN_EXISTS' });
  });

  it('become a pair when the account has both', async () => {
    const apex = anApex();
    const second = await claim(`www.${apex}`);
    await prove(second);
    expect(await redirectOf(second.hostname)).toBeNull();
    const main = await claim(apex, true);
    expect(await named(second.hostname)).toMatchObject({ id: second.id, ownership: 'verified' });
    expect(await redirectOf(second.hostname)).toBe(main.hostname);
    await expect(claim(`www.${apex}`, true)).rejects.toMatchObject({ reason: 'PAIR_IMPOSSIBLE' });
  });

  it('are removed together with the main name, and the second one alone', async () => {
    const apex = anApex();
    const first = await claim(apex, true);
    const second = await named(`www.${apex}`);
    const alone = await room.domains.remove(account.id, second.extid);
    expect(alone.map(({ hostname }) => hostname)).toEqual([second.hostname]);
    expect((await all()).map(({ id }) => id)).toEqual([first.id]);

    await claim(apex, true);
    const both = await room.domains.remove(account.id, first.extid);
    expect(both.map(({ hostname }) => hostname).toSorted()).toEqual([apex, `www.${apex}`]);
    expect(await all()).toEqual([]);
  });

  it('are in conflict one by one', async () => {
    const apex = anApex();
    const holder = account;
    await prove(await claim(`www.${apex}`));
    account = await anAccount(database);
    expect(await claim(apex, true)).toMatchObject({ ownership: 'pending' });
    expect(await named(`www.${apex}`)).toMatchObject({ ownership: 'conflict' });
    expect(await redirectOf(`www.${apex}`)).toBeNull();
    expect(await all(holder)).toHaveLength(1);
  });

  it('need no second claim when another account serves the other name, but when the own one has ended', async () => {
    const [apex, holder] = [anApex(), await anAccount(database)];
    const main = await claim(apex);
    const isClaimed = async () => {
      const { own, claimed } = await room.domains.otherNames(account.id, [main]);
      const isForOperator = await new AllDomainsStore(database.dataSource).isPairClaimed(main);
      expect(claimed.has(main.hostname)).toBe(isForOperator);
      return { isOwn: own.has(main.hostname), isClaimed: isForOperator };
    };
    expect(await isClaimed()).toEqual({ isOwn: false, isClaimed: false });
    const others = await claim(`www.${apex}`, false, holder);
    expect(await isClaimed()).toEqual({ isOwn: false, isClaimed: false });
    room.dns.publishTxt(others);
    await room.domains.verify(holder.id, others.extid);
    expect(await isClaimed()).toEqual({ isOwn: false, isClaimed: true });
    await room.domains.remove(holder.id, others.extid);
    const own = await claim(`www.${apex}`);
    expect(await isClaimed()).toEqual({ isOwn: true, isClaimed: true });
    const end = `update domains set ownership = 'revoked' where id = $1`;
    await database.dataSource.query(end, [own.id]);
    expect(await isClaimed()).toEqual({ isOwn: true, isClaimed: false });
  });

  it('do not lock each other out when they are claimed, paired and removed at once', async () => {
    const apex = anApex();
    const owners = await Promise.all(Array.from({ length: 6 }, () => anAccount(database)));
    const results = await Promise.allSettled(
      owners.flatMap((owner, index) =>
        Array.from({ length: 4 }, async () => {
          const name = index % 2 === 0 ? apex : `www.${apex}`;
          const { extid } = await claim(name, true, owner);
          await room.domains.remove(owner.id, extid);
        }),
      ),
    );
    const reasons = results.flatMap((each) =>
      each.status === 'rejected' ? [each.reason as { code?: string }] : [],
    );
    // Of two removals of one claim the later finds nothing.
    expect(reasons.filter(({ code }) => code !== 'not_found')).toEqual([]);
    for (const owner of owners) expect(await all(owner)).toEqual([]);
  });

  /** Claims names until `left` more fit in. */
  async function fill(left: number): Promise<{ domainsMax: number }> {
    const { domainsMax } = PLANS[account.plan];
    for (let index = left; index < domainsMax; index += 1) await claim(aName());
    return { domainsMax };
  }
});
