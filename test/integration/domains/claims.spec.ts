import { GATEWAY } from '../../../src/accounts/activity/activity.js';
import { until } from '../../support/until.js';
import {
  asAnotherProcess,
  openTestDatabase,
  type TestDatabase,
} from '../../support/test-database.js';
import { aName, anAccount, aVerified, openRoom, eventTypesOf, type Room } from './support.js';

describe('claims to a name', () => {
  let database: TestDatabase;
  let room: Room;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
  });

  afterAll(() => database.close());

  it('can exist for several accounts, each with records of its own', async () => {
    const name = aName();
    const accounts = await Promise.all([anAccount(database), anAccount(database)]);
    const [one, other] = await Promise.all(accounts.map((each) => room.domains.claim(each, name)));
    expect(one).toMatchObject({ ownership: 'pending', hostname: name });
    expect(other).toMatchObject({ ownership: 'pending', hostname: name });
    expect(one?.extid).toMatch(/^cd[0-9a-z]{18}$/);
    expect(one?.targetLabel).toMatch(/^[0-9a-z]{16}$/);
    expect(one?.challengeLabel).toMatch(/^[0-9a-z]{7}$/);
    expect(one?.challengeValue).toMatch(/^[0-9a-f]{32}$/);
    for (const key of ['extid', 'targetLabel', 'challengeLabel', 'challengeValue'] as const)
      expect(one?.[key]).not.toBe(other?.[key]);
    const days = Number(one?.challengeExpiresAt) - Number(one?.createdAt);
    expect(days).toBe(30 * 86_400_000);
  });

  it('are one claim in any spelling, and claiming again rotates its challenge', async () => {
    const account = await anAccount(database);
    const first = await room.domains.claim(account, 'geheim.bücher.test');
    room.dns.publishTxt(first);
    const again = await room.domains.claim(account, 'GEHEIM.XN--BCHER-KVA.Test.');
    expect(again.extid).toBe(first.extid);
    expect(again.targetLabel).toBe(first.targetLabel);
    expect(again.challengeValue).not.toBe(first.challengeValue);
    expect(again.displayName).toBe('geheim.bücher.test');

    const verified = await room.domains.verify(account.id, first.extid);
    expect(verified.ownership).toBe('pending');
    expect(await eventTypesOf(room, first)).toEqual([
      'claimed',
      'challenge_rotated',
      'not_pointed',
    ]);
  });

  it('are proven by exactly one of several accounts at once', async () => {
    const name = aName();
    const accounts = await Promise.all(Array.from({ length: 8 }, () => anAccount(database)));
    const claims = await Promise.all(accounts.map((each) => room.domains.claim(each, name)));
    for (const claim of claims) room.dns.publishTxt(claim);
    const states = await Promise.all(
      claims.map(async ({ accountId, extid }) => {
        const { ownership } = await room.domains.verify(accountId, extid);
        return ownership;
      }),
    );
    expect(states.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'conflict'), 'verified']);
  });

  it('are in conflict with a proven claim, do not reveal it, and are not proven by records', async () => {
    const [holder, other] = await Promise.all([anAccount(database), anAccount(database)]);
    const held = await aVerified(room, holder);
    const claim = await room.domains.claim(other, held.hostname);
    expect(claim.ownership).toBe('conflict');

    room.dns.publishTxt(claim);
    const proven = await room.domains.verify(other.id, claim.extid);
    expect(proven.ownership).toBe('conflict');
    const page = await room.domains.events(other.id, claim.extid, { limit: 100, cursor: null });
    const facts = room.domains.facts(proven);
    const told = JSON.stringify([proven, page, facts]);
    // The CNAME record is public, its account is not.
    for (const secret of [holder.id, held.extid, held.id, held.challengeValue])
      expect(told).not.toContain(secret);
    expect(facts.conflict).toBe(true);
    expect((await room.domains.verify(holder.id, held.extid)).ownership).toBe('verified');
  });

  it('are not proven by the records of a removed claim', async () => {
    const account = await anAccount(database);
    const old = await aVerified(room, account);
    await room.domains.remove(account.id, old.extid);
    const claim = await room.domains.claim(account, old.hostname);
    expect(claim.extid).not.toBe(old.extid);
    expect((await room.domains.verify(account.id, claim.extid)).ownership).toBe('pending');
    // The same account is not in quarantine: one record is enough.
    room.dns.publishTxt(claim);
    expect((await room.domains.verify(account.id, claim.extid)).ownership).toBe('verified');
  });

  it('end unproven after 30 days and are renewed by claiming again', async () => {
    const account = await anAccount(database);
    const claim = await room.domains.claim(account, aName());
    room.dns.publishTxt(claim);
    await database.dataSource.query(
      'update domains set challenge_expires_at = now() where extid = $1',
      [claim.extid],
    );
    const expired = await room.domains.verify(account.id, claim.extid);
    expect(expired).toMatchObject({ ownership: 'revoked', nextCheckAt: null });

    const again = await room.domains.claim(account, claim.hostname);
    expect(again).toMatchObject({ extid: claim.extid, ownership: 'pending' });
    expect(again.targetLabel).not.toBe(claim.targetLabel);
    expect((await room.domains.verify(account.id, claim.extid)).ownership).toBe('pending');
    room.dns.publishTxt(again);
    expect((await room.domains.verify(account.id, claim.extid)).ownership).toBe('verified');
  });

  it('are limited by the plan, even when made concurrently', async () => {
    const basic = await anAccount(database, 'basic');
    await expect(room.domains.claim(basic, aName())).rejects.toMatchObject({
      code: 'plan_required',
    });

    const { id: accountId } = await anAccount(database);
    // In two processes.
    const rooms = [room, openRoom(database)];
    const attempts = await Promise.allSettled(
      Array.from({ length: 6 }, (_, index) => {
        const { claims } = rooms[index % 2]!;
        const name = claims.parse(aName());
        return claims.claim({ accountId, name, domainsMax: 3, actor: GATEWAY });
      }),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    for (const attempt of attempts)
      if (attempt.status === 'rejected')
        expect(attempt.reason).toMatchObject({ code: 'invalid_request', reason: 'DOMAIN_LIMIT' });
  });

  it('of one account hold no connection each while they wait for each other', async () => {
    const [waiting, other] = [await anAccount(database), await anAccount(database)];
    await database.dataSource.transaction(async (manager) => {
      // As another process does during a claim of the account.
      await manager.query(
        "select pg_advisory_xact_lock(hashtextextended('domains of ' || $1, 0))",
        [waiting.id],
      );
      // More than the pool has connections.
      const held = asAnotherProcess(() =>
        Array.from({ length: 15 }, () => room.domains.claim(waiting, aName())),
      );
      void Promise.allSettled(held);
      await until('the first of them', async () => {
        const [row] = await manager.query<{ count: number }[]>(
          `select count(*)::int as count from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock'`,
        );
        return row?.count === 1;
      });
      const free = asAnotherProcess(() => room.domains.claim(other, aName()));
      expect(await free).toMatchObject({ ownership: 'pending' });
    });
    await until('the others', async () => {
      const { count } = await room.domains.list(waiting.id, {
        state: null,
        limit: 1,
        cursor: null,
      });
      return count === 15;
    });
  });

  it('are refused with a reason for a reserved name or a proven claim', async () => {
    const account = await anAccount(database);
    await expect(room.domains.claim(account, 'eu.onetime.localhost')).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'domain',
      reason: 'RESERVED_NAME',
    });
    const own = await aVerified(room, account);
    await expect(room.domains.claim(account, own.hostname)).rejects.toMatchObject({
      code: 'invalid_request',
      reason: 'DOMAIN_EXISTS',
    });
  });

  it('of another account are not found, like unknown ids', async () => {
    const [owner, stranger] = await Promise.all([anAccount(database), anAccount(database)]);
    const { extid } = await room.domains.claim(owner, aName());
    const notFound = { code: 'not_found', message: 'Domain not found' };
    for (const id of [extid, 'cd000000000000000000']) {
      const page = { limit: 1, cursor: null };
      await expect(room.domains.get(stranger.id, id)).rejects.toMatchObject(notFound);
      await expect(room.domains.verify(stranger.id, id)).rejects.toMatchObject(notFound);
      await expect(room.domains.remove(stranger.id, id)).rejects.toMatchObject(notFound);
      await expect(room.domains.events(stranger.id, id, page)).rejects.toMatchObject(notFound);
      await expect(
        room.domains.configure(stranger.id, id, { apiEnabled: true }),
      ).rejects.toMatchObject(notFound);
    }
  });

  it('are not stored by a dry run', async () => {
    const account = await anAccount(database);
    const { domain, facts } = await room.domains.dryRun(account, 'secrets.dry-run.test');
    expect(facts.expected.challengeValue).toBe(domain.challengeValue);
    const [row] = await database.dataSource.query<{ count: number }[]>(
      `select count(*)::int as count from domains where hostname = 'secrets.dry-run.test'`,
    );
    expect(row?.count).toBe(0);
  });

  it('are listed page by page, newest first, each once', async () => {
    const account = await anAccount(database);
    const made: string[] = [];
    for (let i = 0; i < 5; i += 1) made.push((await room.domains.claim(account, aName())).extid);
    // Equal times: the order is by id as well.
    await database.dataSource.query(
      'update domains set created_at = now() where account_id = $1 and extid <> $2',
      [account.id, made[0]],
    );
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await room.domains.list(account.id, { state: null, limit: 2, cursor });
      expect(page.count).toBe(5);
      seen.push(...page.domains.map(({ extid }) => extid));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(seen.at(-1)).toBe(made[0]);

    const verified = await room.domains.list(account.id, {
      state: 'verified',
      limit: 2,
      cursor: null,
    });
    expect(verified.domains).toEqual([]);
    for (const bad of ['x', '', Buffer.from('["2026-99-99 00:00:00+00",1]').toString('base64url')])
      await expect(
        room.domains.list(account.id, { state: null, limit: 2, cursor: bad }),
      ).rejects.toMatchObject({ code: 'invalid_request', field: 'cursor' });
  });
});
