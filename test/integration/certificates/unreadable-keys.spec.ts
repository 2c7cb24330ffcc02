import { randomBytes } from 'node:crypto';
import type { LimitedCa } from '../../../src/certificates/certificate-settings.js';
import { servingOf } from '../../../src/setup/serving.js';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { aDomain } from '../../fakes/sample-domain.js';
import { LogLines } from '../../support/log-lines.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startAcmeWorld, type AcmeWorld } from '../acme/acme-world.js';
import { aProvenDomain, openIssuanceRoom, type IssuanceRoom } from './issuance-room.js';
import { openTestAuthority, type TestAuthority } from './test-authority.js';

const OLD = { version: 1, bytes: randomBytes(32) };
const NEW = { version: 2, bytes: randomBytes(32) };
const WRONG = { version: 1, bytes: randomBytes(32) };

describeWithPebble('stored keys that do not open', () => {
  let world: AcmeWorld;
  let authority: TestAuthority;
  let database: TestDatabase;
  let ca: LimitedCa;
  let lines: LogLines;
  const rooms: IssuanceRoom[] = [];
  beforeAll(async () => {
    [world, authority] = await Promise.all([startAcmeWorld(), openTestAuthority()]);
    const { directoryUrl, caFile } = world.proxy;
    const rest = { email: null, eab: null, profile: null, limits: {} };
    ca = { name: 'pebble', directoryUrl, caFile, ...rest };
  });
  afterAll(async () => {
    await world.stop();
    await authority.remove();
  });
  beforeEach(async () => {
    database = await openTestDatabase();
    lines = new LogLines();
    await database.dataSource.query('insert into root_key_checks (version) values (1)');
  });
  afterEach(async () => {
    await Promise.all(rooms.splice(0).map((room) => room.close()));
    await database.close();
  });

  /** A process with these root keys. */
  const aRoom = (...rootKeys: (typeof OLD)[]): IssuanceRoom => {
    const { answers } = world;
    const room = lines.capture(() => openIssuanceRoom({ database, cas: [ca], answers, rootKeys }));
    rooms.push(room);
    return room;
  };
  const anIssued = async (): Promise<Hostname> => {
    const name = await world.newName();
    await aProvenDomain(database, name);
    const room = aRoom(OLD);
    await room.upkeep.run(null);
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject({ isServable: true });
    return name;
  };
  const giveUp = () =>
    database.dataSource.query('update root_key_checks set is_in_use = false where version = 1');
  const damage = (table: string, column: string) =>
    database.dataSource.query(
      `update ${table} set ${column} = set_byte(${column}, 20, get_byte(${column}, 20) # 1)`,
    );
  const blockersOf = async (room: IssuanceRoom, name: Hostname) => {
    const certificate = await room.service.view(name);
    const facts = { domain: aDomain(), plan: 'identity_plus', now: new Date() } as const;
    return servingOf({ ...facts, certificate }).blockedBy;
  };
  const UNREADABLE = { isServable: false, isKeyReadable: false, state: 'active' };
  const READABLE = { isServable: true, isKeyReadable: true };

  it.each([
    ['missing', NEW],
    ['wrong', WRONG],
  ])(
    'are said by every process without a handshake, and no more once the %s root key is back',
    async (_, key) => {
      const name = await anIssued();
      const other = aRoom(key);
      expect(await other.service.view(name)).toMatchObject(UNREADABLE);
      expect(await blockersOf(other, name)).toEqual(['certificate']);
      expect(await other.service.missingOf([name])).toEqual([name]);
      const again = aRoom(NEW, OLD);
      expect(await again.service.view(name)).toMatchObject(READABLE);
      expect(await blockersOf(again, name)).toEqual([]);
      expect(await again.service.missingOf([name])).toEqual([]);
    },
  );

  it('are not asked for again by each handshake', async () => {
    const name = await anIssued();
    const room = aRoom(NEW);
    await expect(room.contexts.find(name)).rejects.toMatchObject({ code: 'unavailable' });
    await database.dataSource.query('delete from certificates');
    await expect(room.contexts.find(name)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('of certificates are replaced by a new order once the root key was given up, and not before', async () => {
    const name = await anIssued();
    const room = aRoom(NEW);
    await room.upkeep.run(null);
    expect(await room.runDue()).toEqual([]);
    await giveUp();
    await room.upkeep.run(null);
    expect(await room.runDue()).toContain(name);
    expect(await room.service.view(name)).toMatchObject(READABLE);
    expect(await room.contexts.find(name)).not.toBeNull();
    expect(lines.all).toContainEqual(
      expect.objectContaining({
        level: 'error',
        hostname: name,
        msg: expect.stringMatching(/anew/),
      }),
    );
  });

  it('of a damaged certificate are replaced after the first handshake', async () => {
    const name = await anIssued();
    await damage('certificates', 'sealed_private_key');
    const room = aRoom(OLD);
    expect(await room.service.view(name)).toMatchObject(UNREADABLE);
    await expect(room.contexts.find(name)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await room.runDue()).toContain(name);
    expect(await room.service.view(name)).toMatchObject(READABLE);
  });

  it('of an uploaded certificate are left to their owner', async () => {
    const name = requireHostname('uploaded.acme.example');
    const domainId = await aProvenDomain(database, name);
    const target = { hostname: name, domainId, registrableDomain: 'acme.example' };
    const { privateKeyPem, chainPem } = await authority.authority.issue(name);
    const upload = { privateKeyPem, chainPem: chainPem + authority.rootPem };
    expect(await aRoom(OLD).service.upload(target, upload)).toBeNull();
    await giveUp();
    const room = aRoom(NEW);
    await room.upkeep.run(null);
    expect(await room.runDue()).toEqual([]);
    expect(await room.service.view(name)).toMatchObject(UNREADABLE);
    expect(await room.service.upload(target, upload)).toBeNull();
    expect(await room.service.view(name)).toMatchObject(READABLE);
  });

  it.each([
    ['was given up', NEW, giveUp],
    ['is right, but the row is damaged', OLD, () => damage('acme_accounts', 'sealed_key')],
  ])('of a CA account are replaced by a new account when the root key %s', async (_, key, harm) => {
    const before = await accountOf(database);
    expect(before).toBeUndefined();
    await anIssued();
    const lost = await accountOf(database);
    await harm();
    const name = await world.newName();
    await aProvenDomain(database, name);
    const [room, other] = [aRoom(key), aRoom(key)];
    await Promise.all([room.accounts.open(ca), other.accounts.open(ca)]);
    const account = await accountOf(database);
    expect(account).not.toBe(lost);
    await room.upkeep.run([name]);
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject(READABLE);
    expect(await accountOf(database)).toBe(account);
    const counts = await Promise.all(
      [room, other].map(({ metrics }) => metrics.getSingleMetricAsString(REPLACED)),
    );
    expect(counts.filter((text) => text.includes('{ca="pebble"} 1'))).toHaveLength(1);
    const line = lines.all.find(({ msg }) => String(msg).includes('registering a new account'));
    expect(line).toMatchObject({ level: 'error', ca: 'pebble', accountUrl: lost });
    expect(line).toHaveProperty('err.cause.message');
  });

  it('of a CA account are kept while the root key may be another process’s', async () => {
    await anIssued();
    const account = await accountOf(database);
    await expect(aRoom(NEW).accounts.open(ca)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await accountOf(database)).toBe(account);
  });
});

const REPLACED = 'gateway_ca_accounts_replaced_total';

async function accountOf({ dataSource }: TestDatabase): Promise<string | undefined> {
  const rows = await dataSource.query<{ url: string }[]>(
    'select account_url as url from acme_accounts',
  );
  return rows[0]?.url;
}
