import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a peer serves. */
export interface Served {
  readonly names: readonly string[];
  /** Has NAME.pem for each name: chain and key. */
  readonly certificates: string;
  /** An empty folder of the peer's own. */
  readonly folder: string;
  readonly port: number;
  readonly body: string;
}

/** One process, all certificates loaded, no log. Returns the words after the program's name. */
export function configureNginx({ names, certificates, folder, port, body }: Served): string[] {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${join(folder, kind)};`,
  );
  const servers = names.map((name) => {
    const pem = join(certificates, `${name}.pem`);
    return `server { listen 127.0.0.1:${port} ssl; server_name ${name};
      ssl_certificate ${pem}; ssl_certificate_key ${pem};
      location / { default_type application/json; return 200 '${body}'; } }`;
  });
  const file = write(folder, 'nginx.conf', [
    'daemon off; master_process off; worker_processes 1;',
    `pid ${join(folder, 'nginx.pid')}; error_log stderr crit;`,
    'events { worker_connections 4096; }',
    'http { access_log off; ssl_protocols TLSv1.2 TLSv1.3;',
    'server_names_hash_max_size 65536; server_names_hash_bucket_size 128;',
    ...temporary,
    ...servers,
    '}',
  ]);
  return ['-p', folder, '-c', file];
}

export function configureHaproxy({ certificates, folder, port, body }: Served): string[] {
  const file = write(folder, 'haproxy.cfg', [
    'global',
    '  nbthread 1',
    '  maxconn 4096',
    'defaults',
    '  mode http',
    '  timeout client 30s',
    'frontend https',
    `  bind 127.0.0.1:${port} ssl crt ${certificates} alpn http/1.1 ssl-min-ver TLSv1.2`,
    `  http-request return status 200 content-type application/json string '${body}'`,
  ]);
  return ['-db', '-q', '-f', file];
}

export function configureCaddy({ names, certificates, folder, port, body }: Served): string[] {
  const files = names.map((name) => {
    const pem = join(certificates, `${name}.pem`);
    return { certificate: pem, key: pem };
  });
  const headers = { 'Content-Type': ['application/json'] };
  const server = {
    listen: [`127.0.0.1:${port}`],
    routes: [{ handle: [{ handler: 'static_response', body, headers }] }],
    automatic_https: { disable: true },
    tls_connection_policies: [{}],
    protocols: ['h1', 'h2'],
  };
  const configuration = {
    admin: { disabled: true, config: { persist: false } },
    storage: { module: 'file_system', root: folder },
    logging: { logs: { default: { level: 'ERROR' } } },
    apps: {
      http: { servers: { bench: server } },
      tls: { certificates: { load_files: files }, cache: { capacity: 2 * names.length } },
    },
  };
  const file = write(folder, 'caddy.json', [JSON.stringify(configuration)]);
  return ['run', '--config', file];
}

function write(folder: string, name: string, lines: readonly string[]): string {
  const file = join(folder, name);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
