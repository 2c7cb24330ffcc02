import { spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { Client } from 'pg';
import { freePorts } from '../../demo/free-ports.js';
import { spawnTied } from './tied-process.js';
import { until } from './until.js';

const BINARIES = '/usr/lib/postgresql/15/bin';
// "nobody" of Debian: PostgreSQL refuses to run as root.
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 };
const STANDBY = 'standby';

/** One PostgreSQL 15 server of a pair. */
export class PairedServer {
  constructor(
    readonly data: string,
    readonly port: number,
    private readonly child: ChildProcess,
  ) {}

  get url(): string {
    return `postgres://postgres@127.0.0.1:${this.port}/gateway_eu`;
  }

  /** To the server and all of its processes: SIGKILL is a crash, SIGSTOP a machine that hangs. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    const { pid } = this.child;
    if (pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
    for (const each of [pid, ...children.filter((text) => text !== '').map(Number)]) {
      try {
        process.kill(each, signal);
      } catch {
        // A backend that has ended meanwhile.
      }
    }
  }

  async stop(): Promise<void> {
    this.signal('SIGCONT');
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGQUIT');
    await once(this.child, 'exit');
  }

  /** One statement in a database of the server. */
  async query(text: string, values: unknown[] = [], database = 'gateway_eu') {
    const url = new URL(this.url);
    url.pathname = `/${database}`;
    const client = new Client({ connectionString: url.href });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text, values)).rows;
    } finally {
      await client.end();
    }
  }
}

/** A primary and its streaming replica, which is synchronous: Debian's PostgreSQL 15, over loopback. */
export class ReplicatedPostgres {
  private constructor(
    private readonly folder: string,
    private readonly user: Partial<typeof UNPRIVILEGED>,
    readonly primary: PairedServer,
    readonly standby: PairedServer,
  ) {}

  static async start(): Promise<ReplicatedPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'replicated-'));
    const user: Partial<typeof UNPRIVILEGED> = getuid?.() === 0 ? UNPRIVILEGED : {};
    if (user.uid !== undefined && user.gid !== undefined) chownSync(folder, user.uid, user.gid);
    const [one = 0, two = 0] = await freePorts(2);
    const data = join(folder, 'primary');
    run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '--no-sync'], user);
    const primary = await startServer(folder, data, one, user);
    await primary.query('create database gateway_eu', [], 'postgres');
    const copy = join(folder, STANDBY);
    const from = `host=127.0.0.1 port=${one} user=postgres`;
    run(
      'pg_basebackup',
      ['-D', copy, '-R', '-X', 'stream', '-c', 'fast', '--no-sync', '-d', from],
      user,
    );
    const standby = await startServer(folder, copy, two, user);
    const pair = new ReplicatedPostgres(folder, user, primary, standby);
    await primary.query(`alter system set synchronous_standby_names = '${STANDBY}'`);
    await primary.query('select pg_reload_conf()');
    await until('the standby is synchronous', async () => {
      const rows = await primary.query('select sync_state from pg_stat_replication');
      return rows[0]?.['sync_state'] === 'sync';
    });
    return pair;
  }

  /** The standby becomes a primary of its own, as after a failover. */
  async promote(): Promise<void> {
    run('pg_ctl', ['promote', '-w', '-D', this.standby.data], this.user);
    await until('the standby takes writes', async () => {
      const [row] = await this.standby.query('select pg_is_in_recovery() as "isStandby"');
      return row?.['isStandby'] === false;
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.primary.stop(), this.standby.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function startServer(
  folder: string,
  data: string,
  port: number,
  user: object,
): Promise<PairedServer> {
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: folder,
    // The name under which the standby connects.
    cluster_name: STANDBY,
    // A killed process loses nothing that it has written.
    fsync: 'off',
  };
  const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawnTied(join(BINARIES, 'postgres'), ['-D', data, ...words], {
    ...user,
    stdio: 'ignore',
  });
  await until('PostgreSQL accepts connections', () => {
    if (child.exitCode !== null) throw new Error('PostgreSQL ended');
    const address = ['-h', '127.0.0.1', '-p', String(port)];
    return spawnSync(join(BINARIES, 'pg_isready'), address).status === 0;
  });
  return new PairedServer(data, port, child);
}

function run(program: string, words: readonly string[], user: object): void {
  const { status, stderr } = spawnSync(join(BINARIES, program), words, {
    ...user,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}
