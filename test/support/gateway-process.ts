import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call, type Answer, type Call, type Target } from './https-client.js';
import { freePorts } from '../../demo/free-ports.js';
import { until } from './until.js';

const MAIN = 'dist/src/main.js';
const COMMAND_LINE = 'dist/src/cli/main.js';

export interface GatewayOptions {
  /** A data dir to go on with; by default a new one that stop() removes. */
  readonly dataDir?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What to run instead of the program itself. */
  readonly command?: readonly [string, ...string[]];
  /** For root only: whom to run it as. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** A gateway as its own process, from dist/ as `npm ci` built it, on free ports of 127.0.0.1. */
export class GatewayProcess {
  readonly #logs: string[] = [];

  private constructor(
    readonly child: ChildProcess,
    readonly dataDir: string,
    readonly ports: { readonly https: number; readonly http: number; readonly ops: number },
    private readonly environment: NodeJS.ProcessEnv,
    private readonly isDataDirOurs: boolean,
  ) {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => this.#logs.push(chunk.toString()));
    }
  }

  /** Starts one and waits until every region serves. */
  static async start(options: GatewayOptions = {}): Promise<GatewayProcess> {
    const gateway = await GatewayProcess.spawn(options);
    await gateway.ready();
    return gateway;
  }

  /** Starts one and does not wait. */
  static async spawn(options: GatewayOptions = {}): Promise<GatewayProcess> {
    const { dataDir, environment = {}, user = {} } = options;
    const [program, ...words] = options.command ?? [process.execPath, MAIN];
    const [https = 0, http = 0, ops = 0] = await freePorts(3);
    const directory = dataDir ?? mkdtempSync(join(tmpdir(), 'gateway-e2e-'));
    const variables = {
      ...withoutGatewayVariables(process.env),
      GATEWAY_DATA_DIR: directory,
      GATEWAY_HTTPS_PORT: String(https),
      GATEWAY_HTTP_PORT: String(http),
      GATEWAY_OPS_PORT: String(ops),
      ...environment,
    };
    const child = spawn(program, words, {
      ...user,
      env: variables,
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that a test can kill all of it.
      detached: true,
    });
    return new GatewayProcess(
      child,
      directory,
      { https, http, ops },
      variables,
      dataDir === undefined,
    );
  }

  /** Everything it has written so far. */
  get logs(): string {
    return this.#logs.join('');
  }

  get ca(): string {
    return readFileSync(join(this.dataDir, 'ca', 'root.pem'), 'utf8');
  }

  /** Waits until every region serves. `/readyz` is content with one: `'one region'` is for tests that keep a database away. */
  async ready(served: 'every region' | 'one region' = 'every region'): Promise<void> {
    await until('the gateway is ready', async () => {
      if (this.child.exitCode !== null) throw new Error(`the gateway ended: ${this.logs}`);
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

  /** A request to `eu.onetime.localhost` or another host of the base domain, given by its first label; `''` is the bare domain. */
  call(region: string, request: Call): Promise<Answer> {
    return call(
      this.target(region === '' ? 'onetime.localhost' : `${region}.onetime.localhost`),
      request,
    );
  }

  /** The operator's command line, beside this gateway: resolves to its exit code and what it printed. */
  async command(
    ...words: string[]
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [COMMAND_LINE, ...words], { env: this.environment });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  /** A new account; `auth` is what call() takes. */
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
    if (code !== 0) throw new Error(`no account: ${stderr}`);
    const { token } = JSON.parse(stdout) as { token: string };
    return { auth: `${email}:${token}`, email };
  }

  /** Sends a signal and waits for the end; resolves to the exit code, null when the signal itself ended it. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const ended = once(this.child, 'exit') as Promise<[number | null]>;
    this.child.kill(signal);
    const [code] = await ended;
    return code;
  }

  /** For afterAll(): ends it and removes the data dir unless it was given. */
  async stop(): Promise<void> {
    await this.end();
    if (this.isDataDirOurs) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function withoutGatewayVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      ([name]) => !name.startsWith('GATEWAY_') && name !== 'NODE_OPTIONS',
    ),
  );
}
