import type { Hostname } from '../../../src/shared/hostname.js';
import { problemAnswer } from '../../support/acme-fault-proxy-faults.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import {
  aProvenDomain,
  certificatesOf,
  DELEGATION_ZONE,
  FakeRouting,
  makeDue,
  timelineOf,
  type IssuanceRoom,
} from './issuance-room.js';
import { issuanceScene } from './issuance-scene.js';

const DELEGATED = { kind: 'delegated', challengeTypes: ['dns-01'], isUncertain: false } as const;
const BOTH = {
  kind: 'pointed',
  challengeTypes: ['dns-01', 'http-01', 'tls-alpn-01'],
  isUncertain: false,
} as const;

describeWithPebble('certificates by a delegation', () => {
  // A CA that reuses what it has validated: the next order of a name needs no challenge.
  const scene = issuanceScene({ authorizationReuse: 100 });
  const sql = <Row>(text: string, values: unknown[] = []): Promise<Row[]> =>
    scene.database.dataSource.query<Row[]>(text, values);

  /** Proven, delegated since today, and leading to 127.0.0.9. */
  async function aDelegatedName(label?: string): Promise<Hostname> {
    const name = await scene.world.newName();
    await scene.world.dns.setA(name, ['127.0.0.9']);
    await aProvenDomain(scene.database, name);
    const [row] = await sql<{ label: string }>(
      `update domains set routing = 'elsewhere', routing_since = now(), pointed_at = null,
         delegation = 'ready', delegated_at = now()
       where hostname = $1 returning target_label as label`,
      [name],
    ).then(([rows]) => rows as unknown as { label: string }[]);
    const target = `${label ?? row?.label ?? ''}.${DELEGATION_ZONE}`;
    await scene.world.dns.setCname(`_acme-challenge.${name}`, target);
    return name;
  }

  function aRoom(routing = new FakeRouting()): IssuanceRoom {
    return scene.aRoom({ dns: scene.world.dns, routing });
  }
  const leading = (name: Hostname, verdict: typeof DELEGATED | typeof BOTH): FakeRouting => {
    const routing = new FakeRouting();
    routing.verdicts.set(name, verdict);
    return routing;
  };
  const deactivated = (name: Hostname): number =>
    scene.world.proxy.seen.filter(
      ({ kind, hostname, payload }) =>
        kind === 'authz' && payload?.['status'] === 'deactivated' && hostname === name,
    ).length;
  const issue = async (room: IssuanceRoom, name: Hostname): Promise<void> => {
    await room.upkeep.run([name]);
    await room.runDue();
  };

  it('are issued for a name that leads elsewhere, and leave no value behind', async () => {
    const name = await aDelegatedName();
    const room = aRoom(leading(name, DELEGATED));
    await issue(room, name);
    expect(await certificatesOf(scene.database, name)).toMatchObject([{ isCurrent: true }]);
    expect(await room.contexts.find(name)).not.toBeNull();
    expect(await timelineOf(scene.database, name)).toEqual([
      'queued',
      'ordered',
      'validated',
      'issued',
    ]);
    expect(await sql('select * from acme_challenges')).toEqual([]);
    expect(await sql('select challenge_type as type from issuances')).toEqual([{ type: 'dns-01' }]);
  });

  it('are not queued when the name has led elsewhere for 30 days', async () => {
    const name = await aDelegatedName();
    await sql(`update domains set verified_at = now() - interval '40 days'`);
    const room = aRoom(leading(name, DELEGATED));
    await sql(`update domains set routing_since = now() - interval '31 days'`);
    await issue(room, name);
    expect(await sql('select * from issuances')).toEqual([]);
    // It left, or was proven, within the month.
    await sql(`update domains set routing_since = now() - interval '29 days'`);
    await issue(room, name);
    expect(await certificatesOf(scene.database, name)).toHaveLength(1);
  });

  it.each(['nobodyslabel', 'of another claim'])(
    'fail by a wrong label, %s, and then come by http-01 to a name that leads here',
    async (label) => {
      const other = await aDelegatedName();
      const [row] = await sql<{ label: string }>(
        'select target_label as label from domains where hostname = $1',
        [other],
      );
      const wrong = label === 'nobodyslabel' ? label : (row?.label ?? '');
      const name = await aDelegatedName(wrong);
      await scene.world.dns.setA(name, ['127.0.0.1']);
      const room = aRoom(leading(name, BOTH));
      await issue(room, name);
      expect(await certificatesOf(scene.database, name)).toEqual([]);
      expect((await room.service.view(name)).attempts.count).toBe(1);
      await makeDue(scene.database, name);
      await room.runDue();
      expect(await certificatesOf(scene.database, name)).toHaveLength(1);
      expect(
        await sql('select challenge_type as type from issuances where hostname = $1', [name]),
      ).toEqual([{ type: 'http-01' }]);
    },
  );

  it('come by http-01 when the delegation is removed between the look and the order', async () => {
    const name = await aDelegatedName();
    await scene.world.dns.setA(name, ['127.0.0.1']);
    const room = aRoom(leading(name, BOTH));
    scene.world.proxy.onRequest = async (kind) => {
      if (kind === 'newOrder') await scene.world.dns.clearCname(`_acme-challenge.${name}`);
    };
    await issue(room, name);
    expect(await certificatesOf(scene.database, name)).toEqual([]);
    await makeDue(scene.database, name);
    await room.runDue();
    expect(await certificatesOf(scene.database, name)).toHaveLength(1);
    expect(await sql('select challenge_type as type from issuances')).toEqual([
      { type: 'http-01' },
    ]);
  });

  it('never come by another challenge to a name that leads elsewhere', async () => {
    const name = await aDelegatedName('nobodyslabel');
    const room = aRoom(leading(name, DELEGATED));
    await issue(room, name);
    for (let tried = 0; tried < 2; tried += 1) {
      await makeDue(scene.database, name);
      await room.runDue();
    }
    expect(await certificatesOf(scene.database, name)).toEqual([]);
    expect(await sql('select challenge_type as type from issuances')).toEqual([{ type: 'dns-01' }]);
  });

  it('end at the CA with the claim, also when the CA is down meanwhile', async () => {
    const name = await aDelegatedName();
    const room = aRoom(leading(name, DELEGATED));
    await issue(room, name);
    await sql('update domains set removed_at = now()');
    await room.service.removeOf([{ hostname: name, ownership: 'verified' }], { revoke: false });
    scene.world.proxy.outage = true;
    await room.revoker.revokeDue();
    scene.world.proxy.outage = false;
    expect(await sql('select * from acme_orders')).toHaveLength(1);
    await sql('update acme_orders set deactivate_at = now()');
    await room.revoker.revokeDue();
    expect(deactivated(name)).toBe(1);
    expect(await sql('select * from acme_orders')).toEqual([]);

    // The next claim has to be validated, by its own label.
    await aProvenDomain(scene.database, name);
    const challenges = scene.world.proxy.count('challenge');
    await issue(aRoom(leading(name, { ...BOTH, challengeTypes: BOTH.challengeTypes })), name);
    expect(scene.world.proxy.count('challenge') - challenges).toBe(1);
  });

  it.each(['order', 'authz'] as const)(
    'end at the CA also when it answers 404 to one %s',
    async (at) => {
      const name = await aDelegatedName();
      const room = aRoom(leading(name, DELEGATED));
      await issue(room, name);
      await room.service.removeOf([{ hostname: name, ownership: 'verified' }], { revoke: false });
      // The CA has forgotten it.
      if (at === 'authz')
        await sql(`update acme_orders set authorizations = authorizations || authorizations`);
      scene.world.proxy.inject({ at, answer: problemAnswer(404, 'malformed', 'not found') });
      await room.revoker.revokeDue();
      expect(deactivated(name)).toBe(1);
      expect(await sql('select * from acme_orders')).toEqual([]);
    },
  );

  it('of many ended claims wait for a later round after one failure, and for none at a shutdown', async () => {
    const room = aRoom();
    await sql(
      `insert into acme_orders (url, ca, hostname, authorizations, deactivate_at)
       select n, 'pebble', n, array[$1], now() from unnest(array['one', 'other']) n`,
      [new URL('/authZ/unknown', scene.world.proxy.directoryUrl).href],
    );
    const waiting = () => sql('select url from acme_orders where deactivate_at <= now()');
    await room.revoker.revokeDue(AbortSignal.abort());
    expect(await waiting()).toHaveLength(2);
    scene.world.proxy.outage = true;
    await room.revoker.revokeDue();
    expect(await waiting()).toHaveLength(1);
    scene.world.proxy.outage = false;
    await sql('update acme_orders set deactivate_at = now()');
    await room.revoker.revokeDue();
    expect(await sql('select * from acme_orders')).toEqual([]);
  });

  it('keep what the CA has validated while the claim stands', async () => {
    const name = await aDelegatedName();
    const room = aRoom(leading(name, DELEGATED));
    await issue(room, name);
    const challenges = scene.world.proxy.count('challenge');
    await makeDue(scene.database, name);
    await room.runDue();
    expect(await certificatesOf(scene.database, name)).toHaveLength(2);
    expect(scene.world.proxy.count('challenge')).toBe(challenges);
    await room.revoker.revokeDue();
    expect(deactivated(name)).toBe(0);
  });

  it('end at the CA with an order that was begun', async () => {
    const name = await aDelegatedName('nobodyslabel');
    const room = aRoom(leading(name, DELEGATED));
    scene.world.proxy.inject({ at: 'authz', reset: 'before' });
    await issue(room, name);
    await room.service.removeOf([{ hostname: name, ownership: 'verified' }], { revoke: false });
    await room.revoker.revokeDue();
    expect(deactivated(name)).toBe(1);
    expect(await sql('select * from acme_orders')).toEqual([]);
  });
});
