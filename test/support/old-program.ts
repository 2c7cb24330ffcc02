import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { LAST_RELEASE } from '../../migrations/last-release.js';

const run = promisify(execFile);
const NUMBER = /\d{13}/;

const git = (...words: readonly string[]): string =>
  execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** Of the last state of this repository that had the migrations of the last release and no later one. `UPGRADE_FROM` names another. */
function oldCommit(): string {
  const { UPGRADE_FROM } = process.env;
  if (UPGRADE_FROM !== undefined) return git('rev-parse', '--verify', `${UPGRADE_FROM}^{commit}`);
  const last = NUMBER.exec(LAST_RELEASE.lastMigration)?.[0] ?? '';
  const later = readdirSync('migrations').filter((name) => (NUMBER.exec(name)?.[0] ?? '') > last);
  if (later.length === 0) return git('rev-parse', 'HEAD');
  const paths = later.map((name) => `migrations/${name}`);
  const added = git('log', '--reverse', '--diff-filter=A', '--format=%H', '--', ...paths);
  return git('rev-parse', '--verify', `${added.split('\n')[0]}^`);
}

/** Why the program of the last release cannot be had; null: it can. */
export const noOldProgram: string | null = reasonAgainst();

function reasonAgainst(): string | null {
  try {
    oldCommit();
    return null;
  } catch {
    return 'no git history back to the last release (git fetch --unshallow)';
  }
}

/** The program of the last release, built from git beside this one. */
export class OldProgram {
  private constructor(
    private readonly folder: string,
    readonly commit: string,
  ) {}

  static async build(): Promise<OldProgram> {
    const commit = oldCommit();
    const folder = mkdtempSync(join(tmpdir(), 'gateway-old-'));
    const program = new OldProgram(folder, commit);
    try {
      const archive = join(folder, 'source.tar');
      git('archive', '--output', archive, commit);
      await run('tar', ['-xf', archive, '-C', folder]);
      if (hasPackagesOf(folder)) symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
      else await run('npm', ['ci', '--ignore-scripts'], { cwd: folder });
      await run('npm', ['run', '-s', 'build'], { cwd: folder });
      return program;
    } catch (error) {
      program.remove();
      throw error;
    }
  }

  /** For GatewayOptions. */
  get dist(): string {
    return join(this.folder, 'dist');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Whether our packages are those that the old program wants: then they need not be installed once more. */
function hasPackagesOf(folder: string): boolean {
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  return Object.entries(read(join(folder, 'package.json')).dependencies).every(
    ([name, version]) => {
      const path = join('node_modules', name, 'package.json');
      return existsSync(path) && read(path).version === version;
    },
  );
}
