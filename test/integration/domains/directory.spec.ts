import { NO_LOOK } from '../../../src/domains/domain-look.js';
import { NO_POLICY } from '../../../src/domains/domain-policy.js';
import type { Account } from '../../../src/accounts/account.js';
import { ChangeFeed, type ChangeListener } from '../../../src/database/change-feed.js';
import { connectDatabase } from '../../../src/database/connect.js';
import { poolOf, Statements, type Statement } from '../../../src/database/statements.js';
import { DomainDirectory } from '../../../src/domains/serving/domain-directory.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { ServedDomain } from '../../../src/domains/serving/served-domain.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { onBehalfOf } from '../../../src/shared/requester.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { until } from '../../support/until.js';
import { anAccount, aName, aVerified, certify, openRoom, type Room } from './support.js';

/** Counts the queries and delays their answers until `gate` resolves. */
class WatchedStatements extends Statements {
  queries = 0;
  gate: Promise<void> = Promise.resolve();

  override async run<Row extends object>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<Row[]> {
    if (statement.name === 'domain-served') this.queries += 1;
    const rows = await super.run<Row>(statement, values);
    await this.gate;
    return rows;
  }
}

class FakeFeed {
  readonly listeners: ChangeListener[] = [];

  on(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  tell(hostname: Hostname | null): void {
    for (const listener of this.listeners) listener(hostname);
  }
}

describe(DomainDirectory, () => {
  let database: TestDatabase;
  let room: Room;
  let account: Account;
  let statements: WatchedStatements;
  let feed: FakeFeed;
  let directory: DomainDirectory;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    account = await anAccount(database);
  });

  afterAll(() => database.close());

  beforeEach(() => {
    statements = new WatchedStatements(database.dataSource);
    feed = new FakeFeed();
    directory = new DomainDirectory(statements, feed as unknown as ChangeFeed);
  });

  async function aServed(owner = account): Promise<Domain> {
    const domain = await aVerified(room, owner);
    await certify(database, domain.hostname);
    return domain;
  }

  function query(sql: string, domain: Domain): Promise<unknown> {
    return database.dataSource.query(sql, [domain.id]);
  }

  it('finds the domain of a serving name, from the second time on without a query', async () => {
    const domain = await aServed();
    const served = await directory.find(domain.hostname);
    expect(served).toEqual({
      domainId: domain.id,
      hostname: domain.hostname,
      ownerId: account.id,
      apiEnabled: false,
      homepageEnabled: false,
      policy: NO_POLICY,
      look: NO_LOOK,
      lookDomainId: domain.id,
      ownerPlan: 'identity_plus',
      pointedAt: domain.pointedAt,
      redirectsTo: null,
    });
    expect(directory.isKnown(domain.hostname)).toBe(true);
    expect(directory.find(domain.hostname)).toBe(served);
    expect(statements.queries).toBe(1);
  });

  it('hands on the certificate of each serving name that it reads', async () => {
    const read: unknown[] = [];
    directory.onCertificate((hostname, certificate) => read.push({ hostname, ...certificate }));
    const { hostname } = await aServed();
    await directory.find(requireHostname('nobody-at-all.example.test'));
    await directory.find(hostname);
    await directory.find(hostname);
    const [stored] = await database.dataSource.query<object[]>(
      `select hostname, version, chain_pem as "chainPem", sealed_private_key as sealed,
         key_version as "keyVersion", not_after as "notAfter"
       from certificates where hostname = $1`,
      [hostname],
    );
    expect(read).toEqual([stored]);
  });

  it('makes one query for fifty concurrent lookups of a name that does not serve', async () => {
    const name = requireHostname('nobody.example.test');
    expect(directory.isKnown(name)).toBe(false);
    const answers = await Promise.all(Array.from({ length: 50 }, async () => directory.find(name)));
    expect(new Set(answers)).toEqual(new Set([null]));
    expect(directory.find(name)).toBeNull();
    expect(directory.isKnown(name)).toBe(true);
    expect(statements.queries).toBe(1);
  });

