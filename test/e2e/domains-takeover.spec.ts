import { recordsToMake, type DomainClient, type DomainRecord } from '../support/domain-client.js';
import { LocalScene } from '../support/domain-scene-local.js';

describe('an account that does not control a name', () => {
  let scene: LocalScene;
  let victim: DomainClient;
  let attacker: DomainClient;
  beforeAll(async () => {
    scene = await LocalScene.start();
    victim = await scene.customer('owner@victim.test');
    attacker = await scene.customer('mallory@attacker.test');
  });
  afterAll(() => scene?.stop());

  const stateOf = async (client: DomainClient, { id }: DomainRecord) =>
    (await client.verify(id)).ownership.state;

  const txtOf = (domain: DomainRecord) => {
    const record = recordsToMake(domain).find(({ type }) => type === 'TXT');
    if (record === undefined) throw new Error('no TXT record is asked for');
    return { fqdn: record.fqdn, value: record.desired[0] ?? '' };
  };

  /** The attacker can share nothing with the name, on the name or on the region host. */
  async function expectNothing(name: string): Promise<void> {
    const body = { secret: 'swan', share_domain: name };
    for (const host of ['eu.onetime.localhost', name]) {
      const sent = scene.on(host, { path: '/api/v1/share', auth: attacker.auth, body });
      const answer = await sent.catch(() => null);
      expect(answer?.text ?? '').not.toContain('secret_key');
    }
  }

  it('gets no link, certificate or traffic by a claim without proof', async () => {
    const name = 'secrets.unproven.test';
    const claim = await attacker.claim(name);
    // Pointed here: anybody can publish our addresses.
    scene.dns.zone.set(name, 'A', ['127.0.0.1']);
    expect(await stateOf(attacker, claim)).toBe('pending');
    expect(await attacker.get(claim.id)).toMatchObject({
      serving: { ready: false, blocked_by: expect.arrayContaining(['ownership', 'certificate']) },
      certificate: { state: 'none', ca: null },
    });
    expect(await scene.isServed(name)).toBe(false);
    await expectNothing(name);
    const ask = await scene.gateway.ops(`/api/internal/caddy/ask?domain=${name}`);
    expect(ask.status).toBe(403);
  });

  it('cannot claim a proven name in another spelling', async () => {
    const held = await scene.setUp(victim, 'secrets.bücher.test');
    expect(held.hostname).toBe('secrets.xn--bcher-kva.test');
    for (const spelling of [
      'secrets.xn--bcher-kva.test',
      'SECRETS.XN--BCHER-KVA.TEST.',
      'secrets.bücher.test',
      'Secrets.BÜCHER.test',
      // u and a combining diaeresis.
      'secrets.bu\u0308cher.test',
    ]) {
      const claim = await attacker.claim(spelling);
      expect(claim).toMatchObject({ hostname: held.hostname, ownership: { state: 'conflict' } });
      scene.publish(claim, 'TXT');
      expect(await stateOf(attacker, claim)).toBe('conflict');
      expect((await attacker.get(claim.id)).serving.ready).toBe(false);
      expect((await attacker.send('DELETE', `/${claim.id}`)).status).toBe(200);
    }
    await expectNothing(held.hostname);
    expect(await stateOf(victim, held)).toBe('verified');
    expect(await scene.isServed(held.hostname)).toBe(true);
  });

  it('cannot use the proof of another claim', async () => {
    const held = await victim.claim('secrets.proven.test');
    const { fqdn, value } = txtOf(held);
    scene.publish(held);
    expect(await stateOf(victim, held)).toBe('verified');
    // In the attacker's own zone, and at the name of the victim.
    for (const name of ['secrets.attacker.test', 'secrets.proven.test']) {
      const claim = await attacker.claim(name);
      scene.dns.zone.set(txtOf(claim).fqdn, 'TXT', [value]);
      scene.dns.zone.set(fqdn.replace('secrets.proven.test', name), 'TXT', [value]);
      expect(await stateOf(attacker, claim)).not.toBe('verified');
    }
  });

  describe('after its owner removed it and left all records', () => {
    const name = 'secrets.dangling.test';
    let old: DomainRecord;
    beforeAll(async () => {
      old = await scene.setUp(victim, name);
      expect((await victim.send('DELETE', `/${old.id}`)).status).toBe(200);
      await scene.untilServed(name, false);
    });

    it('cannot prove it by the dangling CNAME record', async () => {
      const claim = await attacker.claim(name);
      expect(claim.routing.target).not.toBe(old.routing.target);
      expect(await stateOf(attacker, claim)).toBe('pending');
      // As an attacker who can write TXT records only.
      scene.publish(claim, 'TXT');
      expect(await stateOf(attacker, claim)).toBe('pending');
      expect(await scene.isServed(name)).toBe(false);
      await expectNothing(name);
    });

    it('leaves it to its owner, who needs new records to prove it again', async () => {
      const claim = await victim.claim(name);
      expect(claim.id).not.toBe(old.id);
      expect(await stateOf(victim, claim)).toBe('pending');
      const [was, is] = [old.records, claim.records].map(
        (records) => records.find(({ type }) => type === 'TXT')?.desired[0] ?? '',
      );
      expect(is).not.toBe(was);
      scene.dns.zone.set(txtOf(claim).fqdn, 'TXT', [was ?? '']);
      expect(await stateOf(victim, claim)).toBe('pending');
      expect(await scene.isServed(name)).toBe(false);

      scene.publish(claim);
      expect(await stateOf(victim, claim)).toBe('verified');
      await victim.serving(claim.id);
      await scene.untilServed(name, true);
    });
  });
});
