import { GATEWAY, type Actor } from '../../../src/accounts/activity/activity.js';
import { anAccount } from '../domains/support.js';
import { X509Certificate } from 'node:crypto';
import { requireHostname, type Hostname } from '../../../src/shared/hostname.js';
import { issuanceScene } from './issuance-scene.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { until } from '../../support/until.js';
import { aProvenDomain, certificatesOf, timelineOf } from './issuance-room.js';
import { certificateIssueCode } from '../../../src/domains/diagnosis/certificate-issue-codes.js';
import type { StoredProblem } from '../../../src/certificates/issuance.js';
import { openTestAuthority, type TestAuthority } from './test-authority.js';

describeWithPebble('removal of certificates, and uploaded certificates', () => {
  const scene = issuanceScene();
  let authority: TestAuthority;
  beforeAll(async () => {
    authority = await openTestAuthority();
  });
  afterAll(() => authority.remove());

  const release = (name: Hostname) =>
    scene.database.dataSource.query('update domains set removed_at = now() where hostname = $1', [
      name,
    ]);
  const uploadFor = async (name: Hostname) => {
    const issued = await authority.authority.issue(name);
    return { privateKeyPem: issued.privateKeyPem, chainPem: issued.chainPem + authority.rootPem };
  };

  it('destroys the key at once and stops serving the name in every process', async () => {
    const [one, other] = [scene.aRoom(), scene.aRoom()];
    other.feed.onModuleInit();
    const name = await scene.anIssued(one);
    expect(await other.contexts.find(name)).not.toBeNull();
    await release(name);
    await one.service.removeOf([{ hostname: name, ownership: 'verified' }], { revoke: false });
    expect(await certificatesOf(scene.database, name)).toMatchObject([
      { isCurrent: false, hasKey: false },
    ]);
    await until(
      'the other process to stop',
      async () => (await other.contexts.find(name)) === null,
    );
    expect(await one.service.view(name)).toMatchObject({ state: 'none', notAfter: null });
    expect((await timelineOf(scene.database, name)).at(-1)).toBe('removed');
    expect(scene.world.proxy.count('revoke')).toBe(0);
  });

  it('revokes on request, and retries while the CA is unreachable', async () => {
    const room = scene.aRoom();
    const name = await scene.anIssued(room);
    const [row] = await certificatesOf(scene.database, name);
    await release(name);
    await room.service.removeOf([{ hostname: name, ownership: 'verified' }], { revoke: true });
    scene.world.proxy.outage = true;
    await room.revoker.revokeDue();
    scene.world.proxy.outage = false;
    await scene.database.dataSource.query('update certificates set revoke_at = now()');
    await room.revoker.revokeDue();
    expect(await scene.world.pebble.certificateStatus(row?.serial ?? '')).toBe('Revoked');
    expect((await room.service.view(name)).state).toBe('revoked');
  });

  it('removes the certificate of a released claim, and issues with a new key when the claim returns', async () => {
    const room = scene.aRoom();
    const name = await scene.anIssued(room);
    const [before] = await certificatesOf(scene.database, name);
    await release(name);
    await room.upkeep.run(null);
    expect(await certificatesOf(scene.database, name)).toMatchObject([{ hasKey: false }]);

    await aProvenDomain(scene.database, name);
    await room.upkeep.run([name]);
    await room.runDue();
    const rows = await certificatesOf(scene.database, name);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({ isCurrent: true, hasKey: true });
    expect(rows[1]?.serial).not.toBe(before?.serial);
  });

  it('takes the lease from a process that is issuing for a removed name', async () => {
    const room = scene.aRoom();
    const name = await scene.world.newName();
    await aProvenDomain(scene.database, name);
    await room.upkeep.run(null);
    const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    scene.world.proxy.onRequest = async (kind) => {
      if (kind !== 'cert') return;
      reached.resolve();
      await released.promise;
    };
    const running = room.runDue();
    running.catch(() => undefined);
    await reached.promise;
    await release(name);
    await room.service.removeOf([{ hostname: name, ownership: 'verified' }], { revoke: false });
    released.resolve();
    await expect(running).rejects.toThrow('lease');
    scene.world.proxy.heal();
    expect(await certificatesOf(scene.database, name)).toEqual([]);
    expect((await room.service.view(name)).state).toBe('none');
  });

  const target = async (name: Hostname) => ({
    hostname: name,
    domainId: await aProvenDomain(scene.database, name),
    registrableDomain: 'acme.example',
  });

  it('serves an upload, orders nothing, warns before its end, and returns to ACME on request', async () => {
    const room = scene.aRoom();
    const name = await scene.world.newName();
    expect(await room.service.upload(await target(name), await uploadFor(name))).toBeNull();
    const orders = scene.world.proxy.count('newOrder');
    await room.upkeep.run(null);
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject({
      state: 'active',
      source: 'uploaded',
      ca: null,
    });
    expect(await room.contexts.find(name)).not.toBeNull();

    await scene.database.dataSource.query('update issuances set renew_at = now(), next_at = now()');
    await room.runDue();
    expect(await timelineOf(scene.database, name)).toEqual(['uploaded', 'expiring']);
    expect(scene.world.proxy.count('newOrder')).toBe(orders);

    expect(await room.service.backToAcme(name)).toBe(true);
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject({
      state: 'active',
      source: 'acme',
      ca: 'pebble',
    });
    expect(await room.service.backToAcme(name)).toBe(false);
  });

  it('says in the activity of the account who uploaded a certificate and who withdrew it', async () => {
    const room = scene.aRoom();
    const name = await scene.world.newName();
    const to = await target(name);
    const { dataSource } = scene.database;
    const { id } = await anAccount(scene.database);
    await dataSource.query('update domains set account_id = $2 where hostname = $1', [name, id]);
    const actor: Actor = { ...GATEWAY, kind: 'token', name: 'deploy' };
    await room.service.upload(to, await uploadFor(name), actor);
    await room.service.upload(to, { privateKeyPem: 'x', chainPem: 'y' }, actor);
    await room.service.backToAcme(name, actor);
    await room.service.backToAcme(name, actor);
    await room.runDue();
    const lines = await dataSource.query(
      `select action, actor_name as "by", subject->>'domain' as domain from account_activity
       where account_id = $1 order by id`,
      [id],
    );
    // The gateway's own order is no line.
    expect(lines).toEqual([
      { action: 'certificate.uploaded', by: 'deploy', domain: name },
      { action: 'certificate.upload_withdrawn', by: 'deploy', domain: name },
    ]);
  });

  it('destroys an uploaded key when another claim takes the name', async () => {
    const room = scene.aRoom();
    const name = await scene.world.newName();
    await room.service.upload(await target(name), await uploadFor(name));
    await release(name);
    await aProvenDomain(scene.database, name);
    await room.upkeep.run([name]);
    expect(await certificatesOf(scene.database, name)).toMatchObject([
      { hasKey: false, isCurrent: false },
    ]);
    await room.runDue();
    expect(await room.service.view(name)).toMatchObject({ source: 'acme', state: 'active' });
  });

  it.each([
    [
      'another key',
      'KEY_MISMATCH',
      async (name: Hostname) => ({
        ...(await uploadFor(name)),
        privateKeyPem: (await uploadFor(name)).privateKeyPem,
      }),
    ],
    [
      'no key',
      'KEY_MISMATCH',
      async (name: Hostname) => ({
        ...(await uploadFor(name)),
        privateKeyPem: 'key',
      }),
    ],
    [
      'another name',
      'UPLOADED_CERT_MISMATCH',
      () => uploadFor(requireHostname('other.acme.example')),
    ],
    [
      'no chain',
      'CHAIN_INCOMPLETE',
      async (name: Hostname) => {
        const upload = await uploadFor(name);
        return { ...upload, chainPem: new X509Certificate(upload.chainPem).toString() };
      },
    ],
    [
      'nothing',
      'UPLOADED_CERT_MISMATCH',
      async (name: Hostname) => ({
        ...(await uploadFor(name)),
        chainPem: '',
      }),
    ],
  ] as const)(
    'refuses an upload with %s, shows it and changes nothing else',
    async (_, code, make) => {
      const room = scene.aRoom();
      const name = await scene.world.newName();
      const to = await target(name);
      const refusal = await room.service.upload(to, await make(name));
      expect(refusal).toMatchObject({ code });
      expect(await certificatesOf(scene.database, name)).toEqual([]);
      const { state, problem } = await room.service.view(name);
      expect(state).toBe('none');
      expect(certificateIssueCode(problem as StoredProblem)).toBe(code);

      // The next certificate takes it away, and a problem of the CA is not replaced by it.
      await room.upkeep.run(null);
      await room.runDue();
      expect(await room.service.view(name)).toMatchObject({ state: 'active', problem: null });
      const ofTheCa = { type: 'connection', status: 0, detail: 'reset', subproblems: [] };
      await scene.database.dataSource.query('update issuances set problem = $1', [ofTheCa]);
      await room.service.upload(to, await make(name));
      expect((await room.service.view(name)).problem).toMatchObject({ type: 'connection' });
    },
  );

  it('issues from the local authority by the same steps', async () => {
    const room = scene.aRoom({ cas: [], changes: { localAuthority: authority.authority } });
    const name = await scene.anIssued(room);
    expect(await room.service.view(name)).toMatchObject({
      state: 'active',
      source: 'local',
      ca: 'local',
    });
    expect(await room.contexts.find(name)).not.toBeNull();
    expect(await timelineOf(scene.database, name)).toEqual(['queued', 'issued']);
  });

  it('issues for the region’s own hosts without a claim', async () => {
    const name = await scene.world.newName();
    const ownHosts = [{ hostname: name, registrableDomain: 'acme.example' }];
    const room = scene.aRoom({ changes: { ownHosts } });
    await room.upkeep.run(null);
    await room.upkeep.run(null);
    await room.runDue();
    expect(await certificatesOf(scene.database, name)).toMatchObject([
      { ca: 'pebble', isCurrent: true },
    ]);
  });
});
