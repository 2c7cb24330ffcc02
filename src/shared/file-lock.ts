import { spawnSync } from 'node:child_process';

/**
 * Tries to lock an open file without waiting. Node has no flock(2): the program flock locks the open file that it
 * inherits. The lock belongs to the open file, so the kernel releases it when this process closes the file or ends,
 * kill -9 included.
 */
export function takeLock(file: number): boolean {
  const { status, error, stderr } = spawnSync('flock', ['--exclusive', '--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'pipe', file],
    encoding: 'utf8',
  });
  if (error !== undefined)
    throw new Error('the program flock (util-linux) is needed', { cause: error });
  if (status !== 0 && status !== 1) throw new Error(`cannot lock the file: ${stderr.trim()}`);
  return status === 0;
}
