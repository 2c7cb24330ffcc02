import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Client } from 'pg';
import { freePorts } from '../../demo/free-ports.js';
import { CuttableDatabase } from './cuttable-database.js';
import { startProgram, startUntilReady } from './pebble-program.js';
import { describeUnless } from './requires.js';

const PROGRAM = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin']
  .map((folder) => join(folder, 'pgbouncer'))
  .find((path) => existsSync(path));

export function describeWithPgbouncer(name: string, suite: () => void): void {
  const reason = PROGRAM === undefined ? "Debian's package pgbouncer is not installed" : null;
  describeUnless(reason, name, suite);
}

export interface RunningPgbouncer {
  /** The URL of the database behind the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A pooler in front of a database of an embedded server, with these lines in its configuration. */
export async function startPgbouncer(
  url: string,
  settings: readonly string[],
): Promise<RunningPgbouncer> {
  // PgBouncer gives up root, and the folder of the socket is the server's alone.
  const database = await CuttableDatabase.before(url);
  const { username, password, pathname, port: server } = new URL(database.url);
  const name = pathname.slice(1);
  const folder = await mkdtemp(join(tmpdir(), 'pgbouncer-'));
  await chmod(folder, 0o755);
  const running = await startUntilReady(async () => {
    const [port = 0] = await freePorts(1);
    const config = join(folder, 'pgbouncer.ini');
    const users = join(folder, 'users.txt');
    await writeFile(users, `"${username}" "${decodeURIComponent(password)}"\n`);
    const lines = [
      '[databases]',
      `${name} = host=127.0.0.1 port=${server}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = plain',
      `auth_file = ${users}`,
      ...(process.getuid?.() === 0 ? ['user = nobody'] : []),
      ...settings,
    ];
    await writeFile(config, lines.join('\n'));
    const program = startProgram(PROGRAM ?? 'pgbouncer', [config]);
    const pooled = `postgres://${username}:${password}@127.0.0.1:${port}/${name}`;
    const isReady = async (): Promise<void> => {
      const client = new Client({ connectionString: pooled });
      try {
        await client.connect();
        await client.query('select 1');
      } finally {
        await client.end();
      }
    };
    return { program, isReady, started: { program, url: pooled } };
  });
  return {
    url: running.url,
    stop: async () => {
      await running.program.stop();
      await database.cut();
      await rm(folder, { recursive: true });
    },
  };
}
