import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readIfPresent } from '../../shared/atomic-file.js';
import { MINUTE, SECOND } from '../../shared/durations.js';
import type { Launcher } from './launcher.js';
import { isAlive, signal } from './process-id.js';

// Recovery from a crash takes minutes on a slow disk; ended early, it begins anew.
const START_TIMEOUT = 10 * MINUTE;
// Backends of a killed server run on for a moment. Until they end, PostgreSQL refuses to start on their data.
const RETRY_FOR = 15 * SECOND;
const POLL = 20;
const FAST_STOP_FOR = 15 * SECOND;
const LOG_TAIL = 2000;

interface PostmasterPlan {
  readonly program: string;
  readonly cluster: string;
  readonly socketFolder: string;
  /** The server's log file, truncated at each start. */
  readonly logFile: string;
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Starts the server; resolves when it accepts connections. Retries for some seconds when the last server was killed.
 * Ends it and rejects when the signal is aborted before.
 */
export async function startPostmaster(
  launcher: Launcher,
  plan: PostmasterPlan,
  stopping?: AbortSignal,
): Promise<ChildProcess> {
  // A server that stops normally removes its pid file.
  const wasKilled = pidFile(plan.cluster).length > 1;
  const deadline = Date.now() + (wasKilled ? RETRY_FOR : 0);
  for (;;) {
    const child = launch(launcher, plan);
    if (await becomesReady(child, plan.cluster, stopping)) return child;
    stopping?.throwIfAborted();
    if (Date.now() >= deadline) {
      const log = (readIfPresent(plan.logFile) ?? '').slice(-LOG_TAIL).trim();
      throw new Error(`the embedded PostgreSQL does not start: ${log}`);
    }
    await delay(10 * POLL);
  }
}

function launch(launcher: Launcher, plan: PostmasterPlan): ChildProcess {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: plan.socketFolder,
    ...plan.settings,
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(plan.logFile, 'w', 0o600);
  try {
    return launcher.spawn(plan.program, ['-D', plan.cluster, ...options], ['ignore', log, log]);
  } finally {
    closeSync(log);
  }
}

async function becomesReady(
  child: ChildProcess,
  cluster: string,
  stopping?: AbortSignal,
): Promise<boolean> {
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  const deadline = Date.now() + START_TIMEOUT;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    if (stopping?.aborted === true) break;
    if (failure !== null) throw failure;
    const lines = pidFile(cluster);
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return true;
    await delay(POLL);
  }
  if (isRunning(child)) await stopPostmaster(child);
  return false;
}

/** PostgreSQL's fast shutdown: disconnects the clients. Immediate shutdown after 15 seconds. */
export async function stopPostmaster(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const gone = once(child, 'exit');
  child.kill('SIGINT');
  const slow = setTimeout(() => child.kill('SIGQUIT'), FAST_STOP_FOR);
  await gone;
  clearTimeout(slow);
}

/** Stops the server that a killed process left running. Removes a pid file whose id now belongs to another program. */
export async function stopOrphan(cluster: string): Promise<void> {
  const pid = Number(pidFile(cluster)[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (!isServerOf(cluster, pid)) {
    // PostgreSQL only checks that the process exists. In a container, the same low ids are reused at every start.
    if (isAlive(pid)) rmSync(join(cluster, 'postmaster.pid'), { force: true });
    return;
  }
  const deadline = Date.now() + FAST_STOP_FOR;
  signal(pid, 'SIGINT');
  while (isServerOf(cluster, pid)) {
    if (Date.now() > deadline) signal(pid, 'SIGQUIT');
    await delay(POLL);
  }
}

/** The lines of postmaster.pid: 1 pid, 2 data directory, 5 socket folder, 8 state. One empty line without a file. */
function pidFile(cluster: string): string[] {
  return (readIfPresent(join(cluster, 'postmaster.pid')) ?? '').split('\n');
}

function isServerOf(cluster: string, pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(cluster);
  } catch {
    return false;
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
