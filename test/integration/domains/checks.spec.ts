import type { Account } from '../../../src/accounts/account.js';
import type { Domain } from '../../../src/domains/domain.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { anAccount, aName, aVerified, FakeDns, openRoom, storyOf, type Room } from './support.js';

describe('looking at a claim', () => {
  let database: TestDatabase;
  let room: Room;
  let account: Account;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    account = await anAccount(database);
  });

  afterAll(() => database.close());

  beforeEach(() => {
    room.dns.isSilent = false;
    // Nothing of an earlier test is due.
    return database.dataSource.query('update domains set next_check_at = null');
  });

  function makeDue(...domains: readonly Domain[]): Promise<unknown> {
    return database.dataSource.query(
      'update domains set next_check_at = now() where id = any($1)',
      [domains.map(({ id }) => id)],
    );
  }

  /** As if so much time had passed since the proof was first missed, or lapsed. */
  function age(domain: Domain, interval: string): Promise<unknown> {
    return database.dataSource.query(
      `update domains set proof_missing_since = proof_missing_since - $2::interval,
         lapsed_at = lapsed_at - $2::interval where id = $1`,
      [domain.id, interval],
    );
  }

  async function lookAfter(domain: Domain, interval: string): Promise<Domain> {
    await age(domain, interval);
    await makeDue(domain);
    await room.checks.round();
    return room.domains.get(domain.accountId, domain.extid);
  }

  it('warns before it lets a proof lapse after a week, and ends the claim after 30 more days', async () => {
    const domain = await aVerified(room, account);
    room.dns.clear(domain.hostname);
    let now = domain;
    for (let day = 0; day < 7; day += 1) {
      now = await lookAfter(domain, day === 0 ? '0' : '1 day');
      expect(now.ownership).toBe('verified');
    }
    now = await lookAfter(domain, '1 day');
    expect(now.ownership).toBe('lapsed');
    now = await lookAfter(domain, '29 days');
    expect(now.ownership).toBe('lapsed');
    now = await lookAfter(domain, '1 day');
    expect(now).toMatchObject({ ownership: 'revoked', nextCheckAt: null });
    const story = await storyOf(room, domain);
    expect(story.filter((type) => type !== 'pointed' && type !== 'not_pointed')).toEqual([
      'claimed',
      'verified',
      'proof_missing',
      'proof_missing',
      'proof_missing',
      'lapsed',
      'lost',
    ]);
  });

  it('never takes silence for absence', async () => {
    const domain = await aVerified(room, account);
    room.dns.clear(domain.hostname);
    await lookAfter(domain, '0');
    room.dns.isSilent = true;
    for (let look = 0; look < 10; look += 1) await lookAfter(domain, '10 days');
    const now = await room.domains.get(account.id, domain.extid);
    expect(now).toMatchObject({ ownership: 'verified', routing: 'not_pointed', proofMisses: 1 });
    expect(now.facts?.txt.status).toBe('timeout');

    room.dns.isSilent = false;
    room.dns.publishTxt(domain);
    expect(await lookAfter(domain, '0')).toMatchObject({
      ownership: 'verified',
      proofMissingSince: null,
    });
  });

  it('is done by one of several processes, each claim once', async () => {
    const dns = new FakeDns();
    const processes = Array.from({ length: 4 }, () => openRoom(database, dns));
    const claims: Domain[] = [];
    for (let i = 0; i < 40; i += 1) claims.push(await room.domains.claim(account, aName()));
    await makeDue(...claims);
    await Promise.all(
      processes.map(async ({ checks }) => {
        while (await checks.round());
      }),
    );
    while (await room.checks.round());
    expect(dns.observations + room.dns.observations).toBeGreaterThanOrEqual(40);
    expect(dns.observations).toBe(40);
    const [row] = await database.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from domains
       where id = any($1) and checked_at is not null and next_check_at > now() and lease_owner is null`,
      [claims.map(({ id }) => id)],
    );
    expect(row?.count).toBe(40);
  });

  it('is done again by another process when the first one died', async () => {
    const claim = await room.domains.claim(account, aName());
    await makeDue(claim);
    const stuck = openRoom(database, new FakeDns());
    stuck.dns.gate = new Promise(() => {});
    void stuck.checks.round();
    await until('the lease', () => stuck.dns.observations === 1);

    const before = room.dns.observations;
    await room.checks.round();
    expect(room.dns.observations).toBe(before);
    await database.dataSource.query('update domains set leased_until = now() where id = $1', [
      claim.id,
    ]);
    await room.checks.round();
    expect(room.dns.observations).toBe(before + 1);
  });

  it('counts for nothing when a later look has overtaken it', async () => {
    const claim = await room.domains.claim(account, aName());
    await makeDue(claim);
    const slow = openRoom(database, new FakeDns());
    const { promise, resolve: open } = Promise.withResolvers<void>();
    slow.dns.gate = promise;
    const round = slow.checks.round();
    await until('the slow look', () => slow.dns.observations === 1);

    room.dns.publishTxt(claim);
    room.dns.publishCname(claim);
    const verified = await room.domains.verify(account.id, claim.extid);
    expect(verified).toMatchObject({ ownership: 'verified', routing: 'pointed' });
    open();
    await round;
    expect(await room.domains.get(account.id, claim.extid)).toEqual(verified);
  });

  it('can be asked for ten times a minute, whichever process is asked', async () => {
    const other = openRoom(database);
    const { extid } = await room.domains.claim(account, aName());
    const attempts = await Promise.allSettled(
      Array.from({ length: 14 }, (_, i) =>
        (i % 2 === 0 ? room : other).domains.verify(account.id, extid),
      ),
    );
    const refused = attempts.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(4);
    for (const error of refused)
      expect(error).toMatchObject({ code: 'rate_limited', retryAfterSeconds: expect.any(Number) });

    await database.dataSource.query(
      `update domains set verify_window_at = verify_window_at - interval '1 minute' where extid = $1`,
      [extid],
    );
    await expect(room.domains.verify(account.id, extid)).resolves.toMatchObject({ extid });
  });

  it('stores what a hostile name server sends', async () => {
    const claim = await room.domains.claim(account, aName());
    room.dns.publishTxt(claim, 'a\0b', '\ud800', '\\u0000', claim.challengeValue);
    const { facts, ownership } = await room.domains.verify(account.id, claim.extid);
    expect(ownership).toBe('verified');
    expect(facts?.txt).toMatchObject({
      values: ['a\ufffdb', '\ufffd', '\\u0000', claim.challengeValue],
    });
  });

  it('changes claim, timeline and announcement together or not at all', async () => {
    const claim = await room.domains.claim(account, aName());
    room.dns.publishTxt(claim);
    const traces = async (): Promise<unknown> =>
      database.dataSource.query(
        `select ownership, checked_at,
           (select count(*)::int from domain_events e where e.domain_id = d.id) as events,
           (select count(*)::int from domain_changes c where c.hostname = d.hostname) as changes
         from domains d where id = $1`,
        [claim.id],
      );
    const before = await traces();
    // The announcement is the last thing to be written.
    await database.dataSource.query(`
      create function fail() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger fail before insert on domain_changes for each row execute function fail()`);
    await expect(room.domains.verify(account.id, claim.extid)).rejects.toThrow('no');
    await database.dataSource.query('drop function fail cascade');
    expect(await traces()).toEqual(before);

    await room.domains.verify(account.id, claim.extid);
    expect(await traces()).toMatchObject([{ ownership: 'verified', events: 3, changes: 1 }]);
  });
});

describe('what an account does to its domains', () => {
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
  });

  afterAll(() => database.close());

  it('changing the plan starts and ends the time that they have left', async () => {
    const account = await anAccount(database);
    const domain = await aVerified(room, account);
    const setPlan = async (plan: string): Promise<Domain> => {
      await database.dataSource.query('update accounts set plan = $2 where id = $1', [
        account.id,
        plan,
      ]);
      await Promise.all([room.accountChanges.round(), openRoom(database).accountChanges.round()]);
      return room.domains.get(account.id, domain.extid);
    };
    expect((await setPlan('basic')).planLapsedAt).toEqual(expect.any(Date));
    expect((await setPlan('identity_plus')).planLapsedAt).toBeNull();
    expect((await storyOf(room, domain)).slice(-2)).toEqual(['plan_lapsed', 'plan_restored']);
  });

  it('going releases them, with what that means for others', async () => {
    const account = await anAccount(database);
    const domain = await aVerified(room, account);
    await database.dataSource.query('delete from accounts where id = $1', [account.id]);
    const rival = await anAccount(database);
    expect((await room.domains.claim(rival, domain.hostname)).ownership).toBe('conflict');
    await room.accountChanges.round();
    const claim = await room.domains.claim(rival, domain.hostname);
    expect(claim).toMatchObject({ ownership: 'pending', needsCnameProof: true });
  });

  it('switching them is on the timeline, once', async () => {
    const account = await anAccount(database);
    const { extid } = await room.domains.claim(account, aName());
    await room.domains.configure(account.id, extid, { apiEnabled: true });
    const domain = await room.domains.configure(account.id, extid, { apiEnabled: true });
    expect(domain).toMatchObject({ apiEnabled: true, homepageEnabled: false, generation: 2 });
    expect(await storyOf(room, domain)).toEqual(['claimed', 'configured']);
  });
});
