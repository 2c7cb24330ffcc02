import { createPrivateKey, X509Certificate } from 'node:crypto';
import { ariCertId } from '../../../src/acme/ari-cert-id.js';
import { IssueSteps, newOrderProgress } from '../../../src/acme/issue-steps.js';
import { SystemClock } from '../../../src/shared/clock.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import {
  issueWith,
  newAccount,
  startAcmeWorld,
  taskFor,
  type AcmeWorld,
  type TestAccount,
} from './acme-world.js';

describeWithPebble('issuing', () => {
  let world: AcmeWorld;
  let account: TestAccount;
  beforeAll(async () => {
    world = await startAcmeWorld();
    const { keyPem } = newAccount();
    account = { keyPem, url: await world.newClient({ keyPem, url: null }).ensureAccount() };
  });
  afterAll(() => world.stop());
  afterEach(() => world.proxy.heal());

  it('returns a chain to the CA for the name and its key', async () => {
    const name = await world.newName();
    const client = world.newClient(account);
    const { certificate, steps } = await issueWith(() => client, taskFor(world, name));
    const leaf = new X509Certificate(certificate.chainPem);
    expect(leaf.subjectAltName).toBe(`DNS:${name}`);
    expect(leaf.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect(leaf.checkPrivateKey(createPrivateKey(certificate.privateKeyPem))).toBe(true);
    const intermediate = new X509Certificate(
      certificate.chainPem.split(/(?<=-----END .*-----\n)/)[1]!,
    );
    const root = new X509Certificate(await world.pebble.rootPem());
    expect(intermediate.verify(root.publicKey)).toBe(true);
    expect(steps).toMatchObject([
      { step: 'ordered' },
      { step: 'authorized' },
      { step: 'finalized' },
    ]);
  });

  it('takes nonces from answers and rarely requests one', async () => {
    const client = world.newClient(account);
    const before = world.proxy.count('newNonce');
    for (let round = 0; round < 3; round += 1) {
      await issueWith(() => client, taskFor(world, await world.newName()));
    }
    expect(world.proxy.count('newNonce') - before).toBe(1);
  });

  it('continues in a new process after every step, with one order', async () => {
    const before = world.proxy.count('newOrder');
    const task = taskFor(world, await world.newName());
    await issueWith(() => world.newClient(account), task);
    expect(world.proxy.count('newOrder') - before).toBe(1);
  });

  it.each(['authz', 'challenge', 'finalize', 'order', 'cert'] as const)(
    'continues the same order when the process dies at %s, before or after the CA acts',
    async (kind) => {
      for (const reset of ['before', 'after'] as const) {
        const name = await world.newName();
        const orders = world.proxy.count('newOrder');
        const steps = () =>
          new IssueSteps(world.newClient(account), taskFor(world, name), new SystemClock());
        const ordered = await steps().advance(await newOrderProgress());
        if (ordered.kind !== 'progressed') throw new Error(ordered.kind);
        world.proxy.inject({ at: kind, reset });
        const advancing = issueWith(
          () => world.newClient(account),
          taskFor(world, name),
          ordered.progress,
        );
        await expect(advancing).rejects.toMatchObject({ type: 'connection' });
        const again = await issueWith(
          () => world.newClient(account),
          taskFor(world, name),
          ordered.progress,
        )
          // The order at the CA shows what the dead process did after its last stored step.
          .catch((error: unknown) => error);
        expect(again).toMatchObject({ certificate: { hostname: name } });
        expect(world.proxy.count('newOrder') - orders).toBe(1);
      }
    },
  );

  it('returns `gone` when the CA has lost the order or it belongs to another account', async () => {
    const other = newAccount();
    const url = await world.newClient(other).ensureAccount();
    const name = await world.newName();
    const order = await world
      .newClient({ ...other, url })
      .newOrder(name, { profile: null, replaces: null });
    const steps = new IssueSteps(world.newClient(account), taskFor(world, name), new SystemClock());
    const { privateKeyPem } = await newOrderProgress();
    for (const orderUrl of [order.url, order.url.replace(/[^/]*$/, 'no-such-order')]) {
      expect(await steps.advance({ orderUrl, privateKeyPem })).toEqual({ kind: 'gone' });
    }
  });

  it('returns a failed validation with the CA’s problem, also after a resume', async () => {
    const name = await world.newName();
    const task = taskFor(world, name, { publishChallenge: () => Promise.resolve() });
    const steps = () => new IssueSteps(world.newClient(account), task, new SystemClock());
    const ordered = await steps().advance(await newOrderProgress());
    if (ordered.kind !== 'progressed') throw new Error(ordered.kind);
    const problem = { type: 'urn:ietf:params:acme:error:unauthorized', source: 'object' };
    for (const attempt of [1, 2]) {
      const result = await steps().advance(ordered.progress);
      expect({ attempt, ...result }).toMatchObject({ attempt, kind: 'failed', problem });
    }
  });

  it('sends the profile only if the CA offers it, and `replaces`', async () => {
    world.proxy.meta = { profiles: { shortlived: 'six days' }, caaIdentities: ['pebble.example'] };
    const client = world.newClient(account);
    const { certificate } = await issueWith(() => client, taskFor(world, await world.newName()));
    const replaces = ariCertId(certificate.chainPem);
    for (const profile of ['shortlived', 'unheard-of']) {
      await client.newOrder(await world.newName(), { profile, replaces });
    }
    const orders = world.proxy.seen.filter(({ kind }) => kind === 'newOrder').slice(-2);
    expect(orders.map(({ payload }) => payload)).toMatchObject([
      { profile: 'shortlived', replaces },
      { replaces },
    ]);
    expect(orders[1]?.payload).not.toHaveProperty('profile');
    expect((await client.directory()).meta.caaIdentities).toEqual(['pebble.example']);
    world.proxy.meta = {};
  });

  it('revokes, and succeeds again for a revoked certificate', async () => {
    const client = world.newClient(account);
    const { certificate } = await issueWith(() => client, taskFor(world, await world.newName()));
    const { serialNumber } = new X509Certificate(certificate.chainPem);
    expect(await world.pebble.certificateStatus(serialNumber)).toBe('Valid');
    await client.revoke(certificate.chainPem, 'cessation');
    await client.revoke(certificate.chainPem, 'cessation');
    expect(await world.pebble.certificateStatus(serialNumber)).toBe('Revoked');
  });

  it('reads the renewal window without a signature, if the CA offers ARI', async () => {
    const client = world.newClient(account);
    const { certificate } = await issueWith(() => client, taskFor(world, await world.newName()));
    const certId = ariCertId(certificate.chainPem);
    if (certId === null) throw new Error('no id');
    expect(await client.renewalInfo(certId)).toBeNull();
    const start = new Date('2026-01-02T03:04:05.000Z');
    const end = new Date('2026-01-03T03:04:05.000Z');
    const explanationUrl = 'https://ca.example/incident';
    const asked: string[] = [];
    world.proxy.renewalWindow = (id) => {
      asked.push(id);
      return { start, end, explanationUrl, retryAfterSeconds: 77 };
    };
    const info = await world.newClient(account).renewalInfo(certId);
    expect(info).toEqual({ start, end, explanationUrl, retryAfterSeconds: 77 });
    expect(asked).toEqual([certId]);
    expect(world.proxy.seen.at(-1)).toMatchObject({ kind: 'ari', payload: null });
    world.proxy.renewalWindow = null;
  });
});
