import type { RequestKind } from '../support/acme-fault-proxy-requests.js';
import { DomainScene } from '../support/domain-scene.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { until } from '../support/until.js';

// Seconds: longer than every lease.
const LEASES = 70;

describeWithPebble('a gateway killed during a request to the CA', () => {
  let scene: DomainScene;
  beforeAll(async () => {
    scene = await DomainScene.open();
  });
  afterAll(() => scene?.stop());

  /** Kills at the first such request about the name: before the CA gets it, or after the CA has acted. */
  function killAt(when: 'before' | 'after', kind: RequestKind, name: string | null): Promise<void> {
    return new Promise((resolve) => {
      scene.proxy[when === 'before' ? 'onRequest' : 'onResponse'] = async (seen, _, request) => {
        if (seen !== kind || request.hostname !== name) return;
        scene.proxy.heal();
        await scene.kill();
        if (when === 'before') scene.proxy.inject({ at: kind, reset: 'before' });
        resolve();
      };
    });
  }

  it('at newAccount: ends with one account', async () => {
    const killed = killAt('after', 'newAccount', null);
    await scene.spawnGateway();
    await killed;
    await scene.letPass(LEASES, 'eu.onetime.localhost');
    await scene.startGateway();
    const urls = await scene.query('select account_url from acme_accounts');
    expect(urls).toEqual([{ account_url: expect.stringContaining('/my-account/') }]);
    // One request made the account, and one found it again by its key.
    expect(scene.proxy.accepted('newAccount')).toBe(2);
    expect(scene.done('eu.onetime.localhost', 'finalize')).toBe(1);
  });

  it.each([
    // The answer with the order's URL is lost, so the order cannot be resumed.
    ['after', 'newOrder', 2],
    // After the request the CA would validate, get no answer, and invalidate the order.
    ['before', 'challenge', 1],
    ['before', 'finalize', 1],
    ['after', 'finalize', 1],
    ['before', 'cert', 1],
  ] as const)(
    '%s %s: continues after the restart, with %i order(s)',
    async (when, kind, orders) => {
      const name = `secrets.${when}-${kind}.test`.toLowerCase();
      const { id } = await scene.claim(name);
      const customer = await scene.customer();
      const killed = killAt(when, kind, name);
      // The kill may come before the answer.
      await Promise.all([killed, customer.verify(id).catch(() => null)]);
      expect(await scene.certificatesOf(name)).toEqual([]);

      await scene.letPass(LEASES, name);
      await scene.startGateway();
      await customer.serving(id);
      const certificates = await scene.certificatesOf(name);
      expect(certificates).toHaveLength(1);
      await until(
        'it serves',
        async () => (await scene.servedSerial(name)) === certificates[0]?.serial,
      );
      expect(scene.done(name, 'newOrder')).toBe(orders);
      expect(scene.done(name, 'finalize')).toBe(1);
      const types = (await scene.story(id)).map(({ type }) => type);
      expect(types).toEqual(['queued', 'ordered', 'validated', 'issued']);
    },
  );
});
