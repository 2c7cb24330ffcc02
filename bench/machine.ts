import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Commands that pin processes to cores, so that the measured server and its load do not share a core. */
export interface Placement {
  /** Words before a measured program. Empty when the machine cannot separate them. */
  readonly server: readonly string[];
  /** Words before every other program. */
  readonly load: readonly string[];
}

const SERVER_CORE = '0';
const LOAD_CORE = '1';
const FREE: Placement = { server: [], load: [] };

// The unit of CPU time in /proc: USER_HZ, 100 on every platform of Node.
const TICKS_PER_SECOND = 100;

/** One core for the server and one for the load, if `taskset` and two cores are available. */
export function findPlacement(): Placement {
  const hasTaskset = spawnSync('taskset', ['-c', LOAD_CORE, 'true']).status === 0;
  if (!hasTaskset || availableParallelism() < 2) return FREE;
  return { server: ['taskset', '-c', SERVER_CORE], load: ['taskset', '-c', LOAD_CORE] };
}

/** Moves this process to the load's core. */
export function moveThisProcess({ load }: Placement): void {
  if (load.length > 0) pinToLoadCore(process.pid);
}

/** Moves the child processes of `pid` to the load's core, because the gateway's database is not measured. */
export function moveChildren(pid: number, { load }: Placement): void {
  if (load.length === 0) return;
  for (const child of descendantsOf(pid)) pinToLoadCore(child);
}

function pinToLoadCore(pid: number): void {
  spawnSync('taskset', ['-a', '-p', '-c', LOAD_CORE, String(pid)]);
}

/** CPU seconds of a process, all threads, user and kernel mode. Resolution 10 ms. */
export function cpuSecondsOf(pid: number): number {
  // Fields after the program's name: 0 is the state, 11 utime and 12 stime.
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** CPU seconds of all processes below `pid`: of an embedded PostgreSQL, when `pid` is a gateway of one process. */
export function cpuSecondsBelow(pid: number): number {
  return descendantsOf(pid).reduce((sum, child) => {
    try {
      return sum + cpuSecondsWithEnded(child);
    } catch {
      return sum; // it has ended since: its parent counts it from now on
    }
  }, 0);
}

/** cpuSecondsOf() a process and its children, also of those that have ended. */
export function cpuSecondsOfAll(pid: number): number {
  return cpuSecondsWithEnded(pid) + cpuSecondsBelow(pid);
}

/** Its own and that of its children that have ended: a sum over many processes never falls when one of them ends. */
function cpuSecondsWithEnded(pid: number): number {
  const fields = statOf(pid);
  const ended = (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND;
  return cpuSecondsOf(pid) + ended;
}

/** Resident memory of a process in megabytes (1,000,000 bytes). */
export function rssMegabytesOf(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1024) / 1_000_000;
}

function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)));
  }
  const found = [pid];
  // The array grows during the loop, so the loop reaches the children of children too.
  for (const ancestor of found) {
    for (const [child, parent] of parents) if (parent === ancestor) found.push(child);
  }
  return found.slice(1);
}

function parentOf(pid: number): number {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return 0; // the process has ended
  }
}

/** The fields of /proc/PID/stat after the program's name, which may contain spaces. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
