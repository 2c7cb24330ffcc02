import type { DomainClient, DomainRecord } from '../support/domain-client.js';
import { LocalScene } from '../support/domain-scene-local.js';
import { until } from '../support/until.js';

const REGION_HOST = 'eu.onetime.localhost';

describe('a custom domain', () => {
  let scene: LocalScene;
  beforeAll(async () => {
    scene = await LocalScene.start();
  });
  afterAll(() => scene?.stop());

  const share = (name: string, auth?: string) =>
    scene.on(name, {
      path: '/api/v1/share',
      body: { secret: 'swan' },
      ...(auth === undefined ? {} : { auth }),
    });

  /** The key of a secret that the owner concealed on the domain. */
  async function aLink(name: string, { auth }: DomainClient): Promise<string> {
    const shared = (await share(name, auth)).json<{ secret_key: string; share_domain: string }>();
    expect(shared.share_domain).toBe(name);
    return shared.secret_key;
  }

  const reveal = (host: string, key: string) =>
    scene.on(host, { path: `/api/v1/secret/${key}`, method: 'POST' });

  const eventTypes = async (client: DomainClient, { id }: DomainRecord) =>
    (await client.events(id)).map(({ type }) => type);

  it('serves 14 more days after its plan ended, and keeps its secrets', async () => {
    const name = 'secrets.downgraded.test';
    const owner = await scene.customer('owner@downgraded.test');
    const domain = await scene.setUp(owner, name);
    await scene.command('owner@downgraded.test', 'plan', '--plan', 'basic');
    await until('it is noted', async () =>
      (await eventTypes(owner, domain)).includes('plan_lapsed'),
    );
    expect((await owner.get(domain.id)).serving).toMatchObject({ ready: true, blocked_by: [] });
    const key = await aLink(name, owner);
    expect(await scene.isServed(name)).toBe(true);

    await scene.age(domain, 'plan_lapsed_at', '14 days');
    await scene.untilServed(name, false);
    expect(await owner.get(domain.id)).toMatchObject({
      serving: { ready: false, blocked_by: ['plan'] },
      ownership: { state: 'verified' },
      certificate: { state: 'active' },
    });

    await scene.command('owner@downgraded.test', 'plan', '--plan', 'identity_plus');
    await scene.untilServed(name, true);
    expect((await reveal(name, key)).json()).toMatchObject({ value: 'swan' });
  });

  it('accepts no new secret while its account is suspended, and reveals existing ones', async () => {
    const name = 'secrets.suspended.test';
    const owner = await scene.customer('owner@suspended.test');
    const { id } = await scene.setUp(owner, name);
    expect((await owner.send('PUT', `/${id}/api-config`, { enabled: true })).status).toBe(200);
    await until('guests may share', async () => (await share(name)).status === 200);
    const key = await aLink(name, owner);

    await scene.command('owner@suspended.test', 'suspend');
    await until('guests may not share', async () => (await share(name)).status !== 200);
    expect((await share(name, owner.auth)).status).not.toBe(200);
    expect((await owner.send('GET', '')).status).toBe(401);
    expect((await reveal(name, key)).json()).toMatchObject({ value: 'swan' });
  });

  it('is free for other accounts after the removal of its account, and its secrets are burned', async () => {
    const name = 'secrets.gone.test';
    const owner = await scene.customer('owner@gone.test');
    await scene.setUp(owner, name);
    const key = await aLink(name, owner);

    await scene.command('owner@gone.test', 'remove');
    await scene.untilServed(name, false);
    expect((await reveal(REGION_HOST, key)).status).toBe(404);

    const next = await scene.customer('next@gone.test');
    const claim = await until('the name is free', async () => {
      const seen = await next.claim(name);
      if (seen.ownership.state === 'pending') return seen;
      await next.send('DELETE', `/${seen.id}`);
      return null;
    });
    scene.publish(claim, 'TXT');
    expect((await next.verify(claim.id)).ownership.state).toBe('pending');
    scene.publish(claim);
    expect((await next.verify(claim.id)).ownership.state).toBe('verified');
    await scene.untilServed(name, true);
    expect((await reveal(name, key)).status).toBe(404);
  });

  it('has its secrets revealed on the region host after its removal', async () => {
    const name = 'secrets.removed.test';
    const owner = await scene.customer('owner@removed.test');
    const { id } = await scene.setUp(owner, name);
    const key = await aLink(name, owner);
    expect((await owner.send('DELETE', `/${id}`)).status).toBe(200);
    await scene.untilServed(name, false);
    expect((await reveal(REGION_HOST, key)).json()).toMatchObject({ value: 'swan' });
  });

  it('proven in two regions is served by the one that its CNAME leads to', async () => {
    const name = 'secrets.moving.test';
    const [inEu, inUs] = [
      await scene.customer('owner@moving.test', 'eu'),
      await scene.customer('owner@moving.test', 'us'),
    ];
    const eu = await scene.setUp(inEu, name);
    const us = await inUs.claim(name);
    scene.publish(us, 'TXT');
    expect((await inUs.verify(us.id)).ownership.state).toBe('verified');
    const servedBy = async (client: DomainClient) =>
      (await share(name, client.auth)).status === 200;
    expect([await servedBy(inEu), await servedBy(inUs)]).toEqual([true, false]);

    scene.dns.zone.set(name, 'CNAME', [us.routing.target ?? '']);
    for (const [client, { id }] of [
      [inEu, eu],
      [inUs, us],
    ] as const)
      await client.verify(id);
    await until('us serves', () => servedBy(inUs));
    expect(await servedBy(inEu)).toBe(false);
  });
});
