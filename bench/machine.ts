import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where processes run, so that what is measured and what drives it do not share a core. */
export interface Placement {
  /** In front of a program that is measured. Empty: the machine cannot keep them apart. */
  readonly server: readonly string[];
  /** In front of everything else. */
  readonly load: readonly string[];
}

const SERVER_CORE = '0';
const LOAD_CORE = '1';
const FREE: Placement = { server: [], load: [] };

// What Linux counts CPU time in; 100 a second wherever Node runs.
const TICKS_PER_SECOND = 100;

/** One core for the server and one for the load, where `taskset` and two cores are there. */
export function findPlacement(): Placement {
  const isThere = spawnSync('taskset', ['-c', LOAD_CORE, 'true']).status === 0;
  if (!isThere || availableParallelism() < 2) return FREE;
  return { server: ['taskset', '-c', SERVER_CORE], load: ['taskset', '-c', LOAD_CORE] };
}

/** Takes this process off the server's core as well. */
export function moveAside({ load }: Placement): void {
  if (load.length > 0) pinToLoadCore(process.pid);
}

/** Takes the processes that `pid` has started off the server's core: its database is not what is measured. */
export function moveChildren(pid: number, { load }: Placement): void {
  if (load.length === 0) return;
  for (const child of descendantsOf(pid)) pinToLoadCore(child);
}

function pinToLoadCore(pid: number): void {
  spawnSync('taskset', ['-a', '-p', '-c', LOAD_CORE, String(pid)]);
}

/** CPU seconds that a process has used in all its threads, in user and kernel mode. In steps of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  // The fields after the program's name, which may hold spaces: state is the first.
  const fields = statOf(pid);
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory of a process, in megabytes of 1,000,000 bytes. */
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
  // Grows while it is walked: children of children come later in it.
  for (const ancestor of found) {
    for (const [child, parent] of parents) if (parent === ancestor) found.push(child);
  }
  return found.slice(1);
}

function parentOf(pid: number): number {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return 0; // gone meanwhile
  }
}

function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
