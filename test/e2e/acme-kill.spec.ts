import type { RequestKind } from '../support/acme-fault-proxy-requests.js';
import { DomainScene } from '../support/domain-scene.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { until } from '../support/until.js';

// Longer than every lease.
const LEASES = 70;

describeWithPebble('a gateway killed while it talks to the CA', () => {
  let scene: DomainScene;
  beforeAll(async () => {
    scene = await DomainScene.open();
  });
  afterAll(() => scene?.stop());

  /** Kills at the first such request about the name: before the CA hears of it, or when it has done it. */
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

  it('at newAccount: has one account in the end', async () => {
    const killed = killAt('after', 'newAccount', null);
    await scene.spawnGateway();
    await killed;
    await scene.letPass(LEASES, 'eu.onetime.localhost');
    await scene.startGateway();
    const urls = await scene.query('select account_url from acme_accounts');
    expect(urls).toEqual([{ account_url: expect.stringContaining('/my-account/') }]);
    // Once the account had been made, and once to find it again by its key.
    expect(scene.proxy.accepted('newAccount')).toBe(2);
    expect(scene.done('eu.onetime.localhost', 'finalize')).toBe(1);
  });

  it.each([
    // The CA's answer with the order's URL is lost for good: there is nothing to go on with.
    ['after', 'newOrder', 2],
    // Afterwards the CA would look, find nobody, and give the order up.
    ['before', 'challenge', 1],
    ['before', 'finalize', 1],
    ['after', 'finalize', 1],
    ['before', 'cert', 1],
  ] as const)('%s %s: goes on after the restart, with %i order(s)', async (when, kind, orders) => {
    const name = `secrets.${when}-${kind}.test`.toLowerCase();
    const { id } = await scene.claim(name);
    const customer = await scene.customer();
    const killed = killAt(when, kind, name);
    // The kill may be faster than the answer.
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
  });
});
