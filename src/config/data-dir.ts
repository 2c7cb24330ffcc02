import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from './config-error.js';
import type { ConfigProblem } from './config-problem.js';

const VARIABLE = 'GATEWAY_DATA_DIR';
/** PostgreSQL takes its socket folders as a list with commas and quotes, and keeps paths as lines of a file. */
const UNUSABLE = /[,"\p{Cc}]/u;

/** The problem of a path that the embedded database cannot use, or that is no folder. */
export function dataDirProblems(path: string): ConfigProblem[] {
  const message = UNUSABLE.test(path)
    ? `expected a path without commas, double quotes and control characters, and it is ${JSON.stringify(path)}`
    : reasonNotFolder(path);
  return message === null ? [] : [{ variable: VARIABLE, message }];
}

/** Null: it is a folder, or can become one. */
function reasonNotFolder(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? null : `${path} ${NOT_A_FOLDER}`;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? null : `${path} ${REASONS[code] ?? 'cannot be used'}`;
  }
}

/** Makes the data dir if it does not exist. @throws ConfigError when this user cannot write into it */
export function requireDataDir(path: string): void {
  try {
    makeFolder(path);
    accessSync(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw dataDirError(path, error);
  }
}

/** Node's own `recursive` never ends where a folder that is there takes no others, such as /proc. */
function makeFolder(path: string): void {
  const make = (): unknown => mkdirSync(path, { mode: 0o700 });
  try {
    make();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && statSync(path).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    make();
  }
}

/**
 * A ConfigError for an error of the file system in the data dir that the operator's configuration has made, else an error
 * that may be gone at the next start.
 */
export function dataDirError(path: string, error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reason = REASONS[code];
  if (reason !== undefined) return refuseDataDir(`${path} ${reason}`);
  if (FULL.has(code)) return new Error(`${path} is on a disk without space`, { cause: error });
  return error;
}

export function refuseDataDir(message: string): ConfigError {
  return new ConfigError([{ variable: VARIABLE, message }]);
}

const NOT_A_FOLDER = 'is a file, not a folder';
/** The second: for this user. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
const NOT_WRITABLE = 'cannot be written by this user';
const REASONS: Readonly<Record<string, string>> = {
  EEXIST: NOT_A_FOLDER,
  ENOTDIR: 'is a file, not a folder, or lies below one',
  EISDIR: 'has a folder where a file is expected',
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  EROFS: 'is on a read-only file system',
  ENOENT: 'cannot be made',
  ENAMETOOLONG: 'is too long a path',
  ELOOP: 'is a loop of symbolic links',
};