  it('evicts no serving name for names that do not serve', async () => {
    directory = new DomainDirectory(statements, feed as unknown as ChangeFeed, {
      servedMax: 10,
      unservedMax: 10,
    });
    const domain = await aServed();
    const served = await directory.find(domain.hostname);
    for (let i = 0; i < 50; i += 1) await directory.find(requireHostname(`n${i}.example.test`));
    expect(directory.find(domain.hostname)).toBe(served);
  });

  it.each([
    ['is not proven', `update domains set ownership = 'pending' where id = $1`],
    ['is in conflict', `update domains set ownership = 'conflict' where id = $1`],
    ['was revoked', `update domains set ownership = 'revoked' where id = $1`],
    ['was removed', `update domains set removed_at = now() where id = $1`],
    [
      'lapsed 30 days ago',
      `update domains set ownership = 'lapsed', lapsed_at = now() - interval '30 days' where id = $1`,
    ],
    [
      'has no certificate',
      `update certificates set superseded_at = now() where hostname = (select hostname from domains where id = $1)`,
    ],
    [
      'has an expired certificate',
      `update certificates set not_after = now() where hostname = (select hostname from domains where id = $1)`,
    ],
    [
      'lost its plan 14 days ago',
      `with a as (update accounts set plan = 'basic' where id = (select account_id from domains where id = $1))
       update domains set plan_lapsed_at = now() - interval '14 days' where id = $1`,
    ],
    [
      'has no account any more',
      'delete from accounts where id = (select account_id from domains where id = $1)',
    ],
  ])('does not find a name that %s', async (_, sql) => {
    const domain = await aServed(await anAccount(database));
    await query(sql, domain);
    expect(await directory.find(domain.hostname)).toBeNull();
  });

  it.each([
    [
      'lapsed less than 30 days ago',
      `update domains set ownership = 'lapsed', lapsed_at = now() - interval '29 days' where id = $1`,
    ],
    [
      'lost its plan less than 14 days ago',
      `with a as (update accounts set plan = 'basic' where id = (select account_id from domains where id = $1))
       update domains set plan_lapsed_at = now() - interval '13 days' where id = $1`,
    ],
    [
      'lost its plan just now',
      `update accounts set plan = 'basic' where id = (select account_id from domains where id = $1)`,
    ],
  ])('finds a name that %s', async (_, sql) => {
    const domain = await aServed(await anAccount(database));
    await query(sql, domain);
    expect(await directory.find(domain.hostname)).toMatchObject({ domainId: domain.id });
  });

  it('disables API and homepage on a domain of a suspended account', async () => {
    const owner = await anAccount(database);
    const { hostname, extid } = await aServed(owner);
    await room.domains.configure(owner.id, extid, { apiEnabled: true, homepageEnabled: true });
    expect(await directory.find(hostname)).toMatchObject({ apiEnabled: true });
    await database.dataSource.query(`update accounts set state = 'suspended' where id = $1`, [
      owner.id,
    ]);
    feed.tell(hostname);
    expect(await directory.find(hostname)).toMatchObject({
      apiEnabled: false,
      homepageEnabled: false,
    });
  });

  it('stops serving when the certificate expires, without a change', async () => {
    const domain = await aServed();
    await query(
      `update certificates set not_after = clock_timestamp() + interval '2 seconds'
       where hostname = (select hostname from domains where id = $1)`,
      domain,
    );
    expect(await directory.find(domain.hostname)).not.toBeNull();
    await until('the end', async () => (await directory.find(domain.hostname)) === null);
  });

  it('repeats a query when the name changes before its answer arrives', async () => {
    const domain = await aServed();
    const { promise, resolve: open } = Promise.withResolvers<void>();
    statements.gate = promise;
    const finding = directory.find(domain.hostname);
    await until('the answer on its way', () => statements.queries === 1);
    await room.domains.remove(account.id, domain.extid);
    feed.tell(domain.hostname);
    open();
    expect(await finding).toBeNull();
    expect(directory.find(domain.hostname)).toBeNull();
  });

