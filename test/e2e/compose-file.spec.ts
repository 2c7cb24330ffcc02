import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.js';
import { NetworkList } from '../../src/shared/network.js';

const CONFIGURATION = 'deploy/haproxy/haproxy.cfg';

interface Service {
  readonly command?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly environment?: Readonly<Record<string, string | null>>;
  readonly volumes?: readonly string[];
  readonly networks?: { readonly default: { readonly ipv4_address: string } };
  readonly depends_on?: unknown;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: {
    readonly default: {
      readonly enable_ipv6: string;
      readonly ipam: {
        readonly config: readonly [{ readonly subnet: string; readonly ip_range: string }, unknown];
      };
    };
  };
}

describe('docker-compose.yml', () => {
  const { services, networks } = parse(readFileSync('docker-compose.yml', 'utf8'), {
    merge: true,
  }) as Compose;
  const addressOf = (name: string): string => services[name]?.networks?.default.ipv4_address ?? '';

  it('mounts only files that are there', () => {
    const mounted = Object.values(services)
      .flatMap(({ volumes = [] }) => volumes)
      .flatMap((volume) => /^\.\/[^:]+/.exec(volume)?.[0] ?? []);
    expect(mounted.length).toBeGreaterThanOrEqual(4);
    expect(mounted.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('has the gateways believe the PROXY protocol of HAProxy alone, which knows both by name', () => {
    const haproxy = readFileSync(CONFIGURATION, 'utf8');
    for (const name of ['gateway-a', 'gateway-b']) {
      expect(services[name]?.environment?.['GATEWAY_PROXY_PROTOCOL_FROM']).toBe(
        `\${GATEWAY_PROXY_PROTOCOL_FROM:-${addressOf('haproxy')}}`,
      );
      expect(haproxy).toContain(`-${name}}:`);
    }
  });

  it('needs no capability for a name server, on the port that it tells to publish', () => {
    const text = readFileSync('docker-compose.yml', 'utf8');
    const published = [...text.matchAll(/'192\.0\.2\.11:53:(\d+)\/(udp|tcp)'/g)];
    expect(published.map(([, , transport]) => transport)).toEqual(['udp', 'tcp']);
    for (const name of ['config-check', 'gateway-a', 'gateway-b']) {
      const { environment, cap_drop: dropped } = services[name] ?? {};
      expect(dropped).toEqual(['ALL']);
      expect(environment).toHaveProperty('GATEWAY_NAMESERVER_PORT');
      expect(environment).toHaveProperty('GATEWAY_NAMESERVERS_EU');
    }
    for (const [, port] of published) {
      expect(Number(port)).toBeGreaterThanOrEqual(1024);
      const { nameserver } = readConfig({
        GATEWAY_BIND: '0.0.0.0',
        GATEWAY_NAMESERVERS_EU: 'ns1.eu.onetime.localhost',
        GATEWAY_NAMESERVER_PORT: port,
      });
      expect(nameserver).toMatchObject({ addresses: ['0.0.0.0'], port: Number(port) });
    }
  });

  it('gives no service the address of another one', () => {
    const [{ subnet, ip_range: dynamic }] = networks.default.ipam.config;
    const [within, ofOthers] = [new NetworkList([subnet]), new NetworkList([dynamic])];
    for (const name of ['haproxy', 'challtestsrv']) {
      expect(within.contains(addressOf(name))).toBe(true);
      expect(ofOthers.contains(addressOf(name))).toBe(false);
    }
  });

  it('has HAProxy look for a gateway again that has got another address', () => {
    const haproxy = readFileSync(CONFIGURATION, 'utf8');
    const defaults = /^ {2}default-server .*$/gm.exec(haproxy)?.[0] ?? '';
    expect(defaults).toContain('resolvers docker resolve-prefer ipv4 init-addr last,libc,none');
    expect(haproxy).toMatch(/^resolvers docker\n {2}parse-resolv-conf$/m);
  });

  it('has clients of both families, and of IPv4 alone with ENABLE_IPV6=false', () => {
    const isEnabled = '${ENABLE_IPV6:-true}';
    expect(networks.default.enable_ipv6).toBe(isEnabled);
    expect(services['haproxy']?.environment).toEqual({ ENABLE_IPV6: isEnabled });
    const haproxy = readFileSync(CONFIGURATION, 'utf8');
    for (const listener of ['HTTPS-*:8443', 'HTTP-*:8080'])
      expect(haproxy).toContain(
        `.if streq("$ENABLE_IPV6",false)
  bind "\${PUBLIC_${listener}}"
.else
  bind "\${PUBLIC_${listener.replace('*', '::')}}"
.endif`,
      );
  });

  it('mounts Pebble’s root, once it is there, wherever the configuration is read', () => {
    const readers = Object.entries(services).filter(
      ([, { environment = {} }]) => 'GATEWAY_ACME_CA_FILE' in environment,
    );
    expect(readers.map(([name]) => name)).toEqual(['config-check', 'gateway-a', 'gateway-b']);
    for (const [name, { volumes, depends_on: after }] of readers) {
      expect(volumes).toContain('pebble-tls:/pebble:ro');
      if (name !== 'config-check')
        expect(after).toMatchObject({
          'config-check': { condition: 'service_completed_successfully' },
        });
    }
    expect(services['config-check']?.depends_on).toEqual({
      'pebble-tls': { condition: 'service_completed_successfully', required: false },
    });
  });

  it('has Pebble ask the name server that leads to HAProxy, on the ports where HAProxy listens', () => {
    const { pebble } = JSON.parse(readFileSync('deploy/pebble/pebble.json', 'utf8')) as {
      readonly pebble: { readonly httpPort: number; readonly tlsPort: number };
    };
    expect(services['pebble']?.command).toContain(`${addressOf('challtestsrv')}:8053`);
    expect(services['challtestsrv']?.command).toContain(addressOf('haproxy'));
    const haproxy = readFileSync(CONFIGURATION, 'utf8');
    expect(haproxy).toContain(`PUBLIC_HTTP-:::${pebble.httpPort}}`);
    expect(haproxy).toContain(`PUBLIC_HTTPS-:::${pebble.tlsPort}}`);
  });

  it('makes a certificate for Pebble that its root verifies, once', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pebble-tls-'));
    const make = (): string => {
      execFileSync('sh', ['deploy/pebble/make-tls.sh', folder]);
      return readFileSync(join(folder, 'cert.pem'), 'utf8');
    };
    const first = make();
    expect(make()).toBe(first);
    const certificate = new X509Certificate(first);
    const root = new X509Certificate(readFileSync(join(folder, 'ca.pem')));
    expect(certificate.checkHost('pebble')).toBe('pebble');
    expect(certificate.verify(root.publicKey)).toBe(true);
    rmSync(folder, { recursive: true });
  });
});
