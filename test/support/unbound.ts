import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createSocket } from 'node:dgram';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../demo/free-ports.js';
import { encodeQuery } from '../../src/dns/dns-message.js';
import { startProgram, startUntilReady } from './pebble-program.js';
import { describeUnless } from './requires.js';

/** Debian's package has it where only root looks. */
const PROGRAM = '/usr/sbin/unbound';

export function describeWithUnbound(name: string, suite: () => void): void {
  const reason = existsSync(PROGRAM) ? null : "Debian's package unbound is not installed";
  describeUnless(reason, name, suite);
}

/** The ways in which resolvers of CAs ask. */
export const RESOLVER_WAYS: readonly (readonly [string, readonly string[]])[] = [
  [
    'mixes the case of its questions and keeps nothing, as the resolver of Let’s Encrypt',
    [
      'use-caps-for-id: yes',
      'qname-minimisation: no',
      'harden-below-nxdomain: no',
      'cache-max-ttl: 0',
      'cache-max-negative-ttl: 0',
      'edns-buffer-size: 1232',
    ],
  ],
  [
    'minimises strictly and believes NXDOMAIN for all that is below',
    ['qname-minimisation: yes', 'qname-minimisation-strict: yes', 'harden-below-nxdomain: yes'],
  ],
  ['asks by TCP', ['tcp-upstream: yes', 'use-caps-for-id: yes']],
];

export interface UnboundSetup {
  /** Options of the section `server`. */
  readonly options: readonly string[];
  /** `127.0.0.1:PORT` of the name servers of each zone. Not the root, whose servers it would ask for first. */
  readonly zones: Readonly<Record<string, readonly string[]>>;
}

export interface RunningUnbound {
  /** `127.0.0.1:PORT` */
  readonly address: string;
  readonly port: number;
  /** The same zones at the same address, with other options and nothing in memory. */
  restart(options: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** A real resolver on loopback, which asks name servers on loopback. */
export async function startUnbound({ options, zones }: UnboundSetup): Promise<RunningUnbound> {
  const folder = await mkdtemp(join(tmpdir(), 'unbound-'));
  let running = await run({ options, zones, folder });
  const { port } = running;
  return {
    address: `127.0.0.1:${port}`,
    port,
    restart: async (others) => {
      await running.program.stop();
      running = await run({ options: others, zones, folder, port });
    },
    stop: async () => {
      await running.program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Run extends UnboundSetup {
  readonly folder: string;
  /** Default: a free one. */
  readonly port?: number;
}

function run({ options, zones, folder, port: wanted }: Run) {
  return startUntilReady(async () => {
    const [port = 0] = wanted === undefined ? await freePorts(1) : [wanted];
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
        // Unbound would answer for these itself.
        'local-zone: "localhost." transparent',
        'local-zone: "test." transparent',
        ...options,
      ].map((line) => `  ${line}`),
      'remote-control:',
      '  control-enable: no',
      ...Object.entries(zones).flatMap(([zone, addresses]) => [
        'stub-zone:',
        `  name: "${zone}"`,
        ...addresses.map((address) => `  stub-addr: ${address.replace(':', '@')}`),
      ]),
    ];
    const file = join(folder, 'unbound.conf');
    await writeFile(file, `${lines.join('\n')}\n`);
    const program = startProgram(PROGRAM, ['-d', '-p', '-c', file]);
    return { program, isReady: () => answers(port), started: { program, port } };
  });
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
