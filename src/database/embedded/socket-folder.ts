import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { giveTo, type DatabaseUser } from './database-user.js';

const PREFIX = 'onetime-gateway-';
// sun_path holds 108 bytes, the terminating zero included.
const SOCKET_PATH_BYTES_MAX = 107;
const SOCKET_NAME = '.s.PGSQL.5432';

/** Makes an empty folder for the server's unix socket: in `parent`, or in the system's temporary folder when that path is too long. */
export function makeSocketFolder(parent: string, user: DatabaseUser): string {
  const inside = join(parent, 'socket');
  rmSync(inside, { recursive: true, force: true });
  const isShort = Buffer.byteLength(join(inside, SOCKET_NAME)) <= SOCKET_PATH_BYTES_MAX;
  if (isShort) mkdirSync(inside);
  const folder = isShort ? inside : mkdtempSync(join(tmpdir(), PREFIX));
  chmodSync(folder, 0o700);
  giveTo(user, folder);
  return folder;
}

/** Removes a folder that makeSocketFolder() made, also one of a killed process. Leaves any other folder alone. */
export function removeSocketFolder(folder: string): void {
  const isOurs =
    basename(folder) === 'socket' ||
    (basename(folder).startsWith(PREFIX) && dirname(folder) === tmpdir());
  if (isOurs) rmSync(folder, { recursive: true, force: true });
}