  describe('while the database is unreachable', () => {
    it('answers for cached names, changed or not, and rejects others', async () => {
      const [one, other] = [await aServed(), await aServed()];
      const dataSource = await connectDatabase(database.url);
      directory = new DomainDirectory(new Statements(dataSource), feed as unknown as ChangeFeed);
      await directory.find(one.hostname);
      await directory.find(other.hostname);
      await dataSource.destroy();

      expect(directory.find(one.hostname)).toMatchObject({ domainId: one.id });
      feed.tell(null);
      feed.tell(other.hostname);
      expect(await directory.find(one.hostname)).toMatchObject({ domainId: one.id });
      expect(await directory.find(other.hostname)).toMatchObject({ domainId: other.id });
      // Without a query each time.
      expect(directory.find(one.hostname)).toMatchObject({ domainId: one.id });
      await expect(directory.find(requireHostname('new.example.test'))).rejects.toMatchObject({
        code: 'unavailable',
      });
    });

    it('answers for a changed name while others take every connection', async () => {
      const one = await aServed();
      const dataSource = await connectDatabase(database.url);
      directory = new DomainDirectory(new Statements(dataSource), feed as unknown as ChangeFeed);
      await directory.find(one.hostname);
      const held = await onBehalfOf('a flood', () =>
        Promise.all(Array.from({ length: 10 }, () => poolOf(dataSource).connect())),
      );
      feed.tell(null);
      expect(await directory.find(one.hostname)).toMatchObject({ domainId: one.id });
      for (const client of held) client.release();
      await dataSource.destroy();
    });

    it('stops serving when the certificate expires', async () => {
      const domain = await aServed();
      const dataSource = await connectDatabase(database.url);
      await query(
        `update certificates set not_after = clock_timestamp() + interval '2 seconds'
         where hostname = (select hostname from domains where id = $1)`,
        domain,
      );
      directory = new DomainDirectory(new Statements(dataSource), feed as unknown as ChangeFeed);
      expect(await directory.find(domain.hostname)).not.toBeNull();
      await dataSource.destroy();
      await until('the end', async () => {
        const answer: ServedDomain | 'unavailable' | null = await Promise.resolve(
          directory.find(domain.hostname),
        ).catch(() => 'unavailable' as const);
        return answer === 'unavailable';
      });
    });
  });

  describe('in several processes', () => {
    const feeds: ChangeFeed[] = [];

    afterEach(async () => {
      for (const each of feeds.splice(0)) await each.onModuleDestroy();
    });

    function aProcess(listens: boolean): DomainDirectory {
      const own = new ChangeFeed(database.dataSource, database.statements, {
        listens,
        // Longer than any patience: it hears, or the test fails.
        readEveryMs: listens ? 3_600_000 : 100,
      });
      feeds.push(own);
      const found = new DomainDirectory(database.statements, own);
      own.onModuleInit();
      return found;
    }

    it.each([
      ['a notification', true],
      ['polling alone', false],
    ])('learns by %s when a name begins and stops to serve', async (_, listens) => {
      const processes = [aProcess(listens), aProcess(listens)];
      const domain = await aVerified(room, account, aName());
      const { hostname } = domain;
      const isServedBy = async (each: DomainDirectory): Promise<boolean> =>
        (await each.find(hostname)) !== null;
      for (const each of processes) expect(await isServedBy(each)).toBe(false);

      await certify(database, hostname);
      for (const each of processes) await until('serving', () => isServedBy(each), 2_000);
      await room.domains.remove(account.id, domain.extid);
      for (const each of processes)
        await until('the end', async () => !(await isServedBy(each)), 2_000);
    });

    it('learns that an account was removed', async () => {
      const directoryHere = aProcess(true);
      const owner = await anAccount(database);
      const { hostname } = await aServed(owner);
      await until('serving', async () => (await directoryHere.find(hostname)) !== null);
      await database.dataSource.query('delete from accounts where id = $1', [owner.id]);
      await until('the end', async () => (await directoryHere.find(hostname)) === null, 2_000);
    });
  });
});
