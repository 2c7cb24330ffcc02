import { chownSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { getgid, getuid } from 'node:process';

/** The user that PostgreSQL runs as. */
export interface DatabaseUser {
  readonly uid: number;
  readonly gid: number;
  /** True when it is not the user of this process: PostgreSQL refuses to run as root. */
  readonly isOther: boolean;
}

const UNPRIVILEGED = 'nobody';
const EXECUTE = 0o1;

/** The user of this process, or `nobody` for root. PostgreSQL needs a user in /etc/passwd. */
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

/** Gives it what this process has made. Nothing to give if it is this process's own: the sandbox of the systemd unit refuses chown. */
export function giveTo({ isOther, uid, gid }: DatabaseUser, path: string): void {
  if (isOther) chownSync(path, uid, gid);
}

/** Whether the modes of all folders above the existing `path` let the user enter them. */
export function canReach(user: DatabaseUser, path: string): boolean {
  const folder = dirname(realpathSync(path));
  return folder === '/' || (canExecute(user, folder) && canReach(user, folder));
}

/** Whether the mode lets the user execute the program, or enter the folder. */
export function canExecute(user: DatabaseUser, path: string): boolean {
  const { mode, uid, gid } = statSync(path);
  const shift = uid === user.uid ? 6 : gid === user.gid ? 3 : 0;
  return ((mode >> shift) & EXECUTE) !== 0;
}
