import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GatewayProcess } from '../support/gateway-process.js';

const dataDir = mkdtempSync(join(tmpdir(), 'gateway-restart-'));
let gateway: GatewayProcess;
afterAll(async () => {
  await gateway.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

interface Left {
  readonly auth: string;
  readonly key: string;
  readonly root: string;
}

/** What a start must find again: an account, its unread secret, and the root that clients trust. */
async function leave(name: string): Promise<Left> {
  const { auth } = await gateway.account('eu', `${name}@example.com`, 'identity_plus');
  const body = { secret: `of ${name}`, ttl: 3600 };
  const made = await gateway.call('eu', { path: '/api/v1/share', body, auth });
  expect(made.status).toBe(200);
  return { auth, key: made.json<{ secret_key: string }>().secret_key, root: gateway.ca };
}

async function expectStillThere(name: string, { auth, key, root }: Left): Promise<void> {
  expect(gateway.ca).toBe(root);
  const recent = await gateway.call('eu', { path: '/api/v1/private/recent', auth });
  expect([recent.status, recent.json<object[]>().length]).toEqual([200, 1]);
  const revealed = await gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${key}` });
  expect(revealed.json()['value']).toBe(`of ${name}`);
}

/** Sends a signal to the gateway's whole process group. */
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

describe('a start on the same data dir finds everything again', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['a graceful stop', 'graceful', () => gateway.end('SIGTERM')],
    ['kill -9 of the gateway alone', 'alone', () => gateway.end('SIGKILL')],
    ['kill -9 of its process group', 'group', killGroup],
    ['kill -9 of the database and the gateway', 'all', killEverything],
  ])('after %s', async (_, name, end) => {
    gateway = await GatewayProcess.start({ dataDir });
    const left = await leave(name);
    await end();
    gateway = await GatewayProcess.start({ dataDir });
    await expectStillThere(name, left);
    expect(await gateway.end()).toBe(0);
  });
});

describe('one data dir', () => {
  it('takes one gateway: a second one says whose it is and leaves the first alone', async () => {
    gateway = await GatewayProcess.start({ dataDir });
    const second = await GatewayProcess.spawn({ dataDir });
    const code = await new Promise((resolve) => second.child.once('close', resolve));
    expect(code).toBe(1);
    expect(second.logs).toContain(
      `another gateway (process ${gateway.child.pid}) runs on the data dir ${dataDir}`,
    );
    const body = { secret: 'a message' };
    expect((await gateway.call('us', { path: '/api/v1/share', body })).status).toBe(200);
  });

  it('serves the command line beside the gateway and without it', async () => {
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
