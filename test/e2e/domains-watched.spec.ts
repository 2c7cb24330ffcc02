import { freePorts } from '../../demo/free-ports.js';
import { AdminClient, adminPort, makeKeyIn } from '../support/admin-client.js';
import { ConnectScene } from '../support/connect-scene.js';
import { recordsToMake, type ConnectRecord, type DomainClient } from '../support/domain-client.js';
import { LocalScene } from '../support/domain-scene-local.js';
import { call } from '../support/https-client.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';

const ZONE = 'provided.test';

let connect: ConnectScene;
let nameServer: string;
let admin: AdminClient;
beforeAll(async () => {
  const [port] = await freePorts(1);
  const operators = await adminPort();
  nameServer = `127.0.0.1:${port}`;
  connect = await ConnectScene.start([ZONE, 'apex.test', 'pair.test'], {
    ...operators,
    // The public DNS does not lead to it at first.
    GATEWAY_NAMESERVERS_US: 'ns1.us.onetime.localhost',
    GATEWAY_NAMESERVER_PORT: String(port),
  });
  admin = new AdminClient(connect.local.gateway, Number(operators.GATEWAY_ADMIN_PORT));
});
afterAll(() => connect.stop());

describe('a domain that is being set up', () => {
  let scene: LocalScene;
  beforeAll(() => {
    scene = connect.local;
  });

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

describe('records that the customer’s DNS provider makes', () => {
  let scene: ConnectScene;
  let owner: DomainClient;

  beforeAll(async () => {
    scene = connect;
    owner = await scene.local.customer('owner@provided.test');
  });

  /** Claims the name, and waits until a link is offered. */
  async function offered(name: string, client = owner) {
    const { id } = await client.claim(name);
    return { id, ...(await offerOf(id, client)) };
  }

  function offerOf(id: string, client = owner): Promise<ConnectRecord & { url: string }> {
    return until('a link is offered', async () => {
      const { setup } = await client.get(id);
      const { url } = setup.domain_connect ?? { url: null };
      return url === null ? null : { ...setup.domain_connect!, url };
    });
  }

  const back = async (location: string | undefined) => {
    const { pathname, search, host } = new URL(location ?? '');
    const target = { ...scene.local.gateway.target(host.replace(/:\d+$/, '')) };
    return call(target, { path: `${pathname}${search}` });
  };

  it('from the claim over one consent to serving, without another call', async () => {
    const name = `secrets.${ZONE}`;
    scene.local.dns.zone.set(name, 'A', ['198.51.100.7']);
    const offer = await offered(name);
    expect(offer).toMatchObject({
      state: 'available',
      provider: { id: 'dns-provider.test', name: 'DNS Provider' },
      zone: ZONE,
      host: 'secrets',
      writes: [0, 1],
      replaces: [{ name: 'secrets', type: 'A', values: ['198.51.100.7'] }],
      prepare_url: null,
    });
    const claimed = await owner.get(offer.id);
    expect(claimed.issues.map(({ code }) => code)).toContain('SETUP_REPLACES_RECORDS');

    const applied = await scene.decide(offer.url, 'accept');
    expect(applied.status).toBe(303);
    const page = await back(applied.headers.location);
    expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(page.text).toContain(name);
    const served = await owner.serving(offer.id);
    expect(served.setup.domain_connect).toMatchObject({ url: null, writes: [], replaces: [] });
    expect(await scene.local.isServed(name)).toBe(true);
    expect(await owner.events(offer.id)).toContainEqual(
      expect.objectContaining({ axis: 'routing', type: 'setup_returned' }),
    );
  });

  it.each(['sorted', 'encoded again'] as const)('verified over what is %s', async (verifier) => {
    const { id, url } = await offered(`${verifier.replace(' ', '-')}.${ZONE}`);
    Object.assign(scene.provider.modes, { verifier, isStateful: true, ignoresGroups: true });
    expect((await scene.decide(url, 'accept')).status).toBe(303);
    Object.assign(scene.provider.modes, {
      verifier: 'as sent',
      isStateful: false,
      ignoresGroups: false,
    });
    await owner.verify(id);
    await owner.serving(id);
  });

  it('at the top of a zone, by its own template', async () => {
    const { id, host, url } = await offered('apex.test');
    expect(host).toBeNull();
    expect(url).toContain('/services/custom-domain-apex-eu-basic/apply?');
    await back((await scene.decide(url, 'accept')).headers.location);
    await owner.serving(id);
    expect(scene.local.dns.zone.answer('apex.test', 'A').answers).toHaveLength(1);
  });

  it('of an apex and its www by one consent', async () => {
    const apex = 'pair.test';
    scene.local.dns.zone.set(`www.${apex}`, 'A', ['198.51.100.7']);
    const claimed = await owner.send('POST', '', { domain: apex, pair: true });
    const { id, pair: other } = claimed.json<{ record: { id: string; pair: { id: string } } }>()
      .record;
    const offer = await until('a link makes both', async () => {
      const { setup } = await owner.get(id);
      return setup.domain_connect?.pair == null ? null : setup.domain_connect;
    });
    expect(offer.url).toContain('/services/custom-domain-apex-www-eu-basic/apply?');
    expect(offer).toMatchObject({
      pair: { hostname: `www.${apex}`, name: 'www', type: 'CNAME' },
      replaces: [{ name: 'www', type: 'A', values: ['198.51.100.7'] }],
    });
    const { issues } = await owner.get(id);
    expect(issues.map(({ code }) => code)).toContain('SETUP_REPLACES_RECORDS');
    await back((await scene.decide(offer.url ?? '', 'accept')).headers.location);
    await Promise.all([owner.serving(id), owner.serving(other.id)]);
    expect(scene.local.dns.zone.answer(`www.${apex}`, 'A').answers).toContainEqual(
      expect.objectContaining({ type: 'CNAME', data: offer.pair?.value }),
    );
    const answer = await call(scene.local.gateway.target(`www.${apex}`), { path: '/x' });
    expect(answer.status).toBe(308);
  });

  it('not made after a cancellation, which is said, and offered again', async () => {
    const { id, url } = await offered(`cancelled.${ZONE}`);
    const cancelled = await scene.decide(url, 'cancel');
    const page = await back(cancelled.headers.location);
    expect(page.text).toContain('Nothing was changed');
    // Whoever has the address can write any words, and lead nobody anywhere.
    const words = encodeURIComponent('user_cancel <b>call 555</b> //evil.test');
    const told = await back(
      `${cancelled.headers.location}&error_description=${words}&redirect_uri=https%3A%2F%2Fevil.test&state=evil.test`,
    );
    expect([told.status, told.headers.location]).toEqual([200, undefined]);
    expect(told.text).not.toMatch(/555|evil/);
    const { issues, records } = await owner.get(id);
    expect(issues.map(({ code }) => code)).toContain('SETUP_CANCELLED');
    expect(records.every(({ action }) => action === 'add')).toBe(true);
    expect((await offerOf(id)).url).toBe(url);
  });

  it('made in another zone are not taken for ours, and the records stay to be made by hand', async () => {
    const name = `elsewhere.${ZONE}`;
    const { id, url } = await offered(name);
    scene.provider.modes.isWrongZone = true;
    const page = await back((await scene.decide(url, 'accept')).headers.location);
    scene.provider.modes.isWrongZone = false;
    expect(page.status).toBe(200);
    expect(scene.local.dns.zone.answer(`elsewhere.former.${ZONE}`, 'CNAME').answers).toHaveLength(
      1,
    );
    await query(scene.local.gateway, 'eu', {
      text: `update domains set setup_returned_at = now() - interval '11 minutes' where extid = $1 returning 1`,
      values: [id],
    });
    const { issues, records, ownership, setup } = await owner.verify(id);
    expect(ownership.state).toBe('pending');
    expect(issues.map(({ code }) => code)).toContain('SETUP_NOT_APPLIED');
    expect(records.every(({ action }) => action === 'add')).toBe(true);
    expect(setup.domain_connect?.url).toBe(url);
  });

  it('not made with a value that somebody has changed', async () => {
    const { url } = await offered(`tampered.${ZONE}`);
    const changed = url.replace(/target=[^&]+/, `target=${'0'.repeat(16)}`);
    const refused = await scene.decide(changed, 'accept');
    expect([refused.status, refused.text]).toEqual([400, 'this URL is not verified']);
    expect(scene.local.dns.zone.answer(`tampered.${ZONE}`, 'CNAME').answers).toEqual([]);
  });

  it('never offered for a name that another account has proven, nor to anybody but the owner', async () => {
    const name = `held.${ZONE}`;
    const { id, url } = await offered(name);
    const linked = await owner.send('POST', `/${id}/setup-link`);
    const visit = linked.json<{ record: { url: string } }>().record.url;
    const shown = await call(scene.local.gateway.target('eu.onetime.localhost'), {
      path: new URL(visit).pathname,
    });
    expect(shown.text).toContain(name);
    expect(shown.text).not.toContain('/apply?');
    const list = await owner.send('GET', '');
    expect(list.text).toContain('"domain_connect":{"state":"available"');
    expect(list.text).not.toContain('/apply?');

    await back((await scene.decide(url, 'accept')).headers.location);
    await owner.serving(id);
    const other = await scene.local.customer('other@provided.test');
    const claimed = await other.claim(name);
    await other.verify(claimed.id);
    const { setup, ownership } = await other.get(claimed.id);
    expect(ownership.state).toBe('conflict');
    expect(setup.domain_connect).toMatchObject({ url: null, prepare_url: null });

    // Left behind by the first owner: the link would prove the name to whoever claims it now.
    await owner.send('DELETE', `/${id}`);
    const quarantined = await other.verify(claimed.id);
    expect(quarantined.setup.domain_connect).toMatchObject({ url: null });
  });

  it('not offered while our key is not published', async () => {
    const { dns, gateway } = scene.local;
    const { code, stdout } = await gateway.command(
      'domain-connect',
      'check',
      `x.${ZONE}`,
      '--region',
      'eu',
    );
    expect([code, stdout]).toEqual([0, expect.stringContaining('Nothing is missing.')]);
    dns.zone.clear('_dck1.onetime.localhost');
    const unpublished = await gateway.command(
      'domain-connect',
      'check',
      `x.${ZONE}`,
      '--region',
      'eu',
    );
    expect(unpublished.code).toBe(1);
    expect(unpublished.stdout).toContain('_dck1.onetime.localhost');
    scene.publishKey();
  });

  it('noted for nobody by an address that is none of ours', async () => {
    const host = scene.local.gateway.target('eu.onetime.localhost');
    const ticket = `cd${'0'.repeat(18)}.20000.${'0'.repeat(32)}`;
    const odd = ['..%2f..%2flogin', '%2f%2fevil.test', 'x%0d%0alocation:%20evil.test'];
    for (const path of [ticket, 'x', `${ticket}?error=access_denied`, ...odd]) {
      const answer = await call(host, { path: `/domain-connect/return/${path}` });
      expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('has ended')]);
    }
  });
});

