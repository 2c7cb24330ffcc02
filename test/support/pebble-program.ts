import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { until } from './until.js';
import { describeUnless } from './requires.js';
import { spawnTied } from './tied-process.js';

/** A program that runs until stop(); killed with the test process, whatever ends it. */
export interface RunningProgram {
  /** Why it is not running, with the end of its output; null while it runs. */
  exited(): string | null;
  /** The end of its output. */
  output(): string;
  stop(): Promise<void>;
}

const KEPT = 4000;

export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): RunningProgram {
  const child = spawnTied(command, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  const listen = (chunk: Buffer) => (words = (words + chunk.toString()).slice(-KEPT));
  child.stdout?.on('data', listen);
  child.stderr?.on('data', listen);
  let failure: string | null = null;
  child.on('error', ({ message }) => (failure = message));
  return {
    exited: () => failure ?? (isRunning(child) ? null : `${command} ended: ${words}`),
    output: () => words,
    stop: async () => {
      if (failure !== null || !isRunning(child)) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

const ATTEMPTS_MAX = 5;

/**
 * Starts a program on chosen ports. If it ends before it is ready, starts it again on others, up to ATTEMPTS_MAX times:
 * another process may have taken a port.
 */
export async function startUntilReady<T>(
  start: () => Promise<{ program: RunningProgram; isReady: () => Promise<unknown>; started: T }>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const { program, isReady, started } = await start();
    try {
      const failure = await until<{ words: string | null }>('a program to be ready', async () => {
        const words = program.exited();
        if (words !== null) return { words };
        return isReady().then(
          () => ({ words: null }),
          () => null,
        );
      });
      if (failure.words === null) return started;
      if (attempt === ATTEMPTS_MAX) throw new Error(failure.words);
    } catch (error) {
      await program.stop();
      throw error;
    }
  }
}

/** Debian's `pebble` package has both programs. */
export function isPebbleInstalled(): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return ['pebble', 'pebble-challtestsrv'].every((program) =>
    folders.some((folder) => existsSync(join(folder, program))),
  );
}

/** A suite that needs Pebble. */
export function describeWithPebble(name: string, suite: () => void): void {
  const reason = isPebbleInstalled() ? null : "Debian's package pebble is not installed";
  describeUnless(reason, name, suite);
}
