import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../../demo/free-ports.js';
import type { Placement } from '../machine.js';
import { commandBehind, startPeerProgram } from '../peer-program.js';
import type { NamesServer } from '../peers/names-server.js';
import { Worker } from '../worker.js';
import {
  configureCaddy,
  configureHaproxy,
  configureNginx,
  type Served,
} from './server-configurations.js';

/** A server that is measured. */
export interface Contender {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly stop: () => Promise<void>;
}

interface Program {
  readonly name: string;
  readonly command: string;
  readonly versionWord: string;
  readonly configure: (served: Served) => string[];
}

const PROGRAMS: readonly Program[] = [
  { name: 'nginx', command: 'nginx', versionWord: '-v', configure: configureNginx },
  { name: 'HAProxy', command: 'haproxy', versionWord: '-v', configure: configureHaproxy },
  { name: 'Caddy', command: 'caddy', versionWord: 'version', configure: configureCaddy },
];

type Site = Omit<Served, 'folder' | 'port'> & { readonly directory: string };

/** The peers that are installed, and bare Node. Names the others. */
export async function startPeers(site: Site, { server }: Placement): Promise<Contender[]> {
  const peers: Contender[] = [];
  for (const program of PROGRAMS) {
    const { stdout, stderr, status } = spawnSync(program.command, [program.versionWord], {
      encoding: 'utf8',
    });
    if (status === 0) {
      const [version = ''] = (stdout + stderr).trim().split('\n', 1);
      console.log(`  ${program.name}: ${version}`);
      peers.push(await startProgram(program, site, server));
    } else console.log(`  ${program.name} is not installed: skipped`);
  }
  const worker = Worker.start<NamesServer, { port: number }>('./peers/names-server.js', server);
  const { port } = await worker.ask({ directory: site.certificates, body: site.body });
  return [...peers, { name: 'bare Node', pid: worker.pid, port, stop: () => worker.stop() }];
}

async function startProgram(
  { name, command, configure }: Program,
  site: Site,
  launcher: readonly string[],
): Promise<Contender> {
  const folder = join(site.directory, command);
  mkdirSync(folder);
  const [port = 0] = await freePorts(1);
  const logFile = join(folder, 'log');
  const log = openSync(logFile, 'a');
  const words = commandBehind(launcher, [command, ...configure({ ...site, folder, port })]);
  try {
    const started = await startPeerProgram(words, port, {
      stdio: ['ignore', log, log],
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    });
    return { name, port, ...started };
  } catch (cause) {
    throw new Error(`${name} did not start: ${readFileSync(logFile, 'utf8')}`, { cause });
  } finally {
    closeSync(log);
  }
}
