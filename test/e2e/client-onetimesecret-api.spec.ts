import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { GatewayProcess } from '../support/gateway-process.js';
import type { ClientOutcome, ClientTask } from '../support/published-client.js';

const EMAIL = 'sender@example.com';
const KEY = expect.stringMatching(/^[0-9a-z]{31}$/);

let gateway: GatewayProcess;
let token: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  token = (await gateway.account('eu', EMAIL)).auth.slice(EMAIL.length + 1);
});

afterAll(() => gateway.stop());

type Step = Pick<ClientTask, 'method' | 'parameters'> &
  Partial<Pick<ClientTask, 'token' | 'login' | 'url'>>;

/** Runs the published client in a process of its own that trusts the gateway's root certificate. */
async function runClient(...steps: readonly Step[]): Promise<ClientOutcome[]> {
  const url = `https://eu.onetime.localhost:${gateway.ports.https}`;
  const tasks = steps.map((step) => ({ url, login: EMAIL, token, ...step }));
  const words = [
    '--import',
    './test/support/published-client-preload.ts',
    'test/support/published-client.ts',
  ];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...words, JSON.stringify(tasks)],
    {
      env: { NODE_EXTRA_CA_CERTS: join(gateway.dataDir, 'ca', 'root.pem'), NODE_NO_WARNINGS: '1' },
    },
  );
  return JSON.parse(stdout) as ClientOutcome[];
}

async function valueOf<Value>(method: string, ...parameters: readonly unknown[]): Promise<Value> {
  const [outcome] = await runClient({ method, parameters });
  if (outcome === undefined || !('value' in outcome)) throw new Error(JSON.stringify(outcome));
  return outcome.value as Value;
}

interface Made {
  readonly secret_key: string;
  readonly metadata_key: string;
  readonly share_link: string;
  readonly value?: string;
}

