import { issuanceScene } from './issuance-scene.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { ClockWatch } from '../../../src/database/clock-watch.js';
import { DatabaseClock } from '../../../src/database/database-clock.js';
import { DAY } from '../../../src/shared/durations.js';
import { until } from '../../support/until.js';
import { certificatesOf, timelineOf } from './issuance-room.js';

describeWithPebble('issuance by several processes on one database', () => {
  const scene = issuanceScene({ nonceReject: 20 });

  it("accepts, plans and serves by the database's clock on a host that is a day behind", async () => {
    const rightNow = Date.now;
    const RightDate = Date;
    class LateDate extends RightDate {
      constructor(...values: [] | [number | string | Date]) {
        if (values.length === 0) super(rightNow() - DAY);
        else super(values[0]);
      }
      static override now(): number {
        return rightNow() - DAY;
      }
    }
    const clock = new DatabaseClock(scene.database.statements, new ClockWatch());
    await clock.onModuleInit();
    const room = scene.aRoom({ clock });
    const name = await scene.aWantedName();
    await room.upkeep.run(null);
    globalThis.Date = LateDate as DateConstructor;
    try {
      await room.runDue();
      expect(await room.contexts.find(name)).not.toBeNull();
    } finally {
      globalThis.Date = RightDate;
      await clock.onModuleDestroy();
    }
    const { state, renewAfter, notAfter } = await room.service.view(name);
    expect(state).toBe('active');
    const share = (Number(renewAfter) - rightNow()) / (Number(notAfter) - rightNow());
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.68);
    // The CA's Date header showed the difference.
    expect(room.clocks.worstSeconds).toBeLessThan(-80_000);
  });

  it('orders once and registers once when several processes start together', async () => {
    const names = [await scene.aWantedName(), await scene.aWantedName(), await scene.aWantedName()];
    const [orders, accounts] = [
      scene.world.proxy.accepted('newOrder'),
      scene.world.proxy.accepted('newAccount'),
    ];
    for (const room of [scene.aRoom(), scene.aRoom(), scene.aRoom()]) {
      room.feed.onModuleInit();
      room.job.onModuleInit();
    }
    for (const name of names) {
      await until(
        'a certificate',
        async () => (await certificatesOf(scene.database, name)).length > 0,
      );
      expect(await certificatesOf(scene.database, name)).toMatchObject([
        { version: 1, ca: 'pebble', isCurrent: true, hasKey: true },
      ]);
      expect(await timelineOf(scene.database, name)).toEqual([
        'queued',
        'ordered',
        'validated',
        'issued',
      ]);
    }
    expect(scene.world.proxy.accepted('newOrder') - orders).toBe(3);
    expect(scene.world.proxy.accepted('newAccount') - accounts).toBe(1);
    const kept = await scene.database.dataSource.query<{ ca: string; account_url: string }[]>(
      'select ca, account_url from acme_accounts',
    );
    expect(kept).toEqual([{ ca: 'pebble', account_url: expect.stringContaining('/my-account/') }]);
    expect(await scene.database.dataSource.query('select * from acme_challenges')).toEqual([]);
  });

  it('issues for an announced name at once and serves it in every process', async () => {
    const [first, second] = [scene.aRoom(), scene.aRoom()];
    for (const { feed } of [first, second]) feed.onModuleInit();
    first.job.onModuleInit();
    const name = await scene.aWantedName();
    expect(await second.contexts.find(name)).toBeNull();
    await scene.database.dataSource.query('insert into domain_changes (hostname) values ($1)', [
      name,
    ]);
    await until('the other process to serve', async () => second.contexts.find(name));
    expect(await first.service.view(name)).toMatchObject({
      state: 'active',
      source: 'acme',
      ca: 'pebble',
      isServable: true,
      attempts: { count: 0, nextAt: null, heldBy: 'none' },
    });
  });

  // The proxy stops the process at this request: the CA has done it, and the process gets no answer to it or later ones.
  it.each([
    ['newOrder', 2],
    ['authz', 1],
    ['challenge', 1],
    ['finalize', 1],
    ['cert', 1],
  ] as const)('continues after a kill at %s, with %d order(s) in all', async (kind, orders) => {
    const name = await scene.aWantedName();
    const [killed, survivor] = [scene.aRoom(), scene.aRoom()];
    await killed.upkeep.run(null);
    await killed.accounts.open(scene.ca);
    const before = scene.world.proxy.count('newOrder');
    const reached = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const first = scene.world.proxy.count(kind) + 1;
    scene.world.proxy.onResponse = async (seen, n) => {
      // A request with a refused nonce is repeated and has the next number.
      if (seen !== kind || n < first) return;
      reached.resolve();
      await released.promise;
    };
    const dying = killed.runDue(0.2).catch((error: unknown) => error);
    await reached.promise;
    scene.world.proxy.onResponse = () => undefined;

    await until('the other process to take it over', async () => {
      await survivor.runDue();
      return (await certificatesOf(scene.database, name)).length > 0;
    });
    released.resolve();
    await dying;
    expect(await certificatesOf(scene.database, name)).toMatchObject([
      { version: 1, isCurrent: true },
    ]);
    const made = scene.world.proxy.seen.filter(
      ({ kind: seen, n, status }) => seen === 'newOrder' && n > before && status === 201,
    );
    expect(made.length).toBeLessThanOrEqual(orders);
    expect((await survivor.service.view(name)).state).toBe('active');
  });

  it('gives its lease back when it stops, so that the next process continues at once', async () => {
    const name = await scene.aWantedName();
    const stopping = scene.aRoom();
    const reached = Promise.withResolvers<void>();
    scene.world.proxy.onRequest = (kind) => {
      if (kind !== 'finalize') return undefined;
      reached.resolve();
      return new Promise(() => undefined);
    };
    stopping.job.onModuleInit();
    await reached.promise;
    scene.world.proxy.heal();
    await stopping.close();
    const [row] = await scene.database.dataSource.query<{ leased: boolean }[]>(
      'select leased_until is not null as leased from issuances',
    );
    expect(row).toEqual({ leased: false });
    expect(await scene.database.dataSource.query('select * from ca_holds')).toEqual([]);

    await scene.aRoom().runDue();
    expect(await certificatesOf(scene.database, name)).toHaveLength(1);
  });

  it('stores each key sealed for its own place', async () => {
    const name = await scene.aWantedName();
    const room = scene.aRoom();
    await room.upkeep.run(null);
    await room.runDue();
    const [row] = await scene.database.dataSource.query<{ key: string; account: string }[]>(
      `select encode(sealed_private_key, 'escape') as key,
         (select encode(sealed_key, 'escape') from acme_accounts) as account from certificates`,
    );
    expect(`${row?.key}${row?.account}`).not.toContain('PRIVATE KEY');
    expect((await room.certificates.findCurrent(name))?.privateKeyPem).toContain('PRIVATE KEY');
    await scene.database.dataSource.query('update certificates set version = 7');
    await expect(room.certificates.findCurrent(name)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
