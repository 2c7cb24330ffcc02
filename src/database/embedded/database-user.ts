import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { getgid, getuid } from 'node:process';

/** The user that PostgreSQL runs as. */
export interface DatabaseUser {
  readonly uid: number;
  readonly gid: number;
  /** True when it is not ourselves: PostgreSQL refuses to run as root. */
  readonly isOther: boolean;
}

const UNPRIVILEGED = 'nobody';
const EXECUTE = 0o1;

/** Ourselves, or for root the unprivileged user. PostgreSQL needs one that /etc/passwd knows. */
export function databaseUser(): DatabaseUser {
  const uid = getuid?.() ?? 0;
  if (uid !== 0) return { uid, gid: getgid?.() ?? 0, isOther: false };
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${UNPRIVILEGED}:`));
  const [, , userId, groupId] = line?.split(':') ?? [];
  if (userId === undefined || groupId === undefined) {
    throw new Error(
      `started as root, the embedded PostgreSQL runs as "${UNPRIVILEGED}", and there is no such user`,
    );
  }
  return { uid: Number(userId), gid: Number(groupId), isOther: true };
}

/** Whether the modes of all folders above `path`, which exists, let the user pass. */
export function canReach(user: DatabaseUser, path: string): boolean {
  const folder = dirname(realpathSync(path));
  return folder === '/' || (canExecute(user, folder) && canReach(user, folder));
}

/** Whether the mode of a program, or of a folder, lets the user execute it, or enter it. */
export function canExecute(user: DatabaseUser, path: string): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & EXECUTE) !== 0;
}
