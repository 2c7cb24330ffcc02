import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** HAProxy takes some ten seconds for 10,000 certificates on a quiet machine. */
const LISTENS_WITHIN = 120_000;
const POLL = 50;

export interface PeerProgram {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a server of somebody else's, and waits until it listens on the port of 127.0.0.1.
 * @throws when it ends before, or does not listen in two minutes
 */
export async function startPeerProgram(
  [program, ...words]: readonly [string, ...string[]],
  port: number,
  options: SpawnOptions,
): Promise<PeerProgram> {
  const child = spawn(program, words, options);
  const ended = once(child, 'exit');
  const giveUpAt = performance.now() + LISTENS_WITHIN;
  while (!(await isListening(port))) {
    if (child.exitCode !== null || performance.now() > giveUpAt) {
      child.kill();
      throw new Error(`${[program, ...words].join(' ')} does not listen`);
    }
    await delay(POLL);
  }
  const stop = async (): Promise<void> => {
    child.kill();
    await ended;
  };
  return { pid: child.pid ?? 0, stop };
}

/** The command, run by the launcher that keeps it on its core. */
export function commandBehind(
  launcher: readonly string[],
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  const [first, ...rest] = launcher;
  return first === undefined ? command : [first, ...rest, ...command];
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
