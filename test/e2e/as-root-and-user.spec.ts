import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { GatewayProcess } from '../support/gateway-process.js';

// Debian's user "nobody".
const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = getuid?.() === 0;

const folder = mkdtempSync(join(tmpdir(), 'gateway-user-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Start, command line, share, restart and reveal. */
async function expectToWork(dataDir: string, user?: typeof NOBODY): Promise<void> {
  const options = { dataDir, ...(user === undefined ? {} : { user }) };
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

(isRoot ? describe : describe.skip)(
  isRoot ? 'as root' : 'as root (SKIPPED: the tests run as an ordinary user)',
  () => {
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
  },
);

// When the tests run as an ordinary user, all of them cover this case.
const reason = isRoot ? unreachable() : 'all other tests run as one';
(reason === null ? describe : describe.skip)(
  reason === null ? 'as an ordinary user' : `as an ordinary user (SKIPPED: ${reason})`,
  () => {
    it('works, and its files belong to that user', async () => {
      const dataDir = join(folder, 'of-nobody');
      chmodSync(folder, 0o711);
      mkdirSync(dataDir, { mode: 0o700 });
      spawnSync('chown', [`${NOBODY.uid}:${NOBODY.gid}`, dataDir]);
      await expectToWork(dataDir, NOBODY);
      for (const name of ['postgres', 'keys', 'ca', 'lock']) {
        expect(statSync(join(dataDir, name)).uid).toBe(NOBODY.uid);
      }
    });
  },
);

/** Why an ordinary user cannot run this clone; null when it can. */
function unreachable(): string | null {
  if (!readFileSync('/etc/passwd', 'utf8').includes(`:x:${NOBODY.uid}:`)) return 'no such user';
  const script = "import('./dist/src/config/node-version.js')";
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], NOBODY);
  return status === 0 ? null : 'the clone is not readable for an ordinary user';
}
