import { REGION_HOST } from '../support/domain-scene-services.js';
import { DomainScene } from '../support/domain-scene.js';
import { call } from '../support/https-client.js';
import { describeWithPebble } from '../support/pebble-program.js';
import { until } from '../support/until.js';
import { say } from './fault-run.js';

const KNOWN = 'secrets.known.test';
const NEW = 'secrets.hole.test';
/** A request to the CA has 30 s. */
const GIVEN_UP_WITHIN = 180_000;
// Seconds: longer than any wait here, shorter than an order's lifetime.
const LONG = 700;

describeWithPebble('a CA that takes connections and requests, and never answers', () => {
  let scene: DomainScene;
  beforeAll(async () => {
    scene = await DomainScene.start();
  });
  afterAll(() => scene?.stop());

  it('is said to be down, names and messages go on, and the next order after it is the only one', async () => {
    const first = await scene.add(KNOWN);
    const customer = await scene.customer();
    await customer.serving(first);
    const serial = await scene.servedSerial(KNOWN);

    const hole = Promise.withResolvers<void>();
    scene.proxy.onRequest = () => hole.promise;
    const beganAt = performance.now();
    const id = await scene.add(NEW);
    const [region, custom] = [await scene.target(REGION_HOST), await scene.target(KNOWN)];
    let shared = 0;
    const axis = await until(
      'a request has had its time',
      async () => {
        const made = await call(region, { path: '/api/v1/share', body: { secret: 'x' } });
        const known = await call(custom, { path: '/api/v1/status' });
        expect([made.status, known.status]).toEqual([200, 200]);
        shared += 1;
        expect(await scene.servedSerial(KNOWN)).toBe(serial);
        const seen = await scene.certificate(id);
        return seen.attempts.held_by === 'ca_down' ? seen : null;
      },
      GIVEN_UP_WITHIN,
    );
    say(
      `CA black hole: noticed after ${((performance.now() - beganAt) / 1000).toFixed(0)} s, ${shared} messages meanwhile`,
    );
    expect(shared).toBeGreaterThan(0);
    expect(axis).toMatchObject({ problem: { detail: expect.stringContaining('no answer') } });
    const { issues } = await customer.get(id);
    expect(issues.map(({ code }) => code)).toContain('CA_DOWN');

    scene.proxy.heal();
    hole.resolve();
    await scene.letPass(LONG, NEW);
    const { serving } = await customer.serving(id);
    expect(serving).toMatchObject({ ready: true, blocked_by: [] });
    expect(await scene.certificatesOf(NEW)).toHaveLength(1);
    expect(scene.done(NEW, 'finalize')).toBe(1);
    const status = await call(await scene.target(NEW), { path: '/api/v1/status' });
    expect(status.json()).toMatchObject({ status: 'nominal' });
  });
});
