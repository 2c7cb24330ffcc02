import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../demo/free-ports.js';
import { commandBehind, startPeerProgram } from './peer-program.js';
import type { StaticServer } from './peers/static-server.js';

interface CaddyPeer {
  readonly pid: number;
  readonly port: number;
  stop(): Promise<void>;
}

/** Caddy with one certificate and one answer for every request, without a log. Null when it is not installed. */
export async function startCaddy(
  answer: Omit<StaticServer, 'keepAliveSeconds'>,
  launcher: readonly string[],
): Promise<CaddyPeer | null> {
  const { status, stdout } = spawnSync('caddy', ['version'], { encoding: 'utf8' });
  if (status !== 0) return null;
  console.log(`  Caddy ${stdout.trim()}`);
  const folder = mkdtempSync(join(tmpdir(), 'onetime-bench-caddy-'));
  const [port = 0] = await freePorts(1);
  const file = join(folder, 'caddy.json');
  writeFileSync(file, JSON.stringify(configurationOf(answer, folder, port)));
  const command = commandBehind(launcher, ['caddy', 'run', '--config', file]);
  const caddy = await startPeerProgram(command, port, {
    stdio: ['ignore', 'ignore', 'inherit'],
    // One core, as Node has one thread: taskset gives it no more anyway.
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, GOMAXPROCS: '1' },
  });
  const stop = async (): Promise<void> => {
    await caddy.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { pid: caddy.pid, port, stop };
}

function configurationOf(
  { certificate, privateKey, headers, body }: Omit<StaticServer, 'keepAliveSeconds'>,
  folder: string,
  port: number,
): object {
  const names = headers.filter((_, index) => index % 2 === 0);
  const values = headers.filter((_, index) => index % 2 === 1);
  const fields = Object.fromEntries(names.map((name, index) => [name, [values[index] ?? '']]));
  const server = {
    listen: [`127.0.0.1:${port}`],
    routes: [{ handle: [{ handler: 'static_response', body, headers: fields }] }],
    automatic_https: { disable: true },
    tls_connection_policies: [{}],
    protocols: ['h1'],
  };
  return {
    admin: { disabled: true, config: { persist: false } },
    storage: { module: 'file_system', root: folder },
    logging: { logs: { default: { level: 'ERROR' } } },
    apps: {
      http: { servers: { bench: server } },
      tls: { certificates: { load_pem: [{ certificate, key: privateKey }] } },
    },
  };
}
