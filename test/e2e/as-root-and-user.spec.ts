import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { GatewayProcess, type GatewayOptions } from '../support/gateway-process.js';
import { describeUnless } from '../support/requires.js';

// Debian's user "nobody".
const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = getuid?.() === 0;

const folder = mkdtempSync(join(tmpdir(), 'gateway-user-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Start, command line, share, restart and reveal. */
async function expectToWork(
  dataDir: string,
  other: Pick<GatewayOptions, 'user' | 'command'> = {},
): Promise<void> {
  const options = { dataDir, ...other };
  let gateway = await GatewayProcess.start(options);
  try {
    const { auth } = await gateway.account('eu', 'somebody@example.com');
    const made = await gateway.call('eu', {
      path: '/api/v1/share',
      body: { secret: 'kept' },
      auth,
    });
    const { secret_key: key } = made.json<{ secret_key: string }>();
    expect(await gateway.end()).toBe(0);
    gateway = await GatewayProcess.start(options);
    const revealed = await gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${key}` });
    expect(revealed.json()['value']).toBe('kept');
  } finally {
    await gateway.stop();
  }
}

describeUnless(isRoot ? null : 'the tests run as an ordinary user', 'as root', () => {
  it('works in a data dir that only root can enter, and PostgreSQL does not run as root', async () => {
    const home = join(folder, 'only-root');
    mkdirSync(home, { mode: 0o700 });
    const dataDir = join(home, 'data');
    await expectToWork(dataDir);
    expect(statSync(join(dataDir, 'postgres', 'cluster')).uid).not.toBe(0);
    for (const file of ['postgres.json', 'lock', 'keys/root-eu.key']) {
      expect(statSync(join(dataDir, file)).mode & 0o077).toBe(0);
    }
  });
});

describeUnless(isRoot ? null : 'every other test runs as one', 'as an ordinary user', () => {
  it('works, and its files belong to that user', async () => {
    const dataDir = join(folder, 'of-nobody');
    chmodSync(folder, 0o711);
    mkdirSync(dataDir, { mode: 0o700 });
    spawnSync('chown', [`${NOBODY.uid}:${NOBODY.gid}`, dataDir]);
    await expectToWork(dataDir, { user: NOBODY, command: readableProgram() });
    for (const name of ['postgres', 'keys', 'ca', 'lock']) {
      expect(statSync(join(dataDir, name)).uid).toBe(NOBODY.uid);
    }
  }, 300_000);
});

/** The gateway's command: of this clone, or of a copy where an ordinary user cannot read the clone. */
function readableProgram(): [string, string] {
  const script = "import('./dist/src/config/node-version.js')";
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], NOBODY);
  if (status === 0) return [process.execPath, 'dist/src/main.js'];
  const copy = join(folder, 'clone');
  mkdirSync(copy, { mode: 0o755 });
  for (const name of ['package.json', 'node_modules', 'dist'])
    spawnSync('cp', ['-a', name, join(copy, name)]);
  return [join(copy, 'node_modules/.bin/node'), join(copy, 'dist/src/main.js')];
}
