import { classify } from '../../../src/acme/classify-problem.js';
import type { AcmeProblem } from '../../../src/acme/acme-problem.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { issueWith, newAccount, startAcmeWorld, taskFor, type AcmeWorld } from './acme-world.js';

describeWithPebble('the account at a CA', () => {
  let world: AcmeWorld;
  beforeAll(async () => {
    world = await startAcmeWorld();
  });
  afterAll(() => world.stop());

  it('is one per key when several clients register the key at once', async () => {
    const account = newAccount();
    const clients = Array.from({ length: 5 }, () => world.newClient(account));
    const urls = await Promise.all(clients.map((client) => client.registerAccount()));
    expect(new Set(urls).size).toBe(1);
    const answers = world.proxy.seen.filter(({ kind }) => kind === 'newAccount');
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    await issueWith(() => clients[3]!, taskFor(world, await world.newName()));
  });

  it('is registered with the contact and the agreement to the terms', async () => {
    await world.newClient(newAccount()).ensureAccount();
    const { payload } = world.proxy.seen.findLast(({ kind }) => kind === 'newAccount')!;
    expect(payload).toEqual({
      termsOfServiceAgreed: true,
      contact: ['mailto:ops@acme.example'],
    });
  });

  it('needs no request when its URL is known', async () => {
    const account = newAccount();
    const url = await world.newClient(account).ensureAccount();
    const before = world.proxy.seen.length;
    expect(await world.newClient({ ...account, url }).ensureAccount()).toBe(url);
    expect(world.proxy.seen.length).toBe(before);
  });

  it('causes an account problem when the CA has lost it, and is registered again with its key', async () => {
    const account = newAccount();
    const url = await world.newClient(account).ensureAccount();
    await world.pebble.restart();
    const client = world.newClient({ ...account, url });
    const name = await world.newName();
    const problem = await client
      .newOrder(name, { profile: null, replaces: null })
      .catch((error: unknown) => error as AcmeProblem);
    expect(classify(problem as AcmeProblem)).toBe('account');
    await client.registerAccount();
    await issueWith(() => client, taskFor(world, name));
  });
});

describeWithPebble('an account with external account binding', () => {
  const hmacKey = Buffer.from('an HMAC key of thirty-two bytes!').toString('base64url');
  let world: AcmeWorld;
  beforeAll(async () => {
    world = await startAcmeWorld({ externalAccounts: { 'kid-1': hmacKey } });
  });
  afterAll(() => world.stop());

  it('is registered and found again with the binding, and issues', async () => {
    const account = newAccount();
    const eab = { kid: 'kid-1', hmacKey };
    const client = world.newClient(account, { eab });
    const url = await client.ensureAccount();
    expect(await world.newClient(account, { eab }).registerAccount()).toBe(url);
    await issueWith(() => client, taskFor(world, await world.newName()));
  });

  it.each([null, { kid: 'kid-1', hmacKey: Buffer.from('wrong').toString('base64url') }])(
    'is refused without the right binding: %j',
    async (eab) => {
      const registering = world.newClient(newAccount(), { eab }).ensureAccount();
      const problem = await registering.catch((error: unknown) => error as AcmeProblem);
      expect(problem).toMatchObject({ name: 'AcmeProblem' });
      expect(classify(problem as AcmeProblem)).toBe('account');
    },
  );
});

describeWithPebble('a CA that refuses half of all nonces', () => {
  let world: AcmeWorld;
  beforeAll(async () => {
    world = await startAcmeWorld({ nonceReject: 50 });
  });
  afterAll(() => world.stop());

  it('issues ten times of ten, with one order each', async () => {
    const account = newAccount();
    const client = world.newClient(account);
    for (let round = 0; round < 10; round += 1) {
      await issueWith(() => client, taskFor(world, await world.newName()));
    }
    expect(world.proxy.accepted('newOrder')).toBe(10);
    expect(world.proxy.accepted('cert')).toBe(10);
  });
});
