import type { Account } from '../../../src/accounts/account.js';
import type { Domain } from '../../../src/domains/domain.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import {
  anAccount,
  aName,
  aVerified,
  FakeDns,
  openRoom,
  eventTypesOf,
  type Room,
} from './support.js';

describe('a check of a claim', () => {
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
    // No claim of an earlier test is due.
    return database.dataSource.query('update domains set next_check_at = null');
  });

  function makeDue(...domains: readonly Domain[]): Promise<unknown> {
    return database.dataSource.query(
      'update domains set next_check_at = now() where id = any($1)',
      [domains.map(({ id }) => id)],
    );
  }

  /** Moves the first missed check and the lapse into the past. */
  function age(domain: Domain, interval: string): Promise<unknown> {
    return database.dataSource.query(
      `update domains set proof_missing_since = proof_missing_since - $2::interval,
         lapsed_at = lapsed_at - $2::interval where id = $1`,
      [domain.id, interval],
    );
  }

  async function checkAfter(domain: Domain, interval: string): Promise<Domain> {
    await age(domain, interval);
    await makeDue(domain);
    await room.checks.round();
    return room.domains.get(domain.accountId, domain.extid);
  }

  it('warns, lapses the claim after a week without proof, and ends it after 30 more days', async () => {
    const domain = await aVerified(room, account);
    room.dns.clear(domain.hostname);
    let now = domain;
    for (let day = 0; day < 7; day += 1) {
      now = await checkAfter(domain, day === 0 ? '0' : '1 day');
      expect(now.ownership).toBe('verified');
    }
    now = await checkAfter(domain, '1 day');
    expect(now.ownership).toBe('lapsed');
    now = await checkAfter(domain, '29 days');
    expect(now.ownership).toBe('lapsed');
    now = await checkAfter(domain, '1 day');
    expect(now).toMatchObject({ ownership: 'revoked', nextCheckAt: null });
    const types = await eventTypesOf(room, domain);
    expect(types.filter((type) => type !== 'pointed' && type !== 'not_pointed')).toEqual([
      'claimed',
      'verified',
      'proof_missing',
      'proof_missing',
      'proof_missing',
      'lapsed',
      'lost',
    ]);
  });

  it('never counts a failed lookup as an absent proof', async () => {
    const domain = await aVerified(room, account);
    room.dns.clear(domain.hostname);
    await checkAfter(domain, '0');
    room.dns.isSilent = true;
    for (let check = 0; check < 10; check += 1) await checkAfter(domain, '10 days');
    const now = await room.domains.get(account.id, domain.extid);
    expect(now).toMatchObject({ ownership: 'verified', routing: 'not_pointed', proofMisses: 1 });
    expect(now.facts?.txt.status).toBe('timeout');

    room.dns.isSilent = false;
    room.dns.publishTxt(domain);
    expect(await checkAfter(domain, '0')).toMatchObject({
      ownership: 'verified',
      proofMissingSince: null,
    });
  });

  it('is done once per claim by one of several processes', async () => {
    const dns = new FakeDns();
    const processes = Array.from({ length: 4 }, () => openRoom(database, { dns }));
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

  it('is repeated by another process when the lease of the first one ends', async () => {
    const claim = await room.domains.claim(account, aName());
    await makeDue(claim);
    const stuck = openRoom(database);
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

  it('is discarded when a later check has finished first', async () => {
    const claim = await room.domains.claim(account, aName());
    await makeDue(claim);
    const slow = openRoom(database);
    const { promise, resolve: open } = Promise.withResolvers<void>();
    slow.dns.gate = promise;
    const round = slow.checks.round();
    await until('the slow check', () => slow.dns.observations === 1);

    room.dns.publishTxt(claim);
    room.dns.publishCname(claim);
    const verified = await room.domains.verify(account.id, claim.extid);
    expect(verified).toMatchObject({ ownership: 'verified', routing: 'pointed' });
    open();
    await round;
    expect(await room.domains.get(account.id, claim.extid)).toEqual(verified);
  });

  it('can be requested ten times a minute over all processes', async () => {
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

  it('stores text that jsonb does not accept, with replacement characters', async () => {
    const claim = await room.domains.claim(account, aName());
    room.dns.publishTxt(claim, 'a\0b', '\ud800', '\\u0000', claim.challengeValue);
    const { facts, ownership } = await room.domains.verify(account.id, claim.extid);
    expect(ownership).toBe('verified');
    expect(facts?.txt).toMatchObject({
      values: ['a\ufffdb', '\ufffd', '\\u0000', claim.challengeValue],
    });
  });

  it('writes claim, events and announcement in one transaction', async () => {
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
    // The announcement is written last.
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

describe('a change of an account', () => {
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
  });

  afterAll(() => database.close());

  it('starts or ends the grace period of its domains when it changes the plan', async () => {
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
    expect((await eventTypesOf(room, domain)).slice(-2)).toEqual(['plan_lapsed', 'plan_restored']);
  });

  it('releases its domains, in quarantine, when it removes the account', async () => {
    const account = await anAccount(database);
    const domain = await aVerified(room, account);
    await database.dataSource.query('delete from accounts where id = $1', [account.id]);
    const rival = await anAccount(database);
    expect((await room.domains.claim(rival, domain.hostname)).ownership).toBe('conflict');
    await room.accountChanges.round();
    const claim = await room.domains.claim(rival, domain.hostname);
    expect(claim).toMatchObject({ ownership: 'pending', needsCnameProof: true });
  });

  it('configures a domain with one event per actual change', async () => {
    const account = await anAccount(database);
    const { extid } = await room.domains.claim(account, aName());
    await room.domains.configure(account.id, extid, { apiEnabled: true });
    const domain = await room.domains.configure(account.id, extid, { apiEnabled: true });
    expect(domain).toMatchObject({ apiEnabled: true, homepageEnabled: false, generation: 2 });
    expect(await eventTypesOf(room, domain)).toEqual(['claimed', 'configured']);
  });
});
