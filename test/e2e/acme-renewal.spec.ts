import { ariCertId } from '../../src/acme/ari-cert-id.js';
import { alreadyReplaced } from '../support/acme-fault-proxy-faults.js';
import { DomainScene } from '../support/domain-scene.js';
import { call } from '../support/https-client.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;
const RENEWED = ['secrets.one.test', 'secrets.two.test', 'secrets.three.test'];
const ADVISED = 'secrets.four.test';

describeWithPebble('two gateways and a CA that refuses half of all nonces', () => {
  let scene: DomainScene;
  const ids = new Map<string, string>();
  /** The ARI ids of certificates whose renewal window is in the past. */
  const condemned = new Set<string>();

  beforeAll(async () => {
    scene = await DomainScene.open({ nonceReject: 50 });
    scene.proxy.renewalWindow = (certId) => {
      const start = new Date(Date.now() + (condemned.has(certId) ? -2 : 1000) * HOUR_MS);
      const end = new Date(start.getTime() + HOUR_MS);
      return { start, end, explanationUrl: 'https://ca.example/incident' };
    };
    // One after the other: the CA may validate at either gateway, so both must listen before the next order.
    await scene.startGateway();
    await scene.startGateway();
  });
  afterAll(() => scene?.stop());

  const idOf = (name: string) => ids.get(name) ?? '';

  /** Both gateways serve the newest certificate, which is the `count`th of the name. */
  async function expectServed(name: string, count: number): Promise<void> {
    const newest = await until(`${name} has certificate ${count}`, async () => {
      const all = await scene.certificatesOf(name);
      return all.length >= count ? all.at(-1)?.serial : null;
    });
    for (const gateway of scene.gateways) {
      await until(`${name} serves its newest certificate`, async () => {
        const served = await scene.servedSerial(name, gateway);
        return served === newest;
      });
      const status = await call(await scene.target(name, gateway), { path: '/api/v1/status' });
      expect(status.json()).toMatchObject({ status: 'nominal' });
    }
    expect(await scene.certificatesOf(name)).toHaveLength(count);
    expect(scene.done(name, 'finalize')).toBe(count);
  }

  async function certIdOf(name: string): Promise<string> {
    const chainPem = (await scene.certificatesOf(name)).at(-1)?.chainPem ?? '';
    return ariCertId(chainPem) ?? '';
  }

  /** Waits until no work is in progress, makes the names due, and wakes both gateways at the same moment. */
  async function makeDue(column: 'renew_at' | 'ari_poll_at', ...names: string[]): Promise<void> {
    await until('the names are at rest', async () => {
      const [row] = await scene.query<{ atRest: boolean }>(
        `select bool_and(leased_until is null and ari_poll_at > now()) as "atRest"
         from issuances where hostname = any($1)`,
        [names],
      );
      return row?.atRest;
    });
    await scene.query(
      `with due as (update issuances set ${column} = now(), next_at = now()
         where hostname = any($1) returning hostname)
       insert into domain_changes (hostname) select hostname from due`,
      [names],
    );
  }

  /** With the newer root key in front, as the gateways have it in the second step of a rotation. */
  const rekey = async () => {
    const changes = { GATEWAY_ROOT_KEY_EU: scene.rootKeys.toReversed().join() };
    const result = await scene.gateways[0]?.commandWith(changes, 'rekey');
    if (result === undefined) throw new Error('no gateway runs');
    return result;
  };

  it('are found well by gateway doctor: CA, nonce, certificates and the ports behind the balancer', async () => {
    const stdout = (await scene.gateways[0]?.command('doctor'))?.stdout ?? '';
    expect(stdout).toMatch(/^good +CA .* gives its directory and a nonce$/m);
    expect(stdout).toMatch(/^good +CA .* clock is [\d.]+ s /m);
    expect(stdout).toMatch(/^note +eu CAA +.*no CA names an identity for CAA records$/m);
    expect(stdout).toMatch(/^good +eu DNS +eu\.onetime\.localhost leads to 127\.0\.0\.1/m);
    expect(stdout).toMatch(/^good +eu ports +port \d+ .* is this region's gateway$/m);
    expect(stdout).toMatch(/^good +eu certificates +\d valid certificates/m);
  });

  it('issue one certificate with one order for each name, and both serve it', async () => {
    const names = [...RENEWED, ADVISED];
    await Promise.all(names.map(async (name) => ids.set(name, await scene.add(name))));
    for (const name of names) {
      await expectServed(name, 1);
      expect(scene.done(name, 'newOrder')).toBe(1);
      const types = (await scene.story(idOf(name))).map(({ type }) => type);
      expect(types.filter((type) => type !== 'renewal_advised')).toEqual([
        'queued',
        'ordered',
        'validated',
        'issued',
      ]);
    }
    const refused = scene.proxy.seen.filter(({ status }) => status === 400);
    expect(refused.length).toBeGreaterThan(5);
    expect(scene.proxy.accepted('newAccount')).toBe(1);
  });

  it('renew at the same moment with one order, while gateway rekey seals their keys anew', async () => {
    const before = await Promise.all(RENEWED.map((name) => certIdOf(name)));
    await makeDue('renew_at', ...RENEWED);
    expect((await rekey()).code).toBe(0);
    for (const [index, name] of RENEWED.entries()) {
      await expectServed(name, 2);
      expect(scene.done(name, 'newOrder')).toBe(2);
      const orders = scene.proxy.seen.filter(
        ({ kind, hostname, done }) => kind === 'newOrder' && hostname === name && done === 201,
      );
      expect(orders.map(({ payload }) => payload?.['replaces'])).toEqual([
        undefined,
        before[index],
      ]);
    }
  });

  it('renew at once when the window is in the past, and record the explanation', async () => {
    const replaced = await certIdOf(ADVISED);
    condemned.add(replaced);
    await makeDue('ari_poll_at', ADVISED);
    await expectServed(ADVISED, 2);
    expect(scene.done(ADVISED, 'newOrder')).toBe(2);
    const last = scene.proxy.seen.findLast(
      ({ kind, hostname, done }) => kind === 'newOrder' && hostname === ADVISED && done === 201,
    );
    expect(last?.payload).toMatchObject({ replaces: replaced });
    const story = await scene.story(idOf(ADVISED));
    const ordered = story.findLastIndex(({ type }) => type === 'ordered');
    expect(story[ordered - 1]).toMatchObject({
      type: 'renewal_advised',
      detail: { explanation: 'https://ca.example/incident' },
    });
  });

  it('order once more without `replaces` when the CA refuses it', async () => {
    const [name = ''] = RENEWED;
    scene.proxy.inject(alreadyReplaced());
    await makeDue('renew_at', name);
    await expectServed(name, 3);
    expect(scene.done(name, 'newOrder')).toBe(3);
    const last = scene.proxy.seen.findLast(
      ({ kind, hostname, done }) => kind === 'newOrder' && hostname === name && done === 201,
    );
    expect(last?.payload).not.toHaveProperty('replaces');
    const ordered = (await scene.story(idOf(name))).findLast(({ type }) => type === 'ordered');
    expect(ordered?.detail).toMatchObject({ refused: expect.stringContaining('alreadyReplaced') });
  });

  it('serve the same certificates, and renew, with the new root key alone after gateway rekey', async () => {
    const { code, stdout } = await rekey();
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^Version 1 is not needed any more/m),
    ]);
    const [name = ''] = RENEWED;
    const served = await scene.servedSerial(name);
    await scene.kill();
    await scene.startGateway({ GATEWAY_ROOT_KEY_EU: scene.rootKeys[1] ?? '' });
    expect(await scene.servedSerial(name)).toBe(served);
    await makeDue('renew_at', name);
    await expectServed(name, 4);
    expect(scene.proxy.accepted('newAccount')).toBe(1);
  });
});
