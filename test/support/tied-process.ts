import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/**
 * Node's spawn(), for a child that the kernel kills when this process ends, whatever ends it: an interrupted run of the
 * tests leaves nothing running.
 */
export function spawnTied(
  program: string,
  words: readonly string[],
  options: SpawnOptions,
): ChildProcess {
  return spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...words], options);
}
