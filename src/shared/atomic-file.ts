import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';

const PRIVATE = 0o600;
const PUBLIC = 0o644;

/** The file's text, or null when the file does not exist. */
export function readIfPresent(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Replaces a file that only its owner may read (0600). Readers see the old text or the new one, never a part. */
export function replacePrivateFile(path: string, text: string): void {
  renameSync(writeBeside(path, text, PRIVATE), path);
}

/** The same for a file that everybody may read (0644). Does not write when the file has that text already. */
export function replacePublicFile(path: string, text: string): void {
  if (readIfPresent(path) !== text) renameSync(writeBeside(path, text, PUBLIC), path);
}

/** Creates a file that only its owner may read (0600), whole. An existing file stays: of two processes, one creates it. */
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
    // All of it or an error: on a disk that is nearly full, one write may take only a part.
    writeFileSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return draft;
}
