import { closeSync, constants, fstatSync, openSync, rmSync, statSync } from 'node:fs';
import { AppError } from './app-error.js';
import { takeLock } from './file-lock.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes the draft of the file `path`, which its owner alone may read, and runs `work`, which writes and renames it. When the
 * process is interrupted meanwhile, the draft is removed first: half of a backup has as much in it about people as a whole
 * one. That of a process which was killed is removed by the next one.
 * @throws AppError `invalid_request` when it cannot be made, or another process has it
 */
export async function withDraft<Result>(
  path: string,
  work: (draft: string) => Promise<Result>,
): Promise<Result> {
  const draft = `${path}.part`;
  const file = make(path, draft);
  const end = (signal: NodeJS.Signals): void => {
    rmSync(draft, { force: true });
    stop();
    // Ends as it would have ended, or by whoever else listens.
    process.kill(process.pid, signal);
  };
  const stop = (): void => {
    for (const signal of SIGNALS) process.off(signal, end);
  };
  for (const signal of SIGNALS) process.on(signal, end);
  try {
    return await work(draft);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    stop();
    closeSync(file);
  }
}

/** The new draft, open and locked: so others see that its maker lives. */
function make(path: string, draft: string): number {
  try {
    removeAbandoned(draft);
    const file = openSync(draft, 'wx', 0o600);
    // Another may have taken it for abandoned before it was locked.
    if (takeLock(file) && isStill(file, draft)) return file;
    closeSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' ? isBeingWritten(draft) : message;
    throw refuse(path, reason, error);
  }
  throw refuse(path, isBeingWritten(draft));
}

/** Removes a draft that no living process has. It is made anew, because another user could have made it to read it. */
function removeAbandoned(draft: string): void {
  const file = openExisting(draft);
  if (file === null) return;
  try {
    if (takeLock(file) && isStill(file, draft)) rmSync(draft);
  } finally {
    closeSync(file);
  }
}

/** Null: there is none. */
function openExisting(draft: string): number | null {
  try {
    // Neither another file by a link, nor waiting for whoever writes into a pipe.
    return openSync(draft, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function isStill(file: number, draft: string): boolean {
  return fstatSync(file).ino === statSync(draft, { throwIfNoEntry: false })?.ino;
}

function isBeingWritten(draft: string): string {
  return `another process writes ${draft}.`;
}

function refuse(path: string, reason: string, cause?: unknown): AppError {
  return new AppError('invalid_request', `${path} cannot be written: ${reason}`, { cause });
}
