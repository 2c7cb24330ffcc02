import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import type { PostgresBinaries } from './binaries.js';
import { giveTo, type DatabaseUser } from './database-user.js';
import type { Launcher } from './launcher.js';

/** The name of the server's superuser. No cell connects as this role. */
export const SUPERUSER = 'postgres';

/** What initdb writes begins with it, until it is complete. */
const DRAFT = 'cluster.tmp';

interface ClusterSeed {
  /** The folder that holds the cluster; owned by the database user. */
  readonly home: string;
  readonly user: DatabaseUser;
  readonly superuserPassword: string;
}

/** The folder of the embedded server in the data dir. */
export function homeIn(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/** Whether a start has made the cluster. */
export function hasCluster(dataDir: string): boolean {
  const cluster = join(homeIn(dataDir), 'cluster');
  return statSync(cluster, { throwIfNoEntry: false }) !== undefined;
}

/** Makes the folder and gives it to the database user. @throws when it belongs to a third user */
export function makeHome(home: string, user: DatabaseUser): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const owner = statSync(home).uid;
  if (owner !== user.uid && owner !== getuid?.()) {
    throw new Error(
      `${home} belongs to user ${owner}: start as the user who made it, or with another GATEWAY_DATA_DIR`,
    );
  }
  giveTo(user, home);
}

/** Resolves to the path of the cluster (PostgreSQL's own data directory). Runs initdb on the first call. */
export async function ensureCluster(
  seed: ClusterSeed,
  binaries: PostgresBinaries,
  launcher: Launcher,
): Promise<string> {
  const cluster = join(seed.home, 'cluster');
  removeDrafts(seed.home);
  if (existsSync(cluster)) return cluster;

  // A killed initdb leaves an unusable cluster, and that of a killed start goes on: each writes to a name of its own, which
  // is renamed when it is complete.
  const draft = mkdtempSync(join(seed.home, DRAFT));
  giveTo(seed.user, draft);
  const passwordFile = join(seed.home, 'password.tmp');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, seed.superuserPassword, { mode: 0o600, flag: 'wx' });
  giveTo(seed.user, passwordFile);
  try {
    await runInitdb(launcher, binaries.initdb, [
      `--pgdata=${draft}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
    ]);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, cluster);
  return cluster;
}

function removeDrafts(home: string): void {
  for (const name of readdirSync(home).filter((each) => each.startsWith(DRAFT))) {
    try {
      rmSync(join(home, name), { recursive: true, force: true });
    } catch (error) {
      // Its initdb writes to it. A later start removes it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
}

async function runInitdb(
  launcher: Launcher,
  program: string,
  args: readonly string[],
): Promise<void> {
  const child = launcher.spawn(program, args, ['ignore', 'ignore', 'pipe']);
  let errorOutput = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0)
    throw new Error(`initdb of the embedded PostgreSQL failed: ${errorOutput.trim()}`);
}
