import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startProgram, type RunningProgram } from './pebble-program.js';
import { until } from './until.js';

/** Why the tests with HAProxy cannot run here; null when they can. */
export function withoutHaproxy(): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.some((folder) => existsSync(join(folder, 'haproxy')))
    ? null
    : 'Debian’s haproxy package is missing';
}

export interface HaproxyOptions {
  readonly folder: string;
  /** For each port that it listens on: the gateway's port, and the option that sends the header. */
  readonly routes: readonly {
    readonly from: number;
    readonly to: number;
    readonly send: 'send-proxy' | 'send-proxy-v2';
  }[];
}

/** How many health checks in a row bring a server up again. */
const CHECKS = 20;

const socketIn = (folder: string): string => join(folder, 'admin');

/** Waits for twenty good health checks of each server. */
export async function waitForHealthChecks({ folder, routes }: HaproxyOptions): Promise<void> {
  for (const index of routes.keys()) {
    const server = `route${index}/gateway`;
    const [backend = ''] = server.split('/');
    await command(folder, `set server ${server} health down`);
    await until(`the health checks of ${server}`, async () => {
      const state = await command(folder, `show servers state ${backend}`);
      return (
        state
          .split('\n')
          .find((line) => line.includes(' gateway '))
          ?.split(' ')[5] === UP
      );
    });
  }
}

/** `srv_op_state` of a running server. */
const UP = '2';

function command(folder: string, line: string): Promise<string> {
  const socket = connect(socketIn(folder));
  socket.end(`${line}\n`);
  return text(socket);
}

/** HAProxy in TCP mode, as docs/operations.md has it, with a health check of each server. */
export function startHaproxy({ folder, routes }: HaproxyOptions): RunningProgram {
  const file = join(folder, 'haproxy.cfg');
  const parts = routes.map(
    ({ from, to, send }, index) => `listen route${index}
  bind 127.0.0.1:${from}
  server gateway 127.0.0.1:${to} ${send} check inter 50ms rise ${CHECKS}
`,
  );
  writeFileSync(
    file,
    `global
  maxconn 200
  stats socket ${socketIn(folder)} level admin
defaults
  mode tcp
  timeout connect 5s
  timeout client 1m
  timeout server 1m
${parts.join('')}`,
  );
  return startProgram('haproxy', ['-db', '-f', file], {
    PATH: `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin`,
  });
}
