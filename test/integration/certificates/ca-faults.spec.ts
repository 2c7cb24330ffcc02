import { randomBytes } from 'node:crypto';
import type { LimitedCa } from '../../../src/certificates/certificate-settings.js';
import { PUBLIC_CA_LIMITS } from '../../../src/config/acme-limits.js';
import type { CaLedger } from '../../../src/certificates/ca/ca-ledger.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import {
  certificateForAnotherKey,
  rateLimited,
  resetAfter,
  stuckInProcessing,
  truncatedChain,
  unavailable,
} from '../../support/acme-fault-proxy-faults.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startAcmeWorld, type AcmeWorld } from '../acme/acme-world.js';
import {
  aProvenDomain,
  certificatesOf,
  FakeCaa,
  makeDue,
  openIssuanceRoom,
  timelineOf,
  type IssuanceRoom,
  type RoomParts,
} from './issuance-room.js';

const entry = (hostname: Hostname): Parameters<CaLedger['recordCertificate']>[1] => ({
  hostname,
  registrableDomain: 'acme.example',
  isRenewal: false,
  lifetimeSeconds: null,
});

describeWithPebble('issuance while a CA fails', () => {
  let world: AcmeWorld;
  let database: TestDatabase;
  let first: LimitedCa;
  let second: LimitedCa;
  const rooms: IssuanceRoom[] = [];
  beforeAll(async () => {
    world = await startAcmeWorld();
    const { caFile } = world.proxy;
    const common = { email: null, caFile, eab: null, profile: null, limits: PUBLIC_CA_LIMITS };
    first = { ...common, name: 'first', directoryUrl: world.proxy.directoryUrl };
    // The same Pebble without the proxy, so without its faults.
    second = { ...common, name: 'second', directoryUrl: world.pebble.directoryUrl };
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(async () => {
    world.proxy.heal();
    world.proxy.meta = {};
    await Promise.all(rooms.splice(0).map((room) => room.close()));
    await database.close();
  });

  const aRoom = (parts: Partial<RoomParts> = {}): IssuanceRoom => {
    const room = openIssuanceRoom({ database, cas: [first], answers: world.answers, ...parts });
    rooms.push(room);
    return room;
  };
  const aWantedName = async (): Promise<Hostname> => {
    const name = await world.newName();
    await aProvenDomain(database, name);
    return name;
  };
  const orders = () => world.proxy.count('newOrder');
  const endHolds = () => database.dataSource.query('update ca_holds set until = now()');

  it.each([
    ['429', () => rateLimited('newOrder', '600'), 'rate_limit'],
    [
      '429 with a date',
      () => rateLimited('newOrder', new Date(Date.now() + 600_000).toUTCString()),
      'rate_limit',
    ],
    ['503', () => unavailable('newOrder', 1, '600'), 'ca_down'],
  ] as const)(
    'stops every process for the Retry-After of a %s and shows it in the view',
    async (_, fault, heldBy) => {
      const [one, other] = [aRoom(), aRoom()];
      const names = [await aWantedName(), await aWantedName()];
      const before = orders();
      world.proxy.inject(fault());
      await one.upkeep.run(null);
      await one.runDue();
      await Promise.all(names.map((name) => makeDue(database, name)));
      await Promise.all([one.runDue(), other.runDue()]);
      expect(orders() - before).toBe(1);
      const views = await Promise.all(names.map((name) => other.service.view(name)));
      for (const { state, attempts } of views) {
        expect(state).toBe('queued');
        expect(attempts.heldBy).toBe(heldBy);
        const seconds = (Number(attempts.nextAt) - Date.now()) / 1000;
        expect(seconds).toBeGreaterThan(500);
        expect(seconds).toBeLessThan(620);
        expect(attempts.count).toBe(0);
      }

      await endHolds();
      for (const name of names) {
        await makeDue(database, name);
        await other.runDue();
        expect(await certificatesOf(database, name)).toHaveLength(1);
      }
    },
  );

  it('sends no request to a CA while a hold covers all names', async () => {
    const room = aRoom();
    const name = await aWantedName();
    await room.holds.place('first', { scope: 'all', reason: 'ca_down', seconds: 60 });
    await room.upkeep.run(null);
    const before = world.proxy.seen.length;
    await room.runDue();
    expect(world.proxy.seen.length).toBe(before);
    expect(await room.service.view(name)).toMatchObject({ attempts: { heldBy: 'ca_down' } });
  });

  it.each([
    ['in the middle', () => truncatedChain('mid-certificate')],
    ['after the leaf', () => truncatedChain('leaf-only')],
    ['for another key', () => certificateForAnotherKey()],
  ] as const)(
    'does not serve a wrong chain (%s) and downloads the right one of the same order',
    async (_, fault) => {
      const room = aRoom();
      const name = await aWantedName();
      const before = orders();
      world.proxy.inject(fault());
      await room.upkeep.run(null);
      await room.runDue();
      expect(await certificatesOf(database, name)).toEqual([]);
      expect(await room.service.view(name)).toMatchObject({
        state: 'queued',
        attempts: { count: 1, heldBy: 'backoff' },
        problem: { type: expect.stringContaining('certificate_') },
      });
      await makeDue(database, name);
      await room.runDue();
      expect(await certificatesOf(database, name)).toHaveLength(1);
      expect(orders() - before).toBe(1);
      expect(await timelineOf(database, name)).toEqual([
        'queued',
        'ordered',
        'validated',
        'failed',
        'issued',
      ]);
    },
  );

  it('resumes an order that is stuck in processing', async () => {
    const room = aRoom();
    const name = await aWantedName();
    const before = orders();
    world.proxy.inject(stuckInProcessing(2, '30'));
    await room.upkeep.run(null);
    await room.runDue();
    expect(await certificatesOf(database, name)).toEqual([]);
    await makeDue(database, name);
    world.proxy.heal();
    await room.runDue();
    expect(await certificatesOf(database, name)).toHaveLength(1);
    expect(orders() - before).toBe(1);
  });

  it('backs off while the CA is unreachable and resumes its order afterwards', async () => {
    const room = aRoom();
    const name = await aWantedName();
    await room.upkeep.run(null);
    world.proxy.inject(resetAfter('finalize'));
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject({ attempts: { heldBy: 'backoff' } });
    for (const outage of [true, true, false]) {
      world.proxy.outage = outage;
      await endHolds();
      await makeDue(database, name);
      await room.runDue();
    }
    expect(await certificatesOf(database, name)).toHaveLength(1);
    expect(await timelineOf(database, name)).toEqual([
      'queued',
      'ordered',
      'validated',
      // First for this name, then for every name.
      'postponed',
      'postponed',
      'issued',
    ]);
  });

  it('begins a new order when the key of the one in progress does not open any more', async () => {
    const name = await aWantedName();
    const before = orders();
    const old = aRoom();
    await old.upkeep.run(null);
    world.proxy.inject(stuckInProcessing(2, '30'));
    await old.runDue();
    world.proxy.heal();
    // The account's key was sealed under the same root key: docs/operations.md tells to delete its row.
    await database.dataSource.query('delete from acme_accounts');
    const room = aRoom({ rootKeys: [{ version: 2, bytes: randomBytes(32) }] });
    await makeDue(database, name);
    await room.runDue();
    expect(await certificatesOf(database, name)).toHaveLength(1);
    expect(orders() - before).toBe(2);
  });

  it('orders from the second CA after a fault of the first', async () => {
    const name = await aWantedName();
    const room = aRoom({ cas: [first, second] });
    await room.upkeep.run(null);
    world.proxy.outage = true;
    await room.runDue();
    expect(await certificatesOf(database, name)).toMatchObject([{ ca: 'second' }]);
  });

  it('does not order from a second CA that CAA forbids, nor for a name that fails to validate', async () => {
    const caa = new FakeCaa();
    caa.decisions.set('', { kind: 'forbidden', reason: 'issuer' });
    world.proxy.meta = { caaIdentities: ['ca.example'] };
    const room = aRoom({ cas: [first, second], caa });
    const limited = await aWantedName();
    await room.upkeep.run(null);
    world.proxy.inject(rateLimited('newOrder', '600'));
    await room.runDue();
    expect(await certificatesOf(database, limited)).toEqual([]);
    expect(caa.asked.map(({ domain }) => domain)).toEqual(['ca.example', '']);

    await endHolds();
    caa.decisions.clear();
    const invalid = await aWantedName();
    await world.dns.setA(invalid, ['127.0.0.9']);
    await room.upkeep.run([invalid]);
    await room.runDue();
    expect(await certificatesOf(database, invalid)).toEqual([]);
    expect(await room.service.view(invalid)).toMatchObject({
      attempts: { count: 1, heldBy: 'backoff' },
      problem: { ca: 'first', type: expect.stringContaining('acme:error:') },
    });
  });

  it('makes no order while CAA forbids it, and orders as soon as the domain changes', async () => {
    const caa = new FakeCaa();
    world.proxy.meta = { caaIdentities: ['ca.example'] };
    const record = { critical: false, tag: 'issue', value: 'ca.example; accounturi=other' };
    caa.decisions.set('ca.example', { kind: 'forbidden', reason: 'account', record });
    const room = aRoom({ caa });
    const name = await aWantedName();
    const before = orders();
    await room.upkeep.run(null);
    await room.runDue();
    expect(orders()).toBe(before);
    expect(await room.service.view(name)).toMatchObject({
      state: 'blocked',
      problem: { type: 'caa_forbidden' },
    });
    expect(caa.asked[0]?.accountUri).toContain('/my-account/');

    caa.decisions.clear();
    await database.dataSource.query(
      `update issuances set updated_at = now() - interval '1 minute'`,
    );
    await room.upkeep.run([name]);
    await room.runDue();
    expect(await certificatesOf(database, name)).toHaveLength(1);
  });

  it('stops at three certificates of a name in seven days, counted over all CAs', async () => {
    const room = aRoom({ cas: [first, second] });
    const name = await aWantedName();
    for (const order of [1, 2, 3]) {
      await room.ledger.recordCertificate(
        order === 1 ? 'second' : 'first',
        entry(name),
        `order ${order}`,
      );
      await room.ledger.recordCertificate('first', entry(name), 'order 3');
    }
    const before = orders();
    await room.upkeep.run(null);
    await room.runDue();
    expect(orders()).toBe(before);
    expect(await room.service.view(name)).toMatchObject({
      attempts: { heldBy: 'rate_limit' },
      problem: { type: 'limit_certificates_per_name', detail: 'certificatesPerName: 3 of 3' },
    });
    expect(await room.metrics.metrics()).toContain(
      'gateway_issuance_failures_total{ca="first",kind="limit_certificates_per_name"} 1',
    );
    const headroom = await room.ledger.headroom('first', entry(name));
    expect(headroom).toContainEqual(
      expect.objectContaining({ limit: 'certificatesPerName', used: 3, count: 3 }),
    );
    await database.dataSource.query(
      `update ca_ledger set at = at - interval '7 days' where order_url = 'order 1'`,
    );
    await makeDue(database, name);
    await room.runDue();
    expect(orders()).toBe(before + 1);
  });

  it('reserves exactly as many concurrent orders as the limit allows', async () => {
    const room = aRoom();
    await database.dataSource.query(
      `insert into ca_ledger (ca, kind, hostname, registrable_domain, is_renewal)
       select 'first', 'order', 'x', 'y', false from generate_series(1, 277)`,
    );
    const names = Array.from({ length: 8 }, (_, index) => entry(`n${index}.example` as Hostname));
    const reserved = await Promise.all(
      names.map((name) => room.ledger.reserveOrder('first', name)),
    );
    expect(reserved.filter((full) => full === null)).toHaveLength(3);
    expect(reserved.find((full) => full !== null)).toMatchObject({
      limit: 'newOrders',
      count: 280,
    });
    expect(await room.metrics.metrics()).toContain(
      'gateway_ca_limit_left{ca="first",limit="orders"} 0',
    );
    const renewal = { ...entry('r.example' as Hostname), isRenewal: true };
    expect(await room.ledger.reserveOrder('first', renewal)).toBeNull();
  });

  it('registers its key again when the CA has lost the account', async () => {
    const room = aRoom();
    await aWantedName();
    await room.upkeep.run(null);
    await room.runDue();
    await world.pebble.restart();
    const name = await aWantedName();
    await room.upkeep.run(null);
    await room.runDue();
    expect(await timelineOf(database, name)).toEqual(['queued', 'failed']);
    await makeDue(database, name);
    await room.runDue();
    expect(await certificatesOf(database, name)).toHaveLength(1);
    expect(await database.dataSource.query('select ca from acme_accounts')).toHaveLength(1);
  });
});
