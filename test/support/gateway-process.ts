import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, type Answer, type Call, type Target } from './https-client.js';
import { freePorts } from '../../demo/free-ports.js';
import { V8_THREADS } from '../../demo/gateway-process.js';
import { until } from './until.js';
import { spawnTied } from './tied-process.js';

const BUILD = 'dist';
const MAIN = 'src/main.js';
const COMMAND_LINE = 'src/cli/main.js';
/** Of e2e-setup.ts. */
const NEW_DATA_DIR = process.env['TEST_NEW_DATA_DIR'] ?? '';

export interface GatewayOptions {
  /** An existing data dir, or an empty one for a first start. Default: a migrated one that stop() removes. */
  readonly dataDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Program and arguments to run instead of the gateway's main file. */
  readonly command?: readonly [string, ...string[]];
  /** The folder of another program's build instead of this one's, see OldProgram. */
  readonly build?: string;
  /** The user to run as; requires root. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A gateway process that runs the build in dist/ on free ports of 127.0.0.1. */
export class GatewayProcess {
  readonly #logs: string[] = [];

  private constructor(
    readonly child: ChildProcess,
    readonly dataDir: string,
    readonly ports: { readonly https: number; readonly http: number; readonly ops: number },
    private readonly environment: NodeJS.ProcessEnv,
    private readonly options: GatewayOptions,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#logs.push(chunk.toString()));
    }
  }

  /** Starts the process and waits until every region serves. */
  static async start(options: GatewayOptions = {}): Promise<GatewayProcess> {
    const gateway = await GatewayProcess.spawn(options);
    try {
      await gateway.ready();
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  /** Starts the process without waiting. */
  static async spawn(options: GatewayOptions = {}): Promise<GatewayProcess> {
    const { dataDir, environment = {}, user = {}, build = BUILD } = options;
    const [program, ...words] = options.command ?? [
      process.execPath,
      V8_THREADS,
      join(build, MAIN),
    ];
    const [https = 0, http = 0, ops = 0] = await freePorts(3);
    const directory = dataDir ?? newDataDir(options);
    const variables = {
      ...withoutGatewayVariables(process.env),
      GATEWAY_DATA_DIR: directory,
      GATEWAY_HTTPS_PORT: String(https),
      GATEWAY_HTTP_PORT: String(http),
      GATEWAY_OPS_PORT: String(ops),
      // All tests come from one address; those about limits set them.
      GATEWAY_LIMITS: 'off',
      ...environment,
    };
    const child = spawnTied(program, words, {
      ...user,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group, so that a test can kill all of its processes.
      detached: true,
    });
    return new GatewayProcess(child, directory, { https, http, ops }, variables, options);
  }

  /** All output so far, stdout and stderr. */
  get logs(): string {
    return this.#logs.join('');
  }

  /** Its whole lines: the last one may be still arriving. */
  get lines(): string[] {
    return this.logs.split('\n').slice(0, -1);
  }

  get ca(): string {
    return readFileSync(join(this.dataDir, 'ca', 'root.pem'), 'utf8');
  }

  /** Waits for `/readyz` and, by default, for every region. `'one region'` is for tests without a database for the other. */
  async ready(served: 'every region' | 'one region' = 'every region'): Promise<void> {
    await until('the gateway to be ready', async () => {
      if (this.child.exitCode !== null) throw new Error(`the gateway exited: ${this.logs}`);
      const answer = await this.ops('/readyz').catch(() => null);
      if (answer === null) return false;
      const { cells } = (await answer.json()) as { cells: readonly { readonly state: string }[] };
      return (
        answer.ok && (served === 'one region' || cells.every(({ state }) => state === 'serving'))
      );
    });
  }

  ops(path: string): Promise<Response> {
    return fetch(`http://127.0.0.1:${this.ports.ops}${path}`);
  }

  target(host: string): Target {
    return { host, port: this.ports.https, ca: this.ca };
  }

  /** @param region the first label of the host, as in `eu.onetime.localhost`; `''` is the base domain */
  call(region: string, request: Call): Promise<Answer> {
    return call(
      this.target(region === '' ? 'onetime.localhost' : `${region}.onetime.localhost`),
      request,
    );
  }

  /** Runs the operator's command line with the configuration of this gateway. */
  command(...words: string[]): Promise<CommandResult> {
    return this.commandWith({}, ...words);
  }

  /** The same with changes of the configuration. */
  async commandWith(
    changes: Readonly<Record<string, string>>,
    ...words: string[]
  ): Promise<CommandResult> {
    const env = { ...this.environment, ...changes };
    const child = spawn(
      process.execPath,
      [join(this.options.build ?? BUILD, COMMAND_LINE), ...words],
      { env },
    );
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  /** Creates an account; `auth` is the value for call(). */
  async account(
    region: string,
    email: string,
    plan = 'basic',
  ): Promise<{ auth: string; email: string }> {
    const words = [
      'account',
      'create',
      '--region',
      region,
      '--email',
      email,
      '--plan',
      plan,
      '--json',
    ];
    const { code, stdout, stderr } = await this.command(...words);
    if (code !== 0) throw new Error(`account create failed: ${stderr}`);
    const { token } = JSON.parse(stdout) as { token: string };
    return { auth: `${email}:${token}`, email };
  }

  residentBytes(): number {
    const status = readFileSync(`/proc/${this.child.pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
  }

  /** Sockets and files that it has open. */
  descriptors(): number {
    return readdirSync(`/proc/${this.child.pid}/fd`).length;
  }

  /** Sends a signal and waits for the exit. Resolves to the exit code, or to null when the signal killed the process. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.kill(signal);
    const [code] = await ended;
    return code;
  }

  /** For afterAll(): stops the process and removes its data dir, unless the data dir was an option. */
  async stop(): Promise<void> {
    await this.end();
    if (this.options.dataDir === undefined) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** Empty for a gateway whose databases are elsewhere, and for another user than this one, who could not read a copy. */
function newDataDir({ command, user, environment = {} }: GatewayOptions): string {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-e2e-'));
  const isElsewhere = Object.keys(environment).some((name) => name.startsWith('GATEWAY_DATABASE_'));
  if (isElsewhere || command !== undefined || user !== undefined) return directory;
  const { status, stderr } = spawnSync('cp', ['-a', `${NEW_DATA_DIR}/.`, directory]);
  if (status !== 0) throw new Error(`no data dir: ${stderr.toString()}`);
  return directory;
}

function withoutGatewayVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !name.startsWith('GATEWAY_') && name !== 'NODE_OPTIONS',
    ),
  );
}
