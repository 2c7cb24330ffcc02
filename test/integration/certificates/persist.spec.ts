import type { CaIdentity } from '../../../src/dns/caa-record.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { persistName } from '../../../src/dns/persist-record.js';
import { DomainObserver } from '../../../src/domains/checks/domain-observer.js';
import { NOT_PROBED } from '../../../src/domains/domain-facts.js';
import { DomainSettings } from '../../../src/domains/domain-settings.js';
import type { HttpProbe } from '../../../src/domains/probe/http-probe.js';
import { DnsRoutingGate, ProvenClaims } from '../../../src/region/dns-gates.js';
import { SystemClock } from '../../../src/shared/clock.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { TestDnsServer } from '../../support/dns-server.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { PersistDouble } from '../../support/persist-double.js';
import { settings as regionSettings } from '../domains/support.js';
import { certificatesOf, makeDue, type IssuanceRoom } from './issuance-room.js';
import { issuanceScene } from './issuance-scene.js';

const INGRESS = '192.0.2.10';

describeWithPebble('certificates by a record that stands', () => {
  const scene = issuanceScene({ isAlwaysValid: true });
  let dns: TestDnsServer;
  let double: PersistDouble;
  let settings: DomainSettings & { cas: readonly CaIdentity[] };

  beforeEach(async () => {
    dns = await TestDnsServer.start();
    double = new PersistDouble({ issuers: ['ca.example'], accountUri: '' }, dns.address);
    scene.world.proxy.extension = double;
    scene.world.proxy.meta = { caaIdentities: ['ca.example'] };
    settings = Object.assign(new DomainSettings(), regionSettings, { cas: [] });
  });
  afterEach(() => dns.stop());

  function aRoom(usesPersist = true): IssuanceRoom {
    const probe = { probe: async () => ({ ...NOT_PROBED, status: 'ours' }) };
    const resolver = new DnsResolver({ servers: [dns.address], timeoutMs: 20_000 });
    const observer = new DomainObserver(
      resolver,
      probe as unknown as HttpProbe,
      new SystemClock(),
      60_000,
    );
    const claims = new ProvenClaims(scene.database.dataSource);
    const routing = new DnsRoutingGate(claims, observer, settings);
    return scene.aRoom({ routing, changes: { usesPersist } });
  }

  /** As the hourly look at the CA does. */
  async function lookAtCa(room: IssuanceRoom): Promise<string> {
    const [issuer] = room.issuers.list;
    settings.cas = (await issuer?.identities()) ?? [];
    const accountUri = settings.cas[0]?.accountUri ?? '';
    double.offer = { ...double.offer, accountUri };
    return accountUri;
  }

  /** Proven, and leading here. */
  async function aName(record: string | null = null): Promise<Hostname> {
    const name = await scene.aWantedName();
    dns.zone.set(name, 'A', [INGRESS]);
    if (record !== null) dns.zone.set(persistName(name), 'TXT', [record]);
    return name;
  }

  async function issue(room: IssuanceRoom, name: Hostname): Promise<string[]> {
    const before = double.started.length;
    await room.upkeep.run([name]);
    await room.runDue();
    return double.started.slice(before);
  }

  const rows = <Row>(text: string): Promise<Row[]> => scene.database.dataSource.query<Row[]>(text);
  const offers = () => rows<{ offers: string[] }>('select offers from acme_accounts');
  const askedFor = (name: Hostname) => dns.asked.some((each) => each.name === persistName(name));

  it('are made where the CA has offered it and the record permits our account', async () => {
    const room = aRoom();
    const account = await lookAtCa(room);
    const first = await aName(`ca.example; accounturi=${account}`);
    expect(await issue(room, first)).toEqual(['http-01']);
    expect(askedFor(first)).toBe(false);
    expect(await offers()).toEqual([{ offers: ['dns-persist-01', 'http-01', 'tls-alpn-01'] }]);

    await lookAtCa(room);
    const second = await aName(`ca.example; accounturi=${account}`);
    expect(await issue(room, second)).toEqual(['dns-persist-01']);
    expect(await certificatesOf(scene.database, second)).toHaveLength(1);
    expect(await rows('select * from acme_challenges')).toEqual([]);
    expect(
      await rows(`select challenge_type as type from issuances where hostname = '${second}'`),
    ).toEqual([{ type: 'dns-persist-01' }]);

    for (const record of [null, `ca.example; accounturi=${account}9`, 'ca.example;']) {
      const name = await aName(record);
      expect([record, await issue(room, name)]).toEqual([record, ['http-01']]);
      expect(await certificatesOf(scene.database, name)).toHaveLength(1);
    }
  });

  it('come by another way after the CA has refused the record', async () => {
    const room = aRoom();
    const account = await lookAtCa(room);
    await issue(room, await aName());
    await lookAtCa(room);
    const name = await aName(`ca.example; accounturi=${account}`);
    scene.world.proxy.onRequest = (kind) => {
      if (kind === 'newOrder') dns.zone.clear(persistName(name));
    };
    expect(await issue(room, name)).toEqual(['dns-persist-01']);
    expect((await room.service.view(name)).attempts.count).toBe(1);
    scene.world.proxy.onRequest = () =>
      dns.zone.set(persistName(name), 'TXT', [`ca.example; accounturi=${account}`]);
    await makeDue(scene.database, name);
    await room.runDue();
    expect(double.started.at(-1)).toBe('http-01');
    expect(await certificatesOf(scene.database, name)).toHaveLength(1);
  });

  it('come of the same order and challenge when its process is killed as the CA is asked to validate', async () => {
    const killed = aRoom();
    const account = await lookAtCa(killed);
    await issue(killed, await aName());
    await lookAtCa(killed);
    const name = await aName(`ca.example; accounturi=${account}`);
    const orders = scene.world.proxy.accepted('newOrder');
    const reached = Promise.withResolvers<void>();
    scene.world.proxy.onRequest = (kind) => {
      if (kind !== 'challenge') return undefined;
      reached.resolve();
      return new Promise(() => undefined);
    };
    // It never hears of the CA again, nor the CA of it.
    void issue(killed, name).catch(() => undefined);
    await reached.promise;
    scene.world.proxy.heal();
    const started = double.started.length;
    // By what another process sees of the DNS another challenge would be the one.
    const survivor = scene.aRoom({ changes: { usesPersist: true } });
    await makeDue(scene.database, name);
    await survivor.runDue();
    expect(double.started.slice(started)).toEqual(['dns-persist-01']);
    expect(scene.world.proxy.accepted('newOrder')).toBe(orders + 1);
    expect(await certificatesOf(scene.database, name)).toHaveLength(1);
    expect(await rows('select * from acme_challenges')).toEqual([]);
  });

  it('are never made while it is off, and nothing is asked or noted', async () => {
    const room = aRoom(false);
    const account = await lookAtCa(room);
    for (let round = 0; round < 2; round += 1) {
      const name = await aName(`ca.example; accounturi=${account}`);
      expect(await issue(room, name)).toEqual(['http-01']);
      expect(askedFor(name)).toBe(false);
      await lookAtCa(room);
    }
    expect(await offers()).toEqual([{ offers: [] }]);
    expect(settings.cas[0]?.methods).toEqual(['http-01', 'tls-alpn-01', 'dns-01']);
  });
});
