import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../demo/free-ports.js';
import { startProgram, startUntilReady } from './pebble-program.js';
import { newTlsPair, type TlsPair } from './pebble-tls-pair.js';

export interface PebbleOptions {
  /** `127.0.0.1:port` of the DNS server for its validator. */
  readonly dnsServer: string;
  /** The ports of its http-01 and tls-alpn-01 validators. */
  readonly httpPort: number;
  readonly tlsPort: number;
  /** Percent of valid nonces that it refuses; 0 by default. */
  readonly nonceReject?: number;
  /** Percent of valid authorizations that it reuses; 0 by default. */
  readonly authorizationReuse?: number;
  /** It validates nothing, and finds every challenge valid. */
  readonly isAlwaysValid?: boolean;
  /** The lifetime of its certificates in seconds. */
  readonly validitySeconds?: number;
  /** Required external account bindings: kid to HMAC key in base64url. */
  readonly externalAccounts?: Readonly<Record<string, string>>;
}

export interface Pebble {
  readonly directoryUrl: string;
  readonly port: number;
  /** Key and certificate of its web server; the proxy uses the same. */
  readonly tls: TlsPair;
  /** PEM file of the root for its web server, not of what it issues. */
  readonly caFile: string;
  /** PEM of the root of what it issues; a new one at each start. */
  rootPem(): Promise<string>;
  /** `Valid`, `Revoked`... @param serial hexadecimal */
  certificateStatus(serial: string): Promise<string>;
  /** Kills it and starts it on the same ports, with a new root and without accounts and orders. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Debian's Pebble, a real ACME server with nothing on disk. */
export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const directory = await mkdtemp(join(tmpdir(), 'onetime-pebble-'));
  const tls = await newTlsPair();
  const get = (port: number, resource: string) =>
    fetchText(`https://127.0.0.1:${port}${resource}`, tls.certificatePem);
  const launchOn = async (ports: readonly [number, number]) => {
    await writeFiles(directory, tls, configuration(options, directory, ports));
    const program = startProgram('pebble', argumentsOf(options, directory), environment(options));
    const isReady = () => get(ports[0], '/dir');
    return { program, isReady, started: { program, ports } };
  };
  const launched = await startUntilReady(async () =>
    launchOn((await freePorts(2)) as [number, number]),
  );
  const [port, management] = launched.ports;
  let { program } = launched;
  return {
    directoryUrl: `https://127.0.0.1:${port}/dir`,
    port,
    tls,
    caFile: join(directory, 'cert.pem'),
    rootPem: () => get(management, '/roots/0'),
    certificateStatus: async (serial) => {
      const text = await get(management, `/cert-status-by-serial/${serial.toLowerCase()}`);
      return (JSON.parse(text) as { Status: string }).Status;
    },
    restart: async () => {
      await program.stop();
      ({ program } = await startUntilReady(() => launchOn(launched.ports)));
    },
    stop: async () => {
      await program.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function configuration(
  options: PebbleOptions,
  directory: string,
  ports: readonly [number, number],
): object {
  return {
    listenAddress: `127.0.0.1:${ports[0]}`,
    managementListenAddress: `127.0.0.1:${ports[1]}`,
    certificate: join(directory, 'cert.pem'),
    privateKey: join(directory, 'key.pem'),
    httpPort: options.httpPort,
    tlsPort: options.tlsPort,
    externalAccountBindingRequired: options.externalAccounts !== undefined,
    externalAccountMACKeys: options.externalAccounts ?? {},
    // 0 is the default, five years.
    certificateValidityPeriod: options.validitySeconds ?? 0,
  };
}

async function writeFiles(directory: string, tls: TlsPair, pebble: object): Promise<void> {
  await writeFile(join(directory, 'cert.pem'), tls.certificatePem);
  await writeFile(join(directory, 'key.pem'), tls.privateKeyPem);
  await writeFile(join(directory, 'pebble.json'), JSON.stringify({ pebble }));
}

function argumentsOf({ dnsServer }: PebbleOptions, directory: string): string[] {
  return ['-config', join(directory, 'pebble.json'), '-dnsserver', dnsServer];
}

function environment(options: PebbleOptions): Record<string, string> {
  return {
    PEBBLE_VA_NOSLEEP: '1',
    ...(options.isAlwaysValid === true && { PEBBLE_VA_ALWAYS_VALID: '1' }),
    PEBBLE_WFE_NONCEREJECT: String(options.nonceReject ?? 0),
    PEBBLE_AUTHZREUSE: String(options.authorizationReuse ?? 0),
  };
}

function fetchText(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ca, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.once('error', reject);
      incoming.once('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (incoming.statusCode === 200) resolve(text);
        else reject(new Error(`${url}: ${incoming.statusCode} ${text}`));
      });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
