import { closeSync, openSync, rmSync } from 'node:fs';
import { AppError } from './app-error.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Makes the draft of the file `path`, which its owner alone may read, and runs `work`, which writes and renames it. When the
 * process is interrupted meanwhile, the draft is removed first: half of a backup has as much in it about people as a whole
 * one.
 * @throws AppError `invalid_request` when it cannot be made, or another process has it
 */
export async function withDraft<Result>(
  path: string,
  work: (draft: string) => Promise<Result>,
): Promise<Result> {
  const draft = `${path}.part`;
  make(path, draft);
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
  }
}

function make(path: string, draft: string): void {
  try {
    closeSync(openSync(draft, 'wx', 0o600));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'EEXIST' ? isThere(draft) : message;
    const text = `${path} cannot be written: ${reason}`;
    throw new AppError('invalid_request', text, { cause: error });
  }
}

function isThere(draft: string): string {
  return `another process writes ${draft}, or was killed while it did: then delete it.`;
}
