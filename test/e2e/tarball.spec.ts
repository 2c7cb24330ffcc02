import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { getuid } from 'node:process';
import { GatewayProcess } from '../support/gateway-process.js';
import { describeUnless, itUnless, itWherePossible } from '../support/requires.js';
import {
  filtered,
  noSystemCallFilter,
  noTracing,
  refusedCalls,
} from '../support/system-call-filter.js';

const UNIT = 'deploy/systemd/onetime-gateway.service';
const INSTALLED = '/opt/onetime-gateway';
const NOBODY = { uid: 65_534, gid: 65_534 };
/** `systemd-analyze security` gives 0 to 10, and 9.6 to a unit without sandboxing. */
const EXPOSURE_MAX = 2;

const notRoot = getuid?.() === 0 ? null : 'only root can act as another user';

describeUnless(notRoot, 'the tarball', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tarball-'));
  const installed = join(folder, 'installed');
  const refused = join(folder, 'refused-calls');
  let gateway: GatewayProcess;

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    mkdirSync(installed);
    execFileSync('deploy/pack', [folder]);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const tarball = join(folder, `onetime-gateway-${version}.tgz`);
    execFileSync('tar', ['-xzf', tarball, '--strip-components=1', '-C', installed]);
    const install = spawnSync('npm', ['ci', '--omit=dev', '--prefer-offline', '--no-audit'], {
      cwd: installed,
      encoding: 'utf8',
    });
    if (install.status !== 0) throw new Error(install.stderr);
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir);
    writeFileSync(refused, '');
    execFileSync('chown', [`${NOBODY.uid}:${NOBODY.gid}`, dataDir, refused]);
    const command: [string, ...string[]] = [
      join(installed, 'node_modules/.bin/node'),
      join(installed, 'dist/src/main.js'),
    ];
    gateway = await GatewayProcess.start({
      dataDir,
      user: NOBODY,
      // With the embedded database and a supervisor: nothing makes more system calls.
      environment: { GATEWAY_WORKERS: '2' },
      command: noTracing === null ? filtered(UNIT, refused, command) : command,
    });
  }, 300_000);

  afterAll(async () => {
    await gateway?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is installed by `npm ci --omit=dev`, and serves as an unprivileged user', async () => {
    const shared = await gateway.call('eu', { path: '/api/v1/share', body: { secret: 'packed' } });
    const { secret_key: key } = shared.json<{ secret_key: string }>();
    const path = `/api/v1/secret/${key}`;
    const revealed = await gateway.call('eu', { method: 'POST', path });
    expect([shared.status, revealed.json()]).toEqual([
      200,
      expect.objectContaining({ value: 'packed' }),
    ]);
  });

  it('has the operator’s commands, and no sources, separate modules, tests or development packages', () => {
    const { status, stdout } = spawnSync(join(installed, 'deploy/gateway'), ['--help'], {
      encoding: 'utf8',
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('account')]);
    const left = ['src', 'test', 'bench', 'dist/src/region', 'dist/migrations'];
    for (const path of [...left, 'node_modules/jest', 'node_modules/rolldown'])
      expect([path, existsSync(join(installed, path))]).toEqual([path, false]);
  });

  const filteredTest = async (): Promise<void> => {
    expect(await gateway.end()).toBe(0);
    // Of setpriv, which the gateway tries and does without: systemd ends the database with the unit.
    expect(refusedCalls(refused)).toEqual(['capset']);
  };
  const title =
    'serves with the system calls of the unit alone, embedded database and workers included';
  if (noSystemCallFilter === null) itWherePossible(noTracing, title, filteredTest);
  else itUnless(noSystemCallFilter, title, filteredTest);

  it('links its Node where npm has left it out', () => {
    const link = join(installed, 'node_modules/.bin/node');
    const target = readlinkSync(link);
    rmSync(link);
    execFileSync('npm', ['run', 'prepare'], { cwd: installed });
    expect(readlinkSync(link)).toBe(target);
  });

  it('has every file that the systemd unit names', () => {
    const text = readFileSync(join(installed, UNIT), 'utf8');
    const named = [...text.matchAll(/\/opt\/onetime-gateway\/\S+/g)].map(([path]) => path);
    expect(named.length).toBeGreaterThanOrEqual(2);
    for (const path of named) expect(existsSync(path.replace(INSTALLED, installed))).toBe(true);
  });
});

const withoutSystemd =
  spawnSync('systemd-analyze', ['--version']).status === 0
    ? null
    : 'systemd-analyze of Debian’s systemd is missing';

describeUnless(withoutSystemd, 'the systemd unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  const unit = join(folder, 'onetime-gateway.service');
  beforeAll(() => {
    const text = readFileSync(UNIT, 'utf8');
    writeFileSync(unit, text.replaceAll(INSTALLED, resolve('.')));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const analyze = (...words: string[]): { status: number | null; stderr: string } => {
    const { status, stderr } = spawnSync('systemd-analyze', [...words, unit], { encoding: 'utf8' });
    return { status, stderr };
  };

  it('is valid', () => {
    expect(analyze('verify', '--man=no')).toEqual({ status: 0, stderr: '' });
  });

  it('is not started again after a configuration that is refused', () => {
    const text = readFileSync(UNIT, 'utf8');
    expect(text).toMatch(/^RestartPreventExitStatus=2$/m);
    // systemd looks at the main process alone, and would start again what ends in one of these.
    expect(text).not.toMatch(/^Exec(?:StartPre|StartPost|Condition)=/m);
  });

  it('leaves little exposed', () => {
    const threshold = `--threshold=${EXPOSURE_MAX * 10}`;
    expect(analyze('security', '--offline=true', threshold)).toMatchObject({ status: 0 });
  });

  const title = 'lets a user who is not root open port 53, by UDP and TCP, with its one capability';
  itUnless(notRoot, title, async () => {
    const text = readFileSync(UNIT, 'utf8');
    const capabilities = ['AmbientCapabilities', 'CapabilityBoundingSet'].map(
      (name) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1],
    );
    expect(capabilities).toEqual(['CAP_NET_BIND_SERVICE', 'CAP_NET_BIND_SERVICE']);
    const bind = `
      const udp = require('node:dgram').createSocket('udp4');
      const tcp = require('node:net').createServer();
      udp.bind(53, '127.53.53.53', () => tcp.listen(53, '127.53.53.53', () => process.exit(0)));`;
    const asNobody = ['--reuid', `${NOBODY.uid}`, '--regid', `${NOBODY.gid}`, '--clear-groups'];
    const run = (granted: string) =>
      spawnSync(
        'setpriv',
        [
          ...asNobody,
          `--inh-caps=${granted}`,
          `--ambient-caps=${granted}`,
          process.execPath,
          '-e',
          bind,
        ],
        { encoding: 'utf8', cwd: '/' },
      );
    expect(run('-all,+net_bind_service')).toMatchObject({ status: 0, stderr: '' });
    // Where the kernel lets everybody have it, there is nothing to grant.
    const first = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
    if (first > 53) expect(run('-all').status).not.toBe(0);
  });
});
