import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Who uses a data dir: the long-lived gateway, or one command of the operator's. */
export type DataDirUser = 'gateway' | 'command';

export interface DataDirHolder {
  readonly user: DataDirUser;
  readonly processId: number;
}

/** A data dir that is this process's alone until release(), or until the process ends in whatever way. */
export interface DataDir {
  readonly isOurs: true;
  release(): void;
}

/** Somebody else has it. The holder is null while it has not yet said who it is. */
export interface DataDirInUse {
  readonly isOurs: false;
  readonly holder: DataDirHolder | null;
}

/** Makes the data dir if need be and tries to take its lock, without waiting. */
export function openDataDir(path: string, user: DataDirUser): DataDir | DataDirInUse {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const file = join(path, 'lock');
  const lock = openSync(file, constants.O_RDWR | constants.O_CREAT, 0o600);
  if (!takeLock(lock)) {
    closeSync(lock);
    return { isOurs: false, holder: readHolder(file) };
  }
  ftruncateSync(lock);
  writeSync(lock, `${user} ${process.pid}\n`, 0);
  let isHeld = true;
  return {
    isOurs: true,
    release: () => {
      // Closed once: afterwards the number may be another file's.
      if (isHeld) closeSync(lock);
      isHeld = false;
    },
  };
}

/**
 * Node has no flock(2). The program locks the open file that it inherits, and the lock stays with that open file,
 * which is ours: the kernel lets go of it when we close it or die, kill -9 included.
 */
function takeLock(file: number): boolean {
  const { status, error, stderr } = spawnSync('flock', ['--exclusive', '--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', file],
    encoding: 'utf8',
  });
  if (error !== undefined) {
    throw new Error('the embedded database needs the program flock (util-linux)', { cause: error });
  }
  if (status !== 0 && status !== 1) throw new Error(`cannot lock the data dir: ${stderr.trim()}`);
  return status === 0;
}

/** Null also when the line was left by a holder that is dead, and the present one has not yet written its own. */
function readHolder(file: string): DataDirHolder | null {
  const [, user, processId] = /^(gateway|command) (\d+)\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  if (user === undefined || !isAlive(Number(processId))) return null;
  return { user: user as DataDirUser, processId: Number(processId) };
}

/** Whether a process of this number lives, ours to signal or not. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
