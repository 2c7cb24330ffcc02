import { MINUTE, SECOND } from '../../../src/shared/durations.js';
import { alreadyReplaced } from '../../support/acme-fault-proxy-faults.js';
import { issuanceScene } from './issuance-scene.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import {
  aProvenDomain,
  certificatesOf,
  FakeRouting,
  makeDue,
  timelineOf,
} from './issuance-room.js';

describeWithPebble('renewal of certificates that last five minutes', () => {
  const scene = issuanceScene({ validitySeconds: 300 });
  const lastOrder = () =>
    scene.world.proxy.seen.findLast(({ kind }) => kind === 'newOrder')?.payload;

  it('is planned with a third of the lifetime left, and not due before', async () => {
    const room = scene.aRoom();
    const name = await scene.anIssued(room);
    const { notAfter, renewAfter } = await room.service.view(name);
    const left = Number(notAfter) - Number(renewAfter);
    expect(left).toBeGreaterThanOrEqual(100 * SECOND - SECOND);
    expect(left).toBeLessThanOrEqual(150 * SECOND + SECOND);
    expect(await room.runDue()).toEqual([]);
  });

  it('orders once when two processes renew at the same time, and supersedes the old certificate', async () => {
    const [one, other] = [scene.aRoom(), scene.aRoom()];
    const name = await scene.anIssued(one);
    const orders = scene.world.proxy.count('newOrder');
    await makeDue(scene.database, name);
    await Promise.all([one.runDue(), other.runDue()]);
    expect(scene.world.proxy.count('newOrder') - orders).toBe(1);
    const rows = await certificatesOf(scene.database, name);
    expect(rows).toMatchObject([
      { version: 1, isCurrent: false, hasKey: true },
      { version: 2, isCurrent: true, hasKey: true },
    ]);
    expect(rows[0]?.serial).not.toBe(rows[1]?.serial);

    await makeDue(scene.database, name);
    await one.runDue();
    const keys = (await certificatesOf(scene.database, name)).map(({ hasKey }) => hasKey);
    expect(keys).toEqual([false, true, true]);
  });

  it('renews at once when the window is in the past, and sends `replaces`', async () => {
    const past = Date.now() - MINUTE;
    const window = { start: new Date(past - MINUTE), end: new Date(past) };
    const explanationUrl = 'https://ca.example/why';
    scene.world.proxy.renewalWindow = () => ({ ...window, explanationUrl });
    const room = scene.aRoom();
    const name = await scene.world.newName();
    await aProvenDomain(scene.database, name);
    await room.upkeep.run(null);
    // The first certificate, its ARI poll, the second certificate; no third, although its window is in the past, too.
    await room.runDue();
    expect(await certificatesOf(scene.database, name)).toHaveLength(2);
    expect(lastOrder()).toMatchObject({ replaces: expect.stringMatching(/^[\w-]+\.[\w-]+$/) });
    expect(await timelineOf(scene.database, name)).toContain('renewal_advised');
  });

  it('keeps the chosen instant while the window is the same', async () => {
    const start = new Date(Date.now() + MINUTE);
    const end = new Date(Date.now() + 3 * MINUTE);
    scene.world.proxy.renewalWindow = () => ({ start, end });
    const room = scene.aRoom();
    const name = await scene.anIssued(room);
    const chosen = await room.service.view(name);
    expect(Number(chosen.renewAfter)).toBeGreaterThan(Date.now());
    expect(Number(chosen.renewAfter)).toBeLessThanOrEqual(Number(end));
    expect(chosen.ari).toEqual({ start, end, explanation: null });
    const asked = scene.world.proxy.count('ari');
    await scene.database.dataSource.query(
      'update issuances set ari_poll_at = now(), next_at = now()',
    );
    await room.runDue();
    expect(scene.world.proxy.count('ari')).toBe(asked + 1);
    expect((await room.service.view(name)).renewAfter).toEqual(chosen.renewAfter);
  });

  it('orders once more without `replaces` when the CA refuses it', async () => {
    const inAnHour = {
      start: new Date(Date.now() + MINUTE),
      end: new Date(Date.now() + 2 * MINUTE),
    };
    scene.world.proxy.renewalWindow = () => inAnHour;
    const room = scene.aRoom();
    const name = await scene.anIssued(room);
    const accepted = scene.world.proxy.accepted('newOrder');
    scene.world.proxy.inject(alreadyReplaced());
    await makeDue(scene.database, name);
    await room.runDue();
    expect(scene.world.proxy.accepted('newOrder') - accepted).toBe(1);
    expect(lastOrder()).not.toHaveProperty('replaces');
    expect(await certificatesOf(scene.database, name)).toHaveLength(2);
  });

  it('serves the old certificate while the CA is unreachable, and renews when the CA answers again', async () => {
    const room = scene.aRoom();
    const name = await scene.anIssued(room);
    const context = await room.contexts.find(name);
    scene.world.proxy.outage = true;
    for (const _ of [1, 2, 3]) {
      await scene.database.dataSource.query('update ca_holds set until = now()');
      await makeDue(scene.database, name);
      await room.runDue();
    }
    // The hold lasts seconds, and a slow machine may look later.
    await scene.database.dataSource.query("update ca_holds set until = now() + interval '1 hour'");
    expect(await room.service.view(name)).toMatchObject({
      state: 'degraded',
      isServable: true,
      attempts: { count: 0, heldBy: 'ca_down' },
      problem: { type: 'connection' },
    });
    expect(room.contexts.find(name)).toBe(context);
    expect(
      (await timelineOf(scene.database, name)).filter((type) => type === 'postponed'),
    ).toHaveLength(1);

    scene.world.proxy.outage = false;
    await scene.database.dataSource.query('update ca_holds set until = now()');
    await makeDue(scene.database, name);
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject({ state: 'active', problem: null });
    expect(await certificatesOf(scene.database, name)).toHaveLength(2);
  });

  it('records the expiry and issues again', async () => {
    const room = scene.aRoom();
    const name = await scene.anIssued(room);
    await scene.database.dataSource.query(
      `update issuances set not_after = now(), next_at = now(), renew_at = now()`,
    );
    await scene.database.dataSource.query('update certificates set not_after = now()');
    scene.world.proxy.outage = true;
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject({ isServable: false, state: 'expired' });
    expect(await room.contexts.find(name)).toBeNull();
    scene.world.proxy.outage = false;
    await scene.database.dataSource.query('update ca_holds set until = now()');
    await makeDue(scene.database, name);
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject({ isServable: true, state: 'active' });
  });

  it('makes no order for a name that no longer leads here', async () => {
    const routing = new FakeRouting();
    const room = scene.aRoom({ routing });
    const name = await scene.anIssued(room);
    const orders = scene.world.proxy.count('newOrder');
    routing.verdicts.set(name, { kind: 'elsewhere', state: 'elsewhere' });
    await makeDue(scene.database, name);
    await room.runDue();
    expect(scene.world.proxy.count('newOrder')).toBe(orders);
    expect(await room.service.view(name)).toMatchObject({
      state: 'degraded',
      isServable: true,
      attempts: { count: 1 },
      problem: { type: 'routing' },
    });
    // An unanswered DNS query changes no state.
    routing.verdicts.set(name, { kind: 'unknown' });
    await makeDue(scene.database, name);
    await room.runDue();
    expect((await room.service.view(name)).attempts.count).toBe(1);
  });

  it('takes first issuances before renewals that are not urgent', async () => {
    const room = scene.aRoom();
    const old = await scene.anIssued(room);
    const urgent = await scene.anIssued(room);
    await scene.database.dataSource.query(
      'update issuances set urgent_at = now() where hostname = $1',
      [urgent],
    );
    const fresh = await scene.world.newName();
    await aProvenDomain(scene.database, fresh);
    await Promise.all([makeDue(scene.database, old), makeDue(scene.database, urgent)]);
    await room.upkeep.run([fresh]);
    const order = await room.runDue();
    expect(order.indexOf(fresh)).toBeLessThan(order.indexOf(old));
    expect(order.indexOf(urgent)).toBeLessThan(order.indexOf(old));
  });

  it('promotes key and chain in one transaction', async () => {
    const room = scene.aRoom();
    const name = await scene.anIssued(room);
    const before = await certificatesOf(scene.database, name);
    await makeDue(scene.database, name);
    // Makes the last write of the promotion fail.
    await scene.database.dataSource.query('alter table domain_changes rename to gone');
    await expect(room.runDue()).rejects.toThrow('domain_changes');
    await scene.database.dataSource.query('alter table gone rename to domain_changes');
    expect(await certificatesOf(scene.database, name)).toEqual(before);
    expect((await room.service.view(name)).state).toBe('renewing');

    const orders = scene.world.proxy.count('newOrder');
    await makeDue(scene.database, name);
    await room.runDue();
    expect(scene.world.proxy.count('newOrder')).toBe(orders);
    expect(await certificatesOf(scene.database, name)).toHaveLength(2);
  });
});
