import { existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { startProgram, type RunningProgram } from './pebble-program.js';
import { until } from './until.js';

/** Debian's `caddy` package has the program. */
function isInstalled(): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, 'caddy')));
}

/** A suite that needs Caddy on ports 80 and 443. Without Caddy or root it is skipped with a warning; in CI it fails. */
export function describeWithCaddy(name: string, suite: () => void): void {
  if ((isInstalled() && process.getuid?.() === 0) || process.env['CI'] === 'true') {
    describe(name, suite);
    return;
  }
  process.stderr.write(`skipped, Debian's caddy package or root is missing: ${name}\n`);
  describe.skip(name, suite);
}

export interface CaddyOptions {
  /** A loopback address of its own: Caddy's redirect leads to port 443, whatever its configuration. */
  readonly address: string;
  /** An empty folder for its configuration, keys and certificates. */
  readonly folder: string;
  readonly ask: string;
  /** Where it passes requests on to. */
  readonly upstream: string;
}

/** Caddy with its defaults: it redirects to HTTPS, and gets a certificate of its own authority at the first handshake. */
export async function startCaddy(options: CaddyOptions): Promise<RunningProgram> {
  const { address, folder, ask, upstream } = options;
  const file = join(folder, 'Caddyfile');
  writeFileSync(
    file,
    `{
  admin off
  default_bind ${address}
  local_certs
  skip_install_trust
  on_demand_tls {
    ask ${ask}
  }
}
https:// {
  tls {
    on_demand
  }
  reverse_proxy ${upstream}
}
`,
  );
  const environment = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  const caddy = startProgram(
    'caddy',
    ['run', '--config', file, '--adapter', 'caddyfile'],
    environment,
  );
  try {
    await until('Caddy listens', async () => {
      const failure = caddy.exited();
      if (failure !== null) throw new Error(failure);
      return (await accepts(address, 80)) && (await accepts(address, 443));
    });
  } catch (error) {
    await caddy.stop();
    throw error;
  }
  return caddy;
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
}
