import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import type {
  EmbeddedPostgres,
  EmbeddedPostgresOptions,
} from '../../src/database/embedded/embedded-postgres.js';
import { signal } from '../../src/database/embedded/process-id.js';
import { childrenOf } from './child-processes.js';
import { temporaryServer } from './temporary-server.js';

/** A PostgreSQL that a test kills, stops and starts again. Its URL stays the same. */
export class KillableDatabase {
  #server: EmbeddedPostgres;

  private constructor(
    private readonly files: ReturnType<typeof temporaryServer>,
    server: EmbeddedPostgres,
  ) {
    this.#server = server;
  }

  static async start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<KillableDatabase> {
    const files = temporaryServer(options);
    return new KillableDatabase(files, await files.start());
  }

  urlOf(region: string): string {
    return this.#server.urlOf(region);
  }

  get dataDir(): string {
    return this.files.dataDir;
  }

  get adminUrl(): string {
    return this.#server.adminUrl;
  }

  /** `kill -9` of the server; its sessions end by themselves. */
  async kill(): Promise<void> {
    process.kill(this.#server.processId, 'SIGKILL');
    // Returns when the process is gone.
    await this.#server.stop();
  }

  /** After kill(): recovers and serves again. */
  async restart(): Promise<void> {
    this.#server = await this.files.start();
  }

  /** `kill -9` of one session: the server ends all of them, recovers, and empties its unlogged tables. False: there is none. */
  killSession(pick: (count: number) => number): boolean {
    const sessions = this.#children().filter((pid) => /\[local\]/.test(titleOf(pid)));
    const chosen = sessions[pick(sessions.length)];
    if (chosen === undefined) return false;
    signal(chosen, 'SIGKILL');
    return true;
  }

  /** Every process of the server stands still: it accepts connections in the kernel, and answers nothing. */
  freeze(): void {
    for (const pid of [this.#server.processId, ...this.#children()]) signal(pid, 'SIGSTOP');
  }

  thaw(): void {
    for (const pid of [...this.#children(), this.#server.processId]) signal(pid, 'SIGCONT');
  }

  /** Runs statements as the superuser, for whom a connection is kept back. */
  asAdmin(...texts: readonly string[]): Promise<readonly unknown[]> {
    return run(this.#server.adminUrl, texts);
  }

  /** Runs statements in a region's database, as its role. Resolves to the rows of the last one. */
  asRegion(region: string, ...texts: readonly string[]): Promise<readonly unknown[]> {
    return run(this.urlOf(region), texts);
  }

  async close(): Promise<void> {
    this.thaw();
    await this.#server.stop();
    this.files.remove();
  }

  #children(): number[] {
    return childrenOf(this.#server.processId);
  }
}

async function run(
  connectionString: string,
  texts: readonly string[],
): Promise<readonly unknown[]> {
  const client = new Client({ connectionString });
  // The statement reports it. An `error` event without a listener would end the test.
  client.on('error', () => undefined);
  await client.connect();
  try {
    let rows: readonly unknown[] = [];
    for (const text of texts) ({ rows } = await client.query(text));
    return rows;
  } finally {
    await client.end();
  }
}

/** What PostgreSQL says about the process; empty when it has ended. */
function titleOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
