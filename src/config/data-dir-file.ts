import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

const PRIVATE = 0o600;
const PUBLIC = 0o644;

/** The file's text, or null when there is none. */
export function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes a file that only its owner reads: readers see the old text or the new, never half of it. */
export function replacePrivateFile(path: string, text: string): void {
  renameSync(writeBeside(path, text, PRIVATE), path);
}

/** Writes a file that everybody may read, unless it has that text already; never half of it. */
export function replacePublicFile(path: string, text: string): void {
  if (readIfPresent(path) !== text) renameSync(writeBeside(path, text, PUBLIC), path);
}

/** Creates a file that only its owner reads, unless it is there already; of two at once one wins. */
export function createPrivateFile(path: string, text: string): void {
  const draft = writeBeside(path, text, PRIVATE);
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft);
  }
}

function writeBeside(path: string, text: string, mode: number): string {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(draft, 'wx', mode);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return draft;
}