describe('the record by which a certificate comes before the switch', () => {
  const zone = (name: string, type: string) => connect.local.dns.zone.answer(name, type).answers;
  const offerOf = (client: DomainClient, id: string) =>
    until('a link is offered', async () => {
      const { setup } = await client.get(id);
      const { url } = setup.domain_connect ?? { url: null };
      return url === null ? null : { ...setup.domain_connect!, url };
    });

  /** What the operator of the region sees. */
  async function regionIssues(): Promise<readonly { code: string; evidence: object }[]> {
    const answer = await admin.call('/overview', { region: 'us', key: await keyOfUs() });
    return answer.json<{ issues: { code: string; evidence: object }[] }>().issues;
  }
  let key: Promise<string> | null = null;
  const keyOfUs = () => (key ??= makeKeyIn('us', connect.local.gateway, 'watch'));

  it('is made by the DNS provider only while the name server is reached, which the operator is told', async () => {
    const owner = await connect.local.customer('owner@provided.test', 'us');
    const unreached = await until('the operator is told', async () => {
      const [issue] = await regionIssues();
      return issue ?? null;
    });
    expect(unreached).toMatchObject({
      code: 'NAMESERVER_UNREACHABLE',
      severity: 'warning',
      owner: 'operator',
      evidence: { zone: 'acme.us.onetime.localhost', name_servers: ['ns1.us.onetime.localhost'] },
    });

    const early = `early.${ZONE}`;
    const { id, records } = await owner.claim(early);
    expect(records.map(({ purpose }) => purpose)).not.toContain('certificate');
    const offer = await offerOf(owner, id);
    expect(offer).toMatchObject({ prepare_url: null, writes: [0, 1] });
    expect(offer.url).toContain('groupId=prove%2Croute&');
    expect((await connect.decide(offer.url, 'accept')).status).toBe(303);
    expect(zone(early, 'CNAME')).toHaveLength(1);
    expect(zone(`_acme-challenge.${early}`, 'CNAME')).toEqual([]);

    connect.local.dns.delegate('acme.us.onetime.localhost', nameServer);
    await until('the name server is reached', async () => (await regionIssues()).length === 0);
    const late = `late.${ZONE}`;
    const second = await owner.claim(late);
    await owner.verify(second.id);
    const whole = await offerOf(owner, second.id);
    expect(whole.writes).toEqual([0, 1, 2]);
    expect(whole.url).not.toContain('groupId');
    expect(whole.prepare_url).toContain('groupId=certify%2Cprove&');
    expect((await connect.decide(whole.prepare_url ?? '', 'accept')).status).toBe(303);
    expect(zone(`_acme-challenge.${late}`, 'CNAME')).toEqual([
      expect.objectContaining({ data: expect.stringMatching(/^[a-z0-9]{16}\.acme\.us\./) }),
    ]);
    expect(zone(late, 'CNAME')).toEqual([]);
    const prepared = await owner.verify(second.id);
    expect(prepared).toMatchObject({ delegation: { state: 'ready' } });
    // One that was made without the record is offered it now, by hand.
    const again = await owner.verify(id);
    expect(again.records.find(({ purpose }) => purpose === 'certificate')).toMatchObject({
      action: 'add',
    });
  });
});
