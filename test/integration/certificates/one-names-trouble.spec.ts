import type { Hostname } from '../../../src/shared/hostname.js';
import { MINUTE } from '../../../src/shared/durations.js';
import {
  problemAnswer,
  type Fault,
  type ProxyAnswer,
} from '../../support/acme-fault-proxy-faults.js';
import type { RequestKind } from '../../support/acme-fault-proxy-requests.js';
import { issuanceScene } from './issuance-scene.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { certificatesOf, makeDue, type IssuanceRoom } from './issuance-room.js';

const ERROR_500 = problemAnswer(500, 'serverInternal', 'Error creating new order');
const BAD_GATEWAY: ProxyAnswer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html>Bad Gateway</html>',
};
const UNREADABLE: ProxyAnswer = {
  status: 201,
  headers: { 'content-type': 'application/json' },
  body: '{"status":"pending"}',
};

describeWithPebble("trouble with one name's orders", () => {
  const scene = issuanceScene();
  let room: IssuanceRoom;
  beforeEach(() => {
    room = scene.aRoom();
  });

  const aWantedName = async (): Promise<Hostname> => {
    const name = await scene.aWantedName();
    await room.upkeep.run([name]);
    return name;
  };
  const anIssued = () => scene.anIssued(room);
  const retry = async (name: Hostname) => {
    await makeDue(scene.database, name);
    await room.runDue();
  };
  const failing = (
    names: readonly Hostname[],
    fault: Partial<Fault> & { at: RequestKind },
  ): Fault => ({
    times: Infinity,
    when: ({ hostname }) => names.some((name) => name === hostname),
    ...fault,
  });
  /** Also those that are over: the first lasts 5 s, and a slow machine may be later. */
  const holds = () =>
    scene.database.dataSource.query<{ scope: string; failures: number; seconds: number }[]>(
      `select scope, failures, extract(epoch from until - placed_at)::float8 as seconds from ca_holds`,
    );
  const prolongHolds = () =>
    scene.database.dataSource.query("update ca_holds set until = now() + interval '1 hour'");

  it.each<[string, Partial<Fault> & { at: RequestKind }]>([
    ['a 500 to newOrder', { at: 'newOrder', answer: ERROR_500 }],
    ['a 502 in HTML to newOrder', { at: 'newOrder', answer: BAD_GATEWAY }],
    ['an unreadable order', { at: 'newOrder', answer: UNREADABLE }],
    ['a reset at newOrder', { at: 'newOrder', reset: 'before' }],
    ['a reset at finalize', { at: 'finalize', reset: 'before' }],
    ['a 500 to finalize', { at: 'finalize', answer: ERROR_500 }],
  ])('lets the others be issued after %s', async (_, fault) => {
    const bad = await aWantedName();
    scene.world.proxy.inject(failing([bad], fault));
    await room.runDue();
    expect(await holds()).toEqual([]);
    const good = await aWantedName();
    await room.runDue();
    expect(await certificatesOf(scene.database, good)).toHaveLength(1);
    await retry(bad);
    expect(await holds()).toEqual([]);
    const { attempts, problem } = await room.service.view(bad);
    expect(attempts.heldBy).toBe('backoff');
    expect(attempts.count).toBeGreaterThanOrEqual(2);
    expect(Number(attempts.nextAt) - Date.now()).toBeGreaterThan(9 * MINUTE);
    expect(problem).not.toBeNull();
    const another = await aWantedName();
    await room.runDue();
    expect(await certificatesOf(scene.database, another)).toHaveLength(1);
    scene.world.proxy.heal();
    await retry(bad);
    expect(await certificatesOf(scene.database, bad)).toHaveLength(1);
  });

  it('begins a new order once the third attempt at one has failed', async () => {
    const bad = await aWantedName();
    scene.world.proxy.inject(failing([bad], { at: 'finalize', answer: ERROR_500 }));
    const before = scene.world.proxy.count('newOrder');
    await room.runDue();
    for (const _ of [2, 3]) await retry(bad);
    expect(scene.world.proxy.count('newOrder') - before).toBe(1);
    await retry(bad);
    expect(scene.world.proxy.count('newOrder') - before).toBe(2);
  });

  it('sends `replaces` again after one server error, and no more after the second', async () => {
    const soon = { start: new Date(Date.now() + MINUTE), end: new Date(Date.now() + 2 * MINUTE) };
    scene.world.proxy.renewalWindow = () => soon;
    const name = await anIssued();
    scene.world.proxy.inject(failing([name], { at: 'newOrder', answer: ERROR_500, times: 3 }));
    const from = scene.world.proxy.seen.length;
    for (const _ of [1, 2, 3, 4]) await retry(name);
    const orders = scene.world.proxy.seen.slice(from).filter(({ kind }) => kind === 'newOrder');
    expect(orders.map(({ payload }) => payload?.['replaces'] !== undefined)).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(await certificatesOf(scene.database, name)).toHaveLength(2);
  });

  it('holds everybody when several different names fail, counts failures at once as one, and ends with a success', async () => {
    const running = await aWantedName();
    const gate = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    scene.world.proxy.onRequest = async (kind) => {
      if (kind !== 'cert') return;
      arrived.resolve();
      await gate.promise;
    };
    const inFlight = room.runOne();
    await arrived.promise;
    const names = [
      await aWantedName(),
      await aWantedName(),
      await aWantedName(),
      await aWantedName(),
    ];
    scene.world.proxy.inject(failing(names, { at: 'newOrder', answer: ERROR_500 }));
    let waiting = 0;
    const together = Promise.withResolvers<void>();
    scene.world.proxy.onRequest = async (kind) => {
      if (kind === 'cert') return gate.promise;
      if (kind !== 'newOrder') return;
      waiting += 1;
      if (waiting === names.length) together.resolve();
      await together.promise;
    };
    await Promise.all(names.map(() => room.runOne()));
    const [hold] = await holds();
    expect(hold).toMatchObject({ scope: 'all', failures: 1 });
    expect(hold?.seconds).toBeLessThanOrEqual(5);
    await prolongHolds();

    const held = await aWantedName();
    const before = scene.world.proxy.seen.length;
    await room.runDue();
    expect(scene.world.proxy.seen.length).toBe(before);
    expect(await room.service.view(held)).toMatchObject({
      attempts: { count: 0, heldBy: 'ca_down' },
    });

    gate.resolve();
    expect(await inFlight).toBe(running);
    expect(await certificatesOf(scene.database, running)).toHaveLength(1);
    expect(await holds()).toEqual([]);
    expect(await scene.database.dataSource.query('select * from ca_failures')).toEqual([]);
    await retry(held);
    expect(await certificatesOf(scene.database, held)).toHaveLength(1);
  });

  it('doubles the hold while the CA keeps failing for several names', async () => {
    const names = [await aWantedName(), await aWantedName(), await aWantedName()];
    scene.world.proxy.inject(failing(names, { at: 'newOrder', answer: ERROR_500 }));
    await room.runDue();
    const [first] = await holds();
    await scene.database.dataSource.query('update ca_holds set until = now()');
    await retry(names[2] as Hostname);
    const [hold] = await holds();
    expect(hold?.failures).toBeGreaterThan(first?.failures ?? 0);
    expect(hold?.seconds).toBeGreaterThan(5);
  });

  it.each<[string, RequestKind, Partial<Fault>]>([
    ['the directory fails', 'directory', { answer: ERROR_500 }],
    ['the CA gives no nonce', 'newNonce', { answer: ERROR_500 }],
    ['the account cannot be registered', 'newAccount', { answer: ERROR_500 }],
    ['nothing can be reached', 'any' as RequestKind, { reset: 'before' }],
  ])('holds everybody when %s', async (_, at, fault) => {
    const names = [await aWantedName(), await aWantedName()];
    scene.world.proxy.inject({ at, times: Infinity, ...fault });
    await room.runDue();
    expect(await holds()).toMatchObject([{ scope: 'all' }]);
    await prolongHolds();
    for (const name of names) {
      expect(await room.service.view(name)).toMatchObject({
        attempts: { count: 0, heldBy: 'ca_down' },
      });
    }
  });

  it('keeps a hold for which the CA named the time, whoever succeeds', async () => {
    await room.holds.place('pebble', { scope: 'all', reason: 'rate_limit', seconds: 60 });
    await room.failures.succeed({ name: 'pebble' });
    expect(await holds()).toHaveLength(1);
  });
});
