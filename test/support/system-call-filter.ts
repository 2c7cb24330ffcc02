import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Which program `filtered()` lacks; null: none. */
export const noSystemCallFilter: string | null =
  ['strace', 'systemd-analyze']
    .filter((program) => spawnSync(program, ['--version']).status !== 0)
    .map((program) => `${program} is not installed`)[0] ?? null;

/** Why no system calls can be traced here; null: they can. */
export const noTracing: string | null =
  spawnSync('strace', ['-D', '-f', '-qqq', '--seccomp-bpf', '--trace=none', 'true']).status === 0
    ? null
    : 'this machine lets no program trace another';

/**
 * Runs a command whose system calls are answered as SystemCallFilter= of the unit answers them: those outside of it
 * fail with EPERM, and are written to `report`.
 */
export function filtered(
  unit: string,
  report: string,
  command: readonly string[],
): [string, ...string[]] {
  const allowed = [...allowedBy(readFileSync(unit, 'utf8'))].map((name) => `?${name}`).join(',');
  const outside = [`--trace=!${allowed}`, `--inject=!${allowed}:error=EPERM`];
  // -D: the command keeps the process id of its own. With --seccomp-bpf only calls outside stop it.
  return [
    'strace',
    '-D',
    '-f',
    '-qqq',
    '--seccomp-bpf',
    '--signal=none',
    ...outside,
    '-o',
    report,
    ...command,
  ];
}

/** The names of the calls that a report has. */
export function refusedCalls(report: string): string[] {
  const lines = readFileSync(report, 'utf8').split('\n');
  const names = lines.flatMap((line) => /^\d+\s+(\w+)\(/.exec(line)?.[1] ?? []);
  return [...new Set(names)].toSorted();
}

function allowedBy(unit: string): Set<string> {
  const allowed = new Set<string>();
  for (const [, list = ''] of unit.matchAll(/^SystemCallFilter=(.+)$/gm)) {
    const isTaken = list.startsWith('~');
    for (const name of list.replace(/^~/, '').split(' ').flatMap(callsOf))
      if (isTaken) allowed.delete(name);
      else allowed.add(name);
  }
  return allowed;
}

function callsOf(name: string): string[] {
  if (!name.startsWith('@')) return [name];
  const { stdout } = spawnSync('systemd-analyze', ['syscall-filter', name], { encoding: 'utf8' });
  const [, ...lines] = stdout.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^@?\w/.test(line)).flatMap(callsOf);
}
