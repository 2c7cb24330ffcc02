import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const BASE_DOMAIN = 'onetime.localhost';
export const REGIONS = ['us', 'eu'] as const;

const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));
const COMMAND_LINE = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const READY_WITHIN = 60_000;
const STOPPED_WITHIN = 25_000;
const POLL = 50;
const LOG_FILE = 'demo.log';
const LOG_LINES_SHOWN = 20;

/** Of 127.0.0.1. */
export interface GatewayPorts {
  readonly https: number;
  readonly http: number;
  readonly ops: number;
}

export interface GatewayOptions {
  /** Default: free ones. */
  readonly ports?: GatewayPorts;
  /** Configuration beyond data dir and ports: none by default. */
  readonly variables?: Readonly<Record<string, string>>;
  /** What starts Node, in front of its own path: `['taskset', '-c', '0']`. It must become Node, not its parent. */
  readonly launcher?: readonly string[];
  /** For Node itself. */
  readonly nodeOptions?: readonly string[];
}

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A gateway of our own as a process: a fresh data dir, free ports, nothing of this environment's configuration. */
export class GatewayProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly environment: NodeJS.ProcessEnv,
    readonly dataDir: string,
    readonly ports: GatewayPorts,
  ) {}

  /** Starts one and does not wait. Whoever calls this calls remove() in the end. */
  static async spawn({
    launcher = [],
    nodeOptions = [],
    variables = {},
    ports,
  }: GatewayOptions = {}): Promise<GatewayProcess> {
    const { https, http, ops } = ports ?? (await freeGatewayPorts());
    const dataDir = mkdtempSync(join(tmpdir(), 'onetime-gateway-'));
    const environment = {
      ...withoutGatewayVariables(process.env),
      GATEWAY_DATA_DIR: dataDir,
      GATEWAY_HTTPS_PORT: String(https),
      GATEWAY_HTTP_PORT: String(http),
      GATEWAY_OPS_PORT: String(ops),
      ...variables,
    };
    const words = [...launcher, process.execPath, ...nodeOptions, MAIN];
    const [program = process.execPath, ...rest] = words;
    // A file, since a pipe would have to be read all the time, by a process that may have better things to do.
    const log = openSync(join(dataDir, LOG_FILE), 'a');
    const child = spawn(program, rest, { env: environment, stdio: ['ignore', log, log] });
    closeSync(log);
    return new GatewayProcess(child, environment, dataDir, { https, http, ops });
  }

  /** Resolves when every region serves. Throws a sentence with the last log lines when that does not happen. */
  async ready(): Promise<void> {
    const giveUpAt = performance.now() + READY_WITHIN;
    while (!(await this.#isServing())) {
      if (!this.#isRunning || performance.now() > giveUpAt) {
        throw new Error(`the gateway does not get ready; its last lines:\n${this.lastLogLines}`);
      }
      await delay(POLL);
    }
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the gateway was never started');
    return this.child.pid;
  }

  /** The local authority's root, for clients to trust. */
  get root(): string {
    return readFileSync(join(this.dataDir, 'ca', 'root.pem'), 'utf8');
  }

  /** The end of what it has logged, for somebody who looks for a reason. */
  get lastLogLines(): string {
    const lines = readFileSync(join(this.dataDir, LOG_FILE), 'utf8').trimEnd().split('\n');
    return lines.slice(-LOG_LINES_SHOWN).join('\n');
  }

  /** The operator's command line, beside this gateway. */
  async command(words: readonly string[]): Promise<CommandResult> {
    const child = spawn(process.execPath, [COMMAND_LINE, ...words], { env: this.environment });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  /** Asks it to stop. Resolves to its exit code, null when it had to be killed. */
  async stop(): Promise<number | null> {
    if (!this.#isRunning) return this.child.exitCode;
    const ended = once(this.child, 'exit') as Promise<[number | null]>;
    const killer = setTimeout(() => this.child.kill('SIGKILL'), STOPPED_WITHIN);
    this.child.kill('SIGTERM');
    const [code] = await ended;
    clearTimeout(killer);
    return code;
  }

  /** Stops it, if it still runs, and removes its data dir. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  get #isRunning(): boolean {
    return (
      this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null
    );
  }

  async #isServing(): Promise<boolean> {
    try {
      const response = await fetch(`http://127.0.0.1:${this.ports.ops}/readyz`);
      const { cells } = (await response.json()) as { cells: readonly { state: string }[] };
      return response.ok && cells.every(({ state }) => state === 'serving');
    } catch {
      return false;
    }
  }
}

export async function freeGatewayPorts(): Promise<GatewayPorts> {
  const [https = 0, http = 0, ops = 0] = await freePorts(3);
  return { https, http, ops };
}

/** Ports of 127.0.0.1 that are free now: held all at once, so that they differ, then let go. */
export async function freePorts(count: number): Promise<number[]> {
  const holders: Server[] = [];
  for (let index = 0; index < count; index++) {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    holders.push(holder);
  }
  const ports = holders.map((holder) => (holder.address() as AddressInfo).port);
  await Promise.all(holders.map((holder) => once(holder.close(), 'close')));
  return ports;
}

function withoutGatewayVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = Object.entries(environment).filter(([name]) => !name.startsWith('GATEWAY_'));
  return Object.fromEntries(foreign);
}
