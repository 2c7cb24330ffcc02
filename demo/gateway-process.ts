import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePorts } from './free-ports.js';

export const BASE_DOMAIN = 'onetime.localhost';
export const REGIONS = ['us', 'eu'] as const;

const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));
/**
 * An option of Node, which `npm start` gives too: V8 has one thread beside the main one. Where a core is busy, each of its
 * usual four takes 4 ms in the middle of a turn, while it marks the heap. Workers have it from their supervisor.
 */
export const V8_THREADS = '--v8-pool-size=1';
const COMMAND_LINE = fileURLToPath(new URL('../src/cli/main.js', import.meta.url));
const READY_WITHIN = 60_000;
const STOPPED_WITHIN = 25_000;
const POLL = 50;
const LOG_FILE = 'demo.log';
const LOG_LINES_SHOWN = 20;

/** Ports on 127.0.0.1. */
export interface GatewayPorts {
  readonly https: number;
  readonly http: number;
  readonly ops: number;
}

export interface GatewayOptions {
  /** Default: free ports. */
  readonly ports?: GatewayPorts;
  /** GATEWAY_ variables in addition to the data dir and the ports. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Words before the path of Node, such as `['taskset', '-c', '0']`. The program must exec Node, not fork it. */
  readonly launcher?: readonly string[];
  /** Command line options of Node. */
  readonly nodeOptions?: readonly string[];
}

interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A gateway process with a new data dir and without the GATEWAY_ variables of this process. */
export class GatewayProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly environment: NodeJS.ProcessEnv,
    readonly dataDir: string,
    readonly ports: GatewayPorts,
  ) {}

  /** Starts the process without waiting for readiness. The caller must call remove(). */
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
    const words = [...launcher, process.execPath, V8_THREADS, ...nodeOptions, MAIN];
    const [program = process.execPath, ...rest] = words;
    // A file, because a pipe blocks the gateway when this process is too busy to read it.
    const log = openSync(join(dataDir, LOG_FILE), 'a');
    const child = spawn(program, rest, { env: environment, stdio: ['ignore', log, log] });
    closeSync(log);
    return new GatewayProcess(child, environment, dataDir, { https, http, ops });
  }

  /** Resolves when every region serves. Throws with the last log lines when the gateway exits or takes too long. */
  async ready(): Promise<void> {
    const giveUpAt = performance.now() + READY_WITHIN;
    while (!(await this.#isServing())) {
      if (!this.#isRunning || performance.now() > giveUpAt) {
        throw new Error(
          `the gateway did not become ready; its last log lines:\n${this.lastLogLines}`,
        );
      }
      await delay(POLL);
    }
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the gateway was never started');
    return this.child.pid;
  }

  /** PEM of the local authority's root. */
  get root(): string {
    return readFileSync(join(this.dataDir, 'ca', 'root.pem'), 'utf8');
  }

  get lastLogLines(): string {
    const lines = readFileSync(join(this.dataDir, LOG_FILE), 'utf8').trimEnd().split('\n');
    return lines.slice(-LOG_LINES_SHOWN).join('\n');
  }

  /** Runs the operator's command line with the configuration of this gateway. */
  async command(words: readonly string[]): Promise<CommandResult> {
    const child = spawn(process.execPath, [COMMAND_LINE, ...words], { env: this.environment });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }

  /** Sends SIGTERM. Resolves to the exit code, or to null when the process had to be killed. */
  async stop(): Promise<number | null> {
    if (!this.#isRunning) return this.child.exitCode;
    const ended = once(this.child, 'exit') as Promise<[number | null]>;
    const killer = setTimeout(() => this.child.kill('SIGKILL'), STOPPED_WITHIN);
    this.child.kill('SIGTERM');
    const [code] = await ended;
    clearTimeout(killer);
    return code;
  }

  /** Stops the process if it still runs, and removes its data dir. */
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

function withoutGatewayVariables(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = Object.entries(environment).filter(([name]) => !name.startsWith('GATEWAY_'));
  return Object.fromEntries(foreign);
}
