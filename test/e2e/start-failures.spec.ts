import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../demo/free-ports.js';
import {
  LOOPBACK_ADDRESSES,
  answersOfEveryListener,
  answersOn,
  everyAddress,
  openKept,
  openUnused,
} from '../support/every-address.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { until } from '../support/until.js';

const folder = mkdtempSync(join(tmpdir(), 'gateway-start-'));
const dataDir = join(folder, 'data');
let ports: readonly number[];
beforeAll(async () => {
  ports = await freePorts(3);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly program?: string;
  readonly words?: readonly string[];
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** Runs a program of dist/ until it exits. */
function run(variables: Record<string, string>, options: RunOptions = {}): Promise<Run> {
  const { program = 'dist/src/main.js', words = [], user = {} } = options;
  const [https, http, ops] = ports.map(String) as [string, string, string];
  const child = spawn(process.execPath, [program, ...words], {
    ...user,
    env: {
      PATH: process.env['PATH'],
      GATEWAY_DATA_DIR: dataDir,
      GATEWAY_HTTPS_PORT: https,
      GATEWAY_HTTP_PORT: http,
      GATEWAY_OPS_PORT: ops,
      ...variables,
    },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** One sentence that begins with the variable; nothing else, and no stack. */
function expectSentence({ code, stderr, stdout }: Run, variable: string, sentence: RegExp): void {
  expect(stderr).toMatch(new RegExp(`^${variable}: [^\n]+\n$`));
  expect(stderr).toMatch(sentence);
  expect(stdout).not.toMatch(/ {4}at |"frames"|"fatal"/);
  expect(code).toBe(2);
}

describe('a start that fails', () => {
  it('because OpenSSL is told to do other TLS than promised', async () => {
    const file = join(folder, 'openssl.cnf');
    const sections = ['nodejs_conf = init', '[init]', 'ssl_conf = ssl', '[ssl]'];
    const settings = ['system_default = all', '[all]', 'Groups = P-384', 'MinProtocol = TLSv1.3'];
    writeFileSync(file, [...sections, ...settings, ''].join('\n'));
    const refused = /TLS 1\.2 is refused; .* X25519MLKEM768 is refused; .* P-256 is refused\./;
    expectSentence(await run({ OPENSSL_CONF: file }), 'TLS self-test', refused);
    expect(existsSync(dataDir)).toBe(false);
    const doctor = { program: 'dist/src/cli/main.js', words: ['doctor', '--json'] };
    const { stdout } = await run({ OPENSSL_CONF: file }, doctor);
    expect(JSON.parse(stdout)).toContainEqual({
      region: null,
      check: 'TLS',
      verdict: 'bad',
      found: expect.stringMatching(refused),
      action: expect.stringContaining('OPENSSL_CONF'),
    });
  });

  describe('because of a port', () => {
    let taken: Server;
    let port: string;
    beforeAll(async () => {
      taken = createServer();
      await new Promise<void>((resolve) => {
        taken.listen(0, '127.0.0.1', resolve);
      });
      port = String((taken.address() as AddressInfo).port);
    });
    afterAll(() => taken.close());

    it.each(['GATEWAY_HTTPS_PORT', 'GATEWAY_HTTP_PORT', 'GATEWAY_OPS_PORT'])(
      'names %s when it is taken, and initialises nothing',
      async (variable) => {
        expectSentence(
          await run({ [variable]: port }),
          variable,
          /127\.0\.0\.1 port \d+ is in use/,
        );
        expect(existsSync(dataDir)).toBe(false);
      },
    );

    it('names the second of two equal ports', async () => {
      const refused = await run({ GATEWAY_HTTP_PORT: String(ports[0]) });
      expectSentence(refused, 'GATEWAY_HTTP_PORT', /another port than GATEWAY_HTTPS_PORT/);
    });

    it.each(['GATEWAY_BIND', 'GATEWAY_OPS_BIND'])(
      'names %s when the address is another machine’s',
      async (variable) => {
        const refused = await run({ [variable]: '192.0.2.1' });
        expectSentence(refused, variable, /192\.0\.2\.1 is not an address of this machine/);
        expect(existsSync(dataDir)).toBe(false);
      },
    );
  });

  describe('because of the data dir', () => {
    const NAME = 'GATEWAY_DATA_DIR';
    it('says that it is a file, or lies below one', async () => {
      const file = join(folder, 'file');
      writeFileSync(file, '');
      expectSentence(await run({ [NAME]: file }), NAME, /is a file/);
      expectSentence(await run({ [NAME]: join(file, 'data') }), NAME, /is a file/);
    });

    it('says that it cannot be written', async () => {
      const locked = join(folder, 'locked');
      mkdirSync(locked);
      chmodSync(locked, 0o555);
      chmodSync(folder, 0o755);
      const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : null;
      for (const path of [locked, join(locked, 'data')]) {
        const refused = await run({ [NAME]: path }, user === null ? {} : { user });
        expectSentence(refused, NAME, /cannot be written by this user/);
      }
    });

    it.each([',', '"', '\n', '\u007f'])('says that its path has the character %j', async (text) => {
      const path = join(folder, `a${text}b`);
      expectSentence(await run({ [NAME]: path }), NAME, /expected a path without commas/);
      const command = { program: 'dist/src/cli/main.js', words: ['account', 'list'] };
      expectSentence(await run({ [NAME]: path }, command), NAME, /expected a path without commas/);
      expect(existsSync(path)).toBe(false);
    });
  });
});

describe('a running gateway', () => {
  let gateway: GatewayProcess;
  let adminPort: number;
  beforeAll(async () => {
    [adminPort = 0] = await freePorts(1);
    gateway = await GatewayProcess.start({
      dataDir: join(folder, "it's a 100% plain #folder?"),
      environment: everyAddress(LOOPBACK_ADDRESSES, adminPort),
    });
  });
  afterAll(() => gateway.stop());

  it('refuses another gateway on its data dir', async () => {
    const refused = await run({ GATEWAY_DATA_DIR: gateway.dataDir });
    expectSentence(refused, 'GATEWAY_DATA_DIR', /another gateway \(process \d+\) runs/);
  });

  it('logs that it listens, then that regions serve, then that it is ready', async () => {
    await until('ready', () => gateway.logs.includes('"msg":"ready"'));
    const messages = ['"listening"', '"region is serving"', '"ready"'];
    const places = messages.map((message) => gateway.logs.indexOf(message));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
  });

  it('answers on every address of every listener, behind a balancer too', async () => {
    expect(await answersOfEveryListener(gateway, LOOPBACK_ADDRESSES, adminPort)).toEqual(
      answersOn(LOOPBACK_ADDRESSES),
    );
  });

  it('ignores SIGHUP, which nobody would serve beside it, and says so', async () => {
    gateway.child.kill('SIGHUP');
    await until('the line', () => gateway.logs.includes('SIGHUP is ignored'));
    expect((await gateway.call('eu', { path: '/api/v1/status' })).status).toBe(200);
  });

  it('ends the connections of every address when it stops, used or not', async () => {
    const { https, http, ops } = gateway.ports;
    const places = [https, http, ops, adminPort].flatMap((port) =>
      LOOPBACK_ADDRESSES.map((host) => ({ host, port })),
    );
    const unused = await Promise.all(places.map(openUnused));
    const kept = await Promise.all(
      places.filter(({ port }) => port === http || port === ops).map(openKept),
    );
    expect(await gateway.end('SIGTERM')).toBe(0);
    await Promise.all([...unused, ...kept].map(({ ended }) => ended));
  });
});

describe('--version', () => {
  it.each(['dist/src/main.js', 'dist/src/cli/main.js'])('is printed by %s', async (program) => {
    const { code, stdout } = await run({}, { program, words: ['--version'] });
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });

  it('is the only argument of the gateway', async () => {
    const { code, stderr } = await run({}, { words: ['--prot=1'] });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^--prot=1: the gateway takes no arguments/);
  });
});
