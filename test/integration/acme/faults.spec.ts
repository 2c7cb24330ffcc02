import { ariCertId } from '../../../src/acme/ari-cert-id.js';
import { AcmeClient } from '../../../src/acme/acme-client.js';
import type { AcmeProblem } from '../../../src/acme/acme-problem.js';
import { classify } from '../../../src/acme/classify-problem.js';
import { IssueSteps, newOrderProgress } from '../../../src/acme/issue-steps.js';
import { SystemClock } from '../../../src/shared/clock.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import {
  alreadyReplaced,
  certificateForAnotherKey,
  problemAnswer,
  rateLimited,
  resetAfter,
  stuckInProcessing,
  truncatedChain,
  unavailable,
} from '../../support/acme-fault-proxy-faults.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import {
  issueWith,
  newAccount,
  startAcmeWorld,
  taskFor,
  type AcmeWorld,
  type TestAccount,
} from './acme-world.js';

const URN = 'urn:ietf:params:acme:error:';

const problemOf = async (doing: Promise<unknown>): Promise<AcmeProblem> => {
  const error = await doing.then(
    () => 'no problem',
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ name: 'AcmeProblem' });
  return error as AcmeProblem;
};

describeWithPebble('faults of the CA', () => {
  let world: AcmeWorld;
  let account: TestAccount;
  let client: AcmeClient;
  let name: Hostname;
  beforeAll(async () => {
    world = await startAcmeWorld();
    const { keyPem } = newAccount();
    account = { keyPem, url: await world.newClient({ keyPem, url: null }).ensureAccount() };
  });
  beforeEach(async () => {
    client = world.newClient(account);
    name = await world.newName();
  });
  afterEach(() => world.proxy.heal());
  afterAll(() => world.stop());

  const issue = () => issueWith(() => client, taskFor(world, name));
  it.each(['newOrder', 'finalize'] as const)(
    'throws a 429 at %s at once, with its Retry-After, after one request',
    async (kind) => {
      const before = world.proxy.count(kind);
      world.proxy.inject(rateLimited(kind, '10800'));
      const problem = await problemOf(issue());
      expect(problem).toMatchObject({ type: `${URN}rateLimited`, status: 429 });
      expect(problem.retryAfterSeconds).toBe(10_800);
      expect(classify(problem)).toBe('rate_limited');
      expect(world.proxy.count(kind) - before).toBe(1);
    },
  );

  it('reads Retry-After as an HTTP-date at newAccount', async () => {
    const retryAt = new Date(Date.now() + 3_600_000).toUTCString();
    world.proxy.inject(rateLimited('newAccount', retryAt));
    const problem = await problemOf(world.newClient(newAccount()).ensureAccount());
    expect(classify(problem)).toBe('rate_limited');
    expect(problem.retryAfterSeconds).toBeGreaterThan(3500);
    expect(problem.retryAfterSeconds).toBeLessThanOrEqual(3601);
  });

  it.each(['directory', 'newNonce', 'newOrder', 'authz', 'finalize', 'cert'] as const)(
    'classifies a 503 with HTML at %s as ca_down, and issues afterwards',
    async (kind) => {
      world.proxy.inject(unavailable(kind, 1, '120'));
      const task = taskFor(world, name);
      const problem = await problemOf(issueWith(() => client, task));
      expect(problem).toMatchObject({ type: 'about:blank', status: 503, retryAfterSeconds: 120 });
      expect(classify(problem)).toBe('ca_down');
      await issue();
    },
  );

  it('reports an outage as a connection problem, and issues afterwards with the same client', async () => {
    await issue();
    world.proxy.outage = true;
    const problem = await problemOf(issue());
    expect(problem).toMatchObject({ type: 'connection', status: 0, source: 'local' });
    expect(classify(problem)).toBe('ca_down');
    world.proxy.outage = false;
    await issue();
  });

  it('ends a request at its deadline', async () => {
    const impatient = new AcmeClient({
      ca: client.ca,
      accountKeyPem: account.keyPem,
      accountUrl: account.url,
      clock: new SystemClock(),
      timeout: 300,
    });
    world.proxy.onRequest = (kind) =>
      kind === 'newOrder' ? new Promise(() => undefined) : undefined;
    const problem = await problemOf(issueWith(() => impatient, taskFor(world, name)));
    expect(problem.detail).toContain('no answer within 300 ms');
    expect(classify(problem)).toBe('ca_down');
    impatient.close();
  });

  it('ends a request when its signal is aborted', async () => {
    const stopping = new AbortController();
    const stopped = new AcmeClient({
      ca: client.ca,
      accountKeyPem: account.keyPem,
      accountUrl: account.url,
      clock: new SystemClock(),
      signal: stopping.signal,
    });
    world.proxy.onRequest = (kind) => {
      if (kind !== 'newOrder') return undefined;
      stopping.abort();
      return new Promise(() => undefined);
    };
    const before = world.proxy.count('newOrder');
    const { message } = await problemOf(issueWith(() => stopped, taskFor(world, name)));
    // The deadline ends a request too, and says so.
    expect(message).toMatch(/ABORT_ERR/);
    expect(message).not.toMatch(/no answer within/);
    expect(world.proxy.count('newOrder') - before).toBe(1);
    stopped.close();
  });

  it('gets one certificate when the answer to newOrder is lost', async () => {
    world.proxy.inject(resetAfter('newOrder'));
    const before = world.proxy.accepted('cert');
    expect(classify(await problemOf(issue()))).toBe('ca_down');
    await issue();
    expect(world.proxy.accepted('cert') - before).toBe(1);
  });

  it('polls an order in processing with growing pauses', async () => {
    world.proxy.inject(stuckInProcessing(3));
    const orders = world.proxy.count('newOrder');
    const polls = world.proxy.count('order');
    await issue();
    expect(world.proxy.count('newOrder') - orders).toBe(1);
    expect(world.proxy.count('order') - polls).toBeLessThan(12);
  });

  it('returns `waiting` when the Retry-After exceeds its budget', async () => {
    world.proxy.inject(stuckInProcessing(1000, '300'));
    let progress = await newOrderProgress();
    const steps = new IssueSteps(client, taskFor(world, name), new SystemClock());
    for (;;) {
      const result = await steps.advance(progress);
      if (result.kind !== 'progressed') {
        expect(result).toEqual({ kind: 'waiting', retryAfterSeconds: 300 });
        break;
      }
      ({ progress } = result);
    }
    world.proxy.heal();
    await issueWith(() => client, taskFor(world, name), progress);
  });

  it.each([
    ['certificate_incomplete_chain', () => truncatedChain('mid-certificate')],
    ['certificate_incomplete_chain', () => truncatedChain('leaf-only')],
    ['certificate_wrong_key', () => certificateForAnotherKey()],
  ])('refuses a wrong chain: %s; the same order then gives the right one', async (type, fault) => {
    const orders = world.proxy.count('newOrder');
    const steps = new IssueSteps(client, taskFor(world, name), new SystemClock());
    world.proxy.inject(fault());
    let progress = await newOrderProgress();
    const problem = await problemOf(
      (async () => {
        for (;;) {
          const result = await steps.advance(progress);
          if (result.kind !== 'progressed') return;
          ({ progress } = result);
        }
      })(),
    );
    expect(problem).toMatchObject({ type, source: 'local' });
    await issueWith(() => client, taskFor(world, name), progress);
    expect(world.proxy.count('newOrder') - orders).toBe(1);
  });

  it('orders once more without `replaces` when it is refused, and returns the refusal', async () => {
    const { certificate } = await issue();
    const replaces = ariCertId(certificate.chainPem);
    world.proxy.inject(alreadyReplaced());
    const before = world.proxy.count('newOrder');
    const task = taskFor(world, name, { wishes: { profile: null, replaces } });
    const { steps } = await issueWith(() => client, task);
    expect(world.proxy.count('newOrder') - before).toBe(2);
    expect(steps[0]).toMatchObject({ step: 'ordered', refused: { status: 409 } });
  });

  it('does not order a second time when the refusal has another reason', async () => {
    const { certificate } = await issue();
    const wishes = { profile: null, replaces: ariCertId(certificate.chainPem) };
    world.proxy.inject(rateLimited('newOrder', '7'));
    const before = world.proxy.count('newOrder');
    await problemOf(issueWith(() => client, taskFor(world, name, { wishes })));
    expect(world.proxy.count('newOrder') - before).toBe(1);
  });

  it('finds the unpause URL', async () => {
    const unpauseUrl = 'https://portal.ca.example/sfe/v1/unpause?jwt=abc.def';
    const detail = `Your account is temporarily prevented from requesting. Please visit: ${unpauseUrl}`;
    world.proxy.inject({ at: 'newOrder', answer: problemAnswer(429, 'rateLimited', detail) });
    const problem = await problemOf(issue());
    expect(problem.unpauseUrl).toBe(unpauseUrl);
    expect(classify(problem)).toBe('paused');
  });
});
