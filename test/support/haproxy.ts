import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startProgram, type RunningProgram } from './pebble-program.js';

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

/** HAProxy in TCP mode, as docs/operations.md has it, with a health check of each server. */
export function startHaproxy({ folder, routes }: HaproxyOptions): RunningProgram {
  const file = join(folder, 'haproxy.cfg');
  const parts = routes.map(
    ({ from, to, send }, index) => `listen route${index}
  bind 127.0.0.1:${from}
  server gateway 127.0.0.1:${to} ${send} check inter 200ms
`,
  );
  writeFileSync(
    file,
    `global
  maxconn 200
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