describe('onetimesecret-api, as published', () => {
  it('checks the status', async () => {
    expect(await valueOf<boolean>('status')).toBe(true);
  });

  it('shares, and reveals once', async () => {
    const shared = await valueOf<Made>('share', 'grüße & more=\r\n', { ttl: 3600 });
    expect(shared).toMatchObject({
      custid: EMAIL,
      secret_key: KEY,
      metadata_key: KEY,
      share_link: `https://eu.onetime.localhost:${gateway.ports.https}/secret/${shared.secret_key}`,
      ttl: 3600,
      secret_ttl: 3600,
      metadata_ttl: 7200,
      state: 'new',
      recipient: [],
      passphrase_required: false,
    });
    const [first, second] = await runClient(
      { method: 'retrieveSecret', parameters: [shared.secret_key] },
      { method: 'retrieveSecret', parameters: [shared.secret_key] },
    );
    expect(first).toMatchObject({
      value: { value: 'grüße & more=\r\n', secret_key: shared.secret_key },
    });
    expect(second).toMatchObject({ error: 'UnknownSecretError' });
  });

  it('generates with all its options', async () => {
    const options = { ttl: 600, passphrase: 'x5-yz', recipient: 'somebody@example.com' };
    const generated = await valueOf<Made>('generate', options);
    expect(generated).toMatchObject({
      value: expect.stringMatching(/^\w{12}$/),
      ttl: 600,
      passphrase_required: true,
      recipient: ['so*****@e*****.com'],
    });
    const [wrong, missing, right] = await runClient(
      { method: 'retrieveSecret', parameters: [generated.secret_key, { passphrase: 'wrong' }] },
      { method: 'retrieveSecret', parameters: [generated.secret_key] },
      { method: 'retrieveSecret', parameters: [generated.secret_key, { passphrase: 'x5-yz' }] },
    );
    expect([wrong, missing]).toMatchObject([
      { error: 'UnknownSecretError' },
      { error: 'UnknownSecretError' },
    ]);
    expect(right).toMatchObject({ value: { value: generated.value } });
  });

  it('follows a secret through its metadata', async () => {
    const { metadata_key, secret_key } = await valueOf<Made>('generate');
    const [first, second, , last] = await runClient(
      { method: 'retrieveMetadata', parameters: [metadata_key] },
      { method: 'retrieveMetadata', parameters: [metadata_key] },
      { method: 'retrieveSecret', parameters: [secret_key] },
      { method: 'retrieveMetadata', parameters: [metadata_key] },
    );
    expect(first).toMatchObject({ value: { state: 'viewed', secret_key } });
    expect(second).toMatchObject({ value: { state: 'viewed', secret_key } });
    expect(last).toMatchObject({ value: { state: 'received', received: expect.any(Number) } });
    expect(last).not.toHaveProperty('value.share_link');
  });

  it('burns', async () => {
    const { metadata_key, secret_key } = await valueOf<Made>('share', 'hello');
    const [burned, again, reveal, metadata] = await runClient(
      { method: 'burn', parameters: [metadata_key] },
      { method: 'burn', parameters: [metadata_key] },
      { method: 'retrieveSecret', parameters: [secret_key] },
      { method: 'retrieveMetadata', parameters: [metadata_key] },
    );
    expect(burned).toMatchObject({
      value: { state: { state: 'burned', metadata_key }, secret_shortkey: secret_key.slice(0, 6) },
    });
    expect([again, reveal]).toMatchObject([
      { error: 'UnknownSecretError' },
      { error: 'UnknownSecretError' },
    ]);
    expect(metadata).toMatchObject({ value: { state: 'burned' } });
  });

  it('lists recent secrets', async () => {
    const { metadata_key, secret_key } = await valueOf<Made>('share', 'hello');
    const list = await valueOf<Made[]>('recentMetadata');
    expect(list[0]).toMatchObject({ metadata_key, state: 'new', custid: EMAIL });
    expect(JSON.stringify(list)).not.toContain(secret_key);
  });

  it('gets its authorization error from every method when its credentials are wrong', async () => {
    const wrong = { token: '0'.repeat(40) };
    const nobody = { login: 'nobody@example.com' };
    const outcomes = await runClient(
      { method: 'status', parameters: [], ...wrong },
      { method: 'share', parameters: ['hello'], ...wrong },
      { method: 'generate', parameters: [], ...nobody },
      { method: 'recentMetadata', parameters: [], ...nobody },
      { method: 'status', parameters: [], token: '' },
    );
    expect(outcomes.map((outcome) => 'error' in outcome && outcome.error)).toEqual(
      outcomes.map(() => 'NotAuthorizedError'),
    );
  });

  it('gets the error of an empty secret', async () => {
    const [empty] = await runClient({ method: 'share', parameters: [''] });
    expect(empty).toMatchObject({
      message: expect.stringContaining('You did not provide anything to share'),
    });
  });

  it.each(['/', '//'])('works with a base URL that ends in %s', async (end) => {
    const url = `https://eu.onetime.localhost:${gateway.ports.https}${end}`;
    const [status, shared, generated, recent] = await runClient(
      { url, method: 'status', parameters: [] },
      { url, method: 'share', parameters: ['hello', { ttl: 3600 }] },
      { url, method: 'generate', parameters: [] },
      { url, method: 'recentMetadata', parameters: [] },
    );
    expect(status).toEqual({ value: true });
    expect(shared).toMatchObject({ value: { custid: EMAIL, secret_key: KEY, ttl: 3600 } });
    expect(generated).toMatchObject({ value: { custid: EMAIL, secret_key: KEY } });
    expect(recent).toMatchObject({ value: expect.arrayContaining([expect.anything()]) });
    const made = (shared as { value: Made }).value;
    const [metadata, secret, burned] = await runClient(
      { url, method: 'retrieveMetadata', parameters: [made.metadata_key] },
      { url, method: 'retrieveSecret', parameters: [made.secret_key] },
      { url, method: 'burn', parameters: [(generated as { value: Made }).value.metadata_key] },
    );
    expect(metadata).toMatchObject({ value: { state: 'new' } });
    expect(secret).toMatchObject({ value: { value: 'hello' } });
    expect(burned).toMatchObject({ value: { state: { state: 'burned' } } });
  });

  it('without a ttl, or with an empty one, makes links for the default of seven days', async () => {
    const made = await runClient(
      { method: 'share', parameters: ['hello'] },
      { method: 'share', parameters: ['hello', { ttl: 0 }] },
      { method: 'share', parameters: ['hello', { ttl: '' }] },
      { method: 'generate', parameters: [{ ttl: 0 }] },
    );
    for (const outcome of made) expect(outcome).toMatchObject({ value: { ttl: 604_800 } });
  });
});
