import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';
import type { RegionConfig } from '../../../src/config/region-config.js';
import { resolveRootKeys } from '../../../src/config/data-dir-keys.js';
import type { Region } from '../../../src/config/region.js';
import { parseRootKeys } from '../../../src/config/root-key.js';
import { openDatabases, type Databases } from '../../../src/database/embedded/open-databases.js';
import { temporaryFolder } from '../../support/temporary-server.js';
import { until } from '../../support/until.js';

const eu = 'eu' as Region;
const us = 'us' as Region;

function configOf(dataDir: string, changes: Partial<RegionConfig> = {}) {
  const region: RegionConfig = {
    region: eu,
    host: 'eu.onetime.test' as RegionConfig['host'],
    databaseUrl: null,
    rootKeys: null,
    syncClaims: null,
    nameServers: [],
    ingressAddresses: [],
    ...changes,
  };
  return { dataDir, served: [region] };
}

async function query(url: string, sql: string): Promise<object[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Starts another process, from the build, that locks the data dir as a gateway does. Resolves when its database serves. */
async function gatewayProcess(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const built = pathToFileURL(resolve('dist/src/database/embedded/open-databases.js')).href;
  const program = `
    import { openDatabases } from ${JSON.stringify(built)};
    const databases = await openDatabases(${JSON.stringify(configOf(dataDir))}, 'gateway');
    console.log(databases.urlOf('eu'));
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => null)]);
  if (first === null) throw new Error('the other process ended before its database served');
  return { child, url: String(first[0]) };
}

describe('the data dir', () => {
  let folder: string;
  let dataDir: string;
  const opened: Databases[] = [];

  async function open(user: 'gateway' | 'command', config = configOf(dataDir)): Promise<Databases> {
    const databases = await openDatabases(config, user);
    opened.push(databases);
    return databases;
  }

  beforeEach(() => {
    folder = temporaryFolder();
    dataDir = join(folder, 'data');
  });

  afterEach(async () => {
    for (const databases of opened.splice(0)) await databases.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(['the process alone', 'its whole group'])(
    'serves its data again after kill -9 of %s',
    async (victims) => {
      const { child, url } = await gatewayProcess(dataDir);
      const died = once(child, 'exit');
      await query(url, 'create table kept as select 1 as id');
      const pid = child.pid as number;
      process.kill(victims === 'the process alone' ? pid : -pid, 'SIGKILL');
      await died;

      const databases = await open('gateway');
      await expect(query(databases.urlOf(eu), 'select id from kept')).resolves.toEqual([{ id: 1 }]);
    },
  );

  it('serves its data again after kill -9 of the gateway and of its database', async () => {
    const { child, url } = await gatewayProcess(dataDir);
    const died = once(child, 'exit');
    await query(url, 'create table kept as select 1 as id');
    const postmaster = readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8');
    process.kill(Number.parseInt(postmaster, 10), 'SIGKILL');
    process.kill(child.pid as number, 'SIGKILL');
    await died;

    const databases = await open('command');
    await expect(query(databases.urlOf(eu), 'select id from kept')).resolves.toEqual([{ id: 1 }]);
  });

  it('stops the database when the gateway is killed', async () => {
    const { child, url } = await gatewayProcess(dataDir);
    process.kill(child.pid as number, 'SIGKILL');
    await until('the database refuses connections', () =>
      query(url, 'select 1').then(
        () => false,
        () => true,
      ),
    );
    await until(
      'the pid file is removed',
      () => !existsSync(join(dataDir, 'postgres/cluster/postmaster.pid')),
    );
  });

  it("lets a command use the running gateway's database, and refuses a second gateway", async () => {
    const gateway = await open('gateway');
    const guest = await openDatabases(configOf(dataDir), 'command');
    expect(guest.urlOf(eu)).toBe(gateway.urlOf(eu));
    await guest.close();
    await expect(query(gateway.urlOf(eu), 'select 1 as one')).resolves.toEqual([{ one: 1 }]);

    await expect(openDatabases(configOf(dataDir), 'gateway')).rejects.toThrow(
      /another gateway .* runs on the data dir/,
    );
  });

  it('lets a gateway and a second command wait until a command has ended', async () => {
    await (await open('gateway')).close();
    const command = await open('command');
    const order: string[] = [];
    const waiting = [open('command'), open('gateway')].map(async (opening) => {
      const databases = await opening;
      order.push('opened');
      await databases.close();
    });
    await expect(query(command.urlOf(eu), 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
    order.push('closed');
    await command.close();
    await Promise.all(waiting);
    expect(order).toEqual(['closed', 'opened', 'opened']);
  });

  it('is not created when every region has an external database', async () => {
    const databaseUrl = 'postgres://someone@db.test/eu';
    const databases = await open('gateway', configOf(dataDir, { databaseUrl }));
    expect(databases.urlOf(eu)).toBe(databaseUrl);
    expect(() => databases.urlOf(us)).toThrow(/not served here/);
    expect(existsSync(dataDir)).toBe(false);
  });

  it('keeps one generated root key for each region, readable by the owner only', () => {
    const keys = resolveRootKeys(configOf(dataDir), eu);
    expect(resolveRootKeys(configOf(dataDir), eu)).toEqual(keys);
    expect(resolveRootKeys(configOf(dataDir), us)).not.toEqual(keys);
    expect(statSync(join(dataDir, 'keys/root-eu.key')).mode & 0o777).toBe(0o600);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);

    const configured = parseRootKeys('3:hqtbIxnV4Sk1vVdPJq0oF5u0xkLwz7cGmY9TtRb2aWE=');
    expect(resolveRootKeys(configOf(dataDir, { rootKeys: configured }), eu)).toBe(configured);
  });
});
