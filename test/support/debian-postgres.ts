import { spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { freePorts } from '../../demo/free-ports.js';
import { until } from './until.js';
import { spawnTied } from './tied-process.js';

const BINARIES = '/usr/lib/postgresql/15/bin';
// "nobody" of Debian: PostgreSQL refuses to run as root.
const UNPRIVILEGED = { uid: 65_534, gid: 65_534 };

export const hasDebianPostgres = existsSync(join(BINARIES, 'postgres'));

/** Debian's PostgreSQL 15, the oldest version that the gateway supports, set up by the script that docker-compose.yml mounts. */
export class DebianPostgres {
  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
    /** With the role and the database of deploy/postgres/create-role.sh. */
    readonly url: string,
  ) {}

  static async start(): Promise<DebianPostgres> {
    const folder = mkdtempSync(join(tmpdir(), 'postgres-15-'));
    const user: Partial<typeof UNPRIVILEGED> = getuid?.() === 0 ? UNPRIVILEGED : {};
    const data = join(folder, 'data');
    const password = randomBytes(12).toString('hex');
    mkdirSync(data);
    const { uid, gid } = user;
    if (uid !== undefined && gid !== undefined)
      for (const path of [folder, data]) chownSync(path, uid, gid);
    writeFileSync(join(folder, 'superuser-password'), password, { mode: 0o644 });
    run(
      'initdb',
      [
        '-D',
        data,
        '-U',
        'postgres',
        '--auth=scram-sha-256',
        `--pwfile=${folder}/superuser-password`,
      ],
      user,
    );

    const [port = 0] = await freePorts(1);
    const settings = {
      listen_addresses: '127.0.0.1',
      port,
      unix_socket_directories: folder,
      fsync: 'off',
    };
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = spawnTied(join(BINARIES, 'postgres'), ['-D', data, ...words], {
      ...user,
      stdio: 'ignore',
    });
    const role = randomBytes(12).toString('hex');
    const server = new DebianPostgres(
      folder,
      child,
      `postgres://gateway:${role}@127.0.0.1:${port}/gateway_eu`,
    );
    try {
      const address = ['-h', '127.0.0.1', '-p', String(port)];
      await until('PostgreSQL 15 accepts connections', () => {
        if (child.exitCode !== null) throw new Error('PostgreSQL 15 ended');
        return spawnSync(join(BINARIES, 'pg_isready'), address).status === 0;
      });
      const environment = {
        PATH: process.env['PATH'],
        PGHOST: '127.0.0.1',
        PGPORT: String(port),
        PGPASSWORD: password,
      };
      const script = spawnSync('deploy/postgres/create-role.sh', {
        env: { ...environment, POSTGRES_USER: 'postgres', GATEWAY_DB_PASSWORD: role },
        encoding: 'utf8',
      });
      if (script.status !== 0) throw new Error(`create-role.sh: ${script.stderr}`);
      return server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGINT');
      await once(this.child, 'exit');
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function run(program: string, words: readonly string[], user: object): void {
  const { status, stderr } = spawnSync(join(BINARIES, program), words, {
    ...user,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program}: ${stderr}`);
}
