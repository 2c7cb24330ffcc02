import { recordsToMake } from '../support/domain-client.js';
import { LocalScene } from '../support/domain-scene-local.js';
import { call } from '../support/https-client.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';

describe('a domain that is being set up', () => {
  let scene: LocalScene;
  beforeAll(async () => {
    scene = await LocalScene.start();
  });
  afterAll(() => scene.stop());

  it.each<[string, (name: string, id: string) => Promise<unknown>]>([
    ['its name is visited', (name) => scene.isServed(name)],
    [
      'its owner looks at it',
      (_name, id) => owner().then((client) => client.get(id).catch(() => null)),
    ],
  ])('serves without a call to verify while %s', async (what, look) => {
    const client = await owner();
    const name = `${what.replaceAll(' ', '-')}.acme.test`;
    const claimed = await client.claim(name);
    await until('the first check', async () => {
      const { issues } = await client.get(claimed.id);
      return issues.length > 0;
    });
    // Only a visit can make the next check due in time.
    await query(scene.gateway, 'eu', {
      text: `update domains set next_check_at = now() + interval '1 hour' where extid = $1 returning 1`,
      values: [claimed.id],
    });
    expect(recordsToMake(claimed).length).toBeGreaterThan(0);
    scene.publish(claimed);
    await until('TLS', async () => {
      await look(name, claimed.id);
      return scene.isServed(name);
    });
    const answer = await call(scene.gateway.target(name), { path: '/api/v1/status' });
    expect(answer.status).toBe(200);
  });

  let client: ReturnType<LocalScene['customer']> | null = null;
  function owner(): ReturnType<LocalScene['customer']> {
    client ??= scene.customer('owner@acme.test');
    return client;
  }
});
