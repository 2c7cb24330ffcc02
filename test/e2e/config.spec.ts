import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'gateway-config-'));
const dataDir = join(folder, 'data');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs a program of dist/ with these variables until it exits. */
function run(program: string, variables: Record<string, string>, words: string[] = []): Run {
  const environment = { PATH: process.env['PATH'], GATEWAY_DATA_DIR: dataDir, ...variables };
  const { status, stderr, stdout } = spawnSync(process.execPath, [program, ...words], {
    env: environment,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { code: status, stderr, stdout };
}

const gateway = (variables: Record<string, string>): Run => run('dist/src/main.js', variables);

/** The variables at the beginning of the lines on stderr. */
const named = ({ stderr }: Run): string[] => [
  ...new Set(stderr.split('\n').flatMap((line) => /^(GATEWAY_\w+): ./.exec(line)?.[1] ?? [])),
];

describe('the configuration', () => {
  const bad: Record<string, string> = {
    GATEWAY_BASE_DOMAIN: 'localhost',
    GATEWAY_REGIONS: 'EU!',
    GATEWAY_SERVE_REGIONS: 'eu,eu',
    GATEWAY_DEFAULT_REGION: '-',
    GATEWAY_BIND: 'localhost',
    GATEWAY_HTTPS_PORT: '0',
    GATEWAY_HTTP_PORT: '65536',
    GATEWAY_PUBLIC_HTTPS_PORT: '8443x',
    GATEWAY_OPS_BIND: '127.0.0.256',
    GATEWAY_OPS_PORT: '-1',
    GATEWAY_ACME_DIRECTORY: 'http://ca.example/directory',
    GATEWAY_ACME_EMAIL: 'nobody',
    GATEWAY_ACME2_DIRECTORY: 'ca.example',
    GATEWAY_DNS_SERVERS: 'dns.example:53',
    GATEWAY_TRUSTED_PROXIES: '10.0.0.0/33',
    GATEWAY_PROBE_HTTP_PORT: 'http',
    GATEWAY_ALLOW_RESERVED_TLDS: 'yes',
  };

  it('names every bad variable at once, exits with 2 and starts nothing', () => {
    const refused = gateway(bad);
    expect(refused.code).toBe(2);
    expect(named(refused).toSorted()).toEqual(Object.keys(bad).toSorted());
    expect(refused.stderr).toMatch(/^GATEWAY_HTTPS_PORT: expected a port number from 1 to 65535$/m);
    expect(refused.stdout).toBe('');
    expect(existsSync(dataDir)).toBe(false);
  });

  const key = randomBytes(32).toString('base64');
  it.each<[string, Record<string, string>, string[]]>([
    ['an unknown variable', { GATEWAY_HTTPS_PROT: '8443' }, ['GATEWAY_HTTPS_PROT']],
    [
      'variables of a region outside the fleet',
      { GATEWAY_ROOT_KEY_NZ: key, GATEWAY_INGRESS_IPS_NZ: '127.0.0.1' },
      ['GATEWAY_ROOT_KEY_NZ', 'GATEWAY_INGRESS_IPS_NZ'],
    ],
    [
      'regions outside the fleet',
      { GATEWAY_REGIONS: 'eu', GATEWAY_SERVE_REGIONS: 'us', GATEWAY_DEFAULT_REGION: 'nz' },
      ['GATEWAY_SERVE_REGIONS', 'GATEWAY_DEFAULT_REGION'],
    ],
    [
      'a database without a root key',
      { GATEWAY_DATABASE_URL_EU: 'postgres://eu:hunter2@127.0.0.1/eu' },
      ['GATEWAY_ROOT_KEY_EU'],
    ],
    [
      'one database for two regions',
      {
        GATEWAY_DATABASE_URL_EU: 'postgres://eu:hunter2@127.0.0.1/one',
        GATEWAY_DATABASE_URL_US: 'postgres://us:hunter2@127.0.0.1/one',
        GATEWAY_ROOT_KEY_EU: key,
        GATEWAY_ROOT_KEY_US: randomBytes(32).toString('base64'),
      },
      ['GATEWAY_DATABASE_URL_EU'],
    ],
    [
      'an invalid database URL, and root keys that are too short or not random',
      {
        GATEWAY_DATABASE_URL_EU: 'mysql://eu:hunter2@127.0.0.1/eu',
        GATEWAY_ROOT_KEY_EU: randomBytes(31).toString('base64'),
        GATEWAY_ROOT_KEY_US: Buffer.alloc(32, 'changeme').toString('base64'),
        GATEWAY_INGRESS_IPS_EU: 'here',
      },
      [
        'GATEWAY_DATABASE_URL_EU',
        'GATEWAY_ROOT_KEY_EU',
        'GATEWAY_INGRESS_IPS_EU',
        'GATEWAY_ROOT_KEY_US',
      ],
    ],
  ])('refuses %s by name, and prints no key and no password', (_, variables, names) => {
    const refused = gateway(variables);
    expect(refused.code).toBe(2);
    expect(named(refused).toSorted()).toEqual(names.toSorted());
    expect(refused.stderr).not.toContain('hunter2');
    for (const [name, value] of Object.entries(variables)) {
      if (name.startsWith('GATEWAY_ROOT_KEY')) expect(refused.stderr).not.toContain(value);
    }
    expect(existsSync(dataDir)).toBe(false);
  });

  it('is checked by the commands as well', () => {
    const refused = run('dist/src/cli/main.js', { GATEWAY_HTTPS_PROT: '1' }, ['account', 'list']);
    expect(refused.code).toBe(2);
    expect(named(refused)).toEqual(['GATEWAY_HTTPS_PROT']);
    expect(existsSync(dataDir)).toBe(false);
  });
});
