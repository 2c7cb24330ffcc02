import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess } from '../support/gateway-process.js';
import { sessionByOpenssl } from '../support/openssl-client.js';

const dataDir = mkdtempSync(join(tmpdir(), 'gateway-restart-'));
let gateway: GatewayProcess;
afterAll(async () => {
  await gateway.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Kept {
  readonly auth: string;
  readonly key: string;
  readonly root: string;
}

/** Makes what the next start must find: an account, its unread secret, and the root certificate. */
async function makeKept(name: string): Promise<Kept> {
  const { auth } = await gateway.account('eu', `${name}@example.com`, 'identity_plus');
  const body = { secret: `of ${name}`, ttl: 3600 };
  const made = await gateway.call('eu', { path: '/api/v1/share', body, auth });
  expect(made.status).toBe(200);
  return { auth, key: made.json<{ secret_key: string }>().secret_key, root: gateway.ca };
}

/** How the session of a visit began that left its ticket in `way`, or brings it. */
function visit(region: string, way: '-sess_out' | '-sess_in'): Promise<string> {
  const name = `${region}.onetime.localhost`;
  return sessionByOpenssl(gateway.ports.https, name, [way, join(dataDir, 'session')]);
}

async function expectKept(name: string, { auth, key, root }: Kept): Promise<void> {
  expect(gateway.ca).toBe(root);
  const recent = await gateway.call('eu', { path: '/api/v1/private/recent', auth });
  expect([recent.status, recent.json<object[]>().length]).toEqual([200, 1]);
  const revealed = await gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${key}` });
  expect(revealed.json()['value']).toBe(`of ${name}`);
}

/** Kills the gateway's process group with SIGKILL. */
async function killGroup(): Promise<void> {
  const ended = new Promise((resolve) => gateway.child.once('exit', resolve));
  process.kill(-Number(gateway.child.pid), 'SIGKILL');
  await ended;
}

async function killEverything(): Promise<void> {
  const file = join(dataDir, 'postgres', 'cluster', 'postmaster.pid');
  const database = Number(readFileSync(file, 'utf8').split('\n', 1)[0]);
  process.kill(database, 'SIGKILL');
  await killGroup();
}

describe('a start on the same data dir finds accounts, secrets, sessions of TLS and the root certificate', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['a graceful stop', 'graceful', () => gateway.end('SIGTERM')],
    ['kill -9 of the gateway alone', 'alone', () => gateway.end('SIGKILL')],
    ['kill -9 of its process group', 'group', killGroup],
    ['kill -9 of the database and the gateway', 'all', killEverything],
  ])('after %s', async (_, name, end) => {
    gateway = await GatewayProcess.start({ dataDir });
    const kept = await makeKept(name);
    await visit('eu', '-sess_out');
    await end();
    gateway = await GatewayProcess.start({ dataDir });
    await expectKept(name, kept);
    expect(await visit('eu', '-sess_in')).toBe('Reused');
    expect(await visit('us', '-sess_in')).toBe('New');
    expect(await gateway.end()).toBe(0);
  });
});

describe('one data dir', () => {
  it('is used by one gateway: a second one exits and names the first, which goes on', async () => {
    gateway = await GatewayProcess.start({ dataDir });
    const second = await GatewayProcess.spawn({ dataDir });
    const code = await new Promise((resolve) => second.child.once('close', resolve));
    expect(code).toBe(2);
    expect(second.logs).toContain(
      `another gateway (process ${gateway.child.pid}) runs on the data dir ${dataDir}`,
    );
    const body = { secret: 'a message' };
    expect((await gateway.call('us', { path: '/api/v1/share', body })).status).toBe(200);
  });

  it('is used by commands while a gateway runs, and without one', async () => {
    const made = ['account', 'create', '--region', 'us', '--email', 'beside@example.com'];
    expect((await gateway.command(...made)).code).toBe(0);
    expect(await gateway.end()).toBe(0);

    const alone = await gateway.command('account', 'list', '--region', 'us', '--json');
    expect([alone.code, alone.stderr]).toEqual([0, '']);
    expect(alone.stdout).toContain('beside@example.com');
    const rotate = ['account', 'token', 'rotate', '--region', 'us', '--json'];
    const rotated = await gateway.command(...rotate, '--email', 'beside@example.com');
    const { token } = JSON.parse(rotated.stdout) as { token: string };

    gateway = await GatewayProcess.start({ dataDir });
    const auth = `beside@example.com:${token}`;
    expect((await gateway.call('us', { path: '/api/v1/authcheck', auth })).status).toBe(200);
  });
});
