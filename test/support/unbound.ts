import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeQuery } from '../../src/dns/dns-message.js';
import { startProgram, startUntilReady } from './pebble-program.js';
import { describeUnless } from './requires.js';

/** Debian's package has it where only root looks. */
const PROGRAM = '/usr/sbin/unbound';

export function describeWithUnbound(name: string, suite: () => void): void {
  const reason = existsSync(PROGRAM) ? null : "Debian's package unbound is not installed";
  describeUnless(reason, name, suite);
}

export interface UnboundSetup {
  /** Options of the section `server`. */
  readonly options: readonly string[];
  /** `127.0.0.1:PORT` of the name server of each zone; `.` for all others. */
  readonly zones: Readonly<Record<string, string>>;
}

export interface RunningUnbound {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** A real resolver on loopback, which asks name servers on loopback. */
export async function startUnbound({ options, zones }: UnboundSetup): Promise<RunningUnbound> {
  const folder = await mkdtemp(join(tmpdir(), 'unbound-'));
  const running = await startUntilReady(async () => {
    const port = await freePort();
    const lines = [
      'server:',
      ...[
        `interface: 127.0.0.1@${port}`,
        'do-ip6: no',
        'do-daemonize: no',
        'do-not-query-localhost: no',
        'module-config: "iterator"',
        'num-threads: 1',
        'chroot: ""',
        'username: ""',
        `directory: "${folder}"`,
        'pidfile: ""',
        'use-syslog: no',
        ...options,
      ].map((line) => `  ${line}`),
      'remote-control:',
      '  control-enable: no',
      ...Object.entries(zones).flatMap(([zone, address]) => [
        'stub-zone:',
        `  name: "${zone}"`,
        `  stub-addr: ${address.replace(':', '@')}`,
      ]),
    ];
    const file = join(folder, 'unbound.conf');
    await writeFile(file, `${lines.join('\n')}\n`);
    const program = startProgram(PROGRAM, ['-d', '-p', '-c', file]);
    return { program, isReady: () => answers(port), started: { program, port } };
  });
  return {
    address: `127.0.0.1:${running.port}`,
    port: running.port,
    stop: async () => {
      await running.program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  socket.close();
  return port;
}

/** Rejects while nothing answers. `localhost` is in every Unbound. */
async function answers(port: number): Promise<void> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', () => resolve());
      const query = encodeQuery({ name: 'localhost', type: 'A', checkingDisabled: false });
      socket.connect(port, '127.0.0.1', () => socket.send(query.bytes));
      setTimeout(() => reject(new Error('no answer')), 1000).unref();
    });
  } finally {
    socket.close();
  }
}
