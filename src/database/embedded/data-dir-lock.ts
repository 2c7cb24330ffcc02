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
import { takeLock } from '../../shared/file-lock.js';
import { isAlive } from './process-id.js';

/** What uses a data dir: the gateway, or a command of the operator's. */
export type DataDirUser = 'gateway' | 'command';

interface DataDirHolder {
  readonly user: DataDirUser;
  readonly processId: number;
}

/** This process holds the lock until release(), or until it ends in any way. */
export interface DataDirLock {
  readonly isOurs: true;
  release(): void;
}

/** Another process holds the lock. `holder` is null while that process has not written its own line yet. */
export interface DataDirInUse {
  readonly isOurs: false;
  readonly holder: DataDirHolder | null;
}

/** It exists once a process has used the embedded database of the data dir. */
export function lockFileIn(dataDir: string): string {
  return join(dataDir, 'lock');
}

/** Tries to take the data dir's lock without waiting. Creates the data dir if it does not exist. */
export function lockDataDir(path: string, user: DataDirUser): DataDirLock | DataDirInUse {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const file = lockFileIn(path);
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
      // Closed once: afterwards the file descriptor may be reused for another file.
      if (isHeld) closeSync(lock);
      isHeld = false;
    },
  };
}

/** Null also when the line names a process that has ended: the holder has not written its own line yet. */
function readHolder(file: string): DataDirHolder | null {
  const [, user, processId] = /^(gateway|command) (\d+)\n$/.exec(readFileSync(file, 'utf8')) ?? [];
  if (user === undefined || !isAlive(Number(processId))) return null;
  return { user: user as DataDirUser, processId: Number(processId) };
}
