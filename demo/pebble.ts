// @peculiar/x509 needs the metadata API when it is loaded.
import 'reflect-metadata';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { freePorts } from './free-ports.js';

const PROGRAM = '/usr/bin/pebble';
const READY_WITHIN = 20_000;
const POLL = 50;
const DAY = 86_400_000;
const KEYS = { name: 'ECDSA', namedCurve: 'P-256' } as const;

interface PebbleOptions {
  /** `127.0.0.1:port` of the DNS server that it queries. */
  readonly dnsServer: string;
  /** The ports on which it validates challenges. */
  readonly httpPort: number;
  readonly tlsPort: number;
}

/** Pebble, an ACME server for tests, from Debian's package of that name. It keeps nothing on disk and has a new root at each start. */
export class Pebble {
  private constructor(
    private readonly child: ChildProcess,
    private readonly directory: string,
    private readonly ports: { readonly acme: number; readonly management: number },
    private readonly certificate: string,
  ) {}

  static get isInstalled(): boolean {
    return existsSync(PROGRAM);
  }

  /** Resolves when it answers. The caller must call stop(). */
  static async start(options: PebbleOptions): Promise<Pebble> {
    const [acme = 0, management = 0] = await freePorts(2);
    const directory = mkdtempSync(join(tmpdir(), 'onetime-pebble-'));
    const { certificate, key } = await ownTlsPair();
    const file = (name: string): string => join(directory, name);
    writeFileSync(file('cert.pem'), certificate);
    writeFileSync(file('key.pem'), key);
    const pebble = {
      listenAddress: `127.0.0.1:${acme}`,
      managementListenAddress: `127.0.0.1:${management}`,
      certificate: file('cert.pem'),
      privateKey: file('key.pem'),
      httpPort: options.httpPort,
      tlsPort: options.tlsPort,
    };
    writeFileSync(file('pebble.json'), JSON.stringify({ pebble }));
    const words = ['-config', file('pebble.json'), '-dnsserver', options.dnsServer];
    const child = spawn(PROGRAM, words, { env: { PEBBLE_VA_NOSLEEP: '1' }, stdio: 'ignore' });
    const started = new Pebble(child, directory, { acme, management }, certificate);
    await started.#ready();
    return started;
  }

  get directoryUrl(): string {
    return `https://127.0.0.1:${this.ports.acme}/dir`;
  }

  /** PEM file of the certificate of its own web server, not of the root that issues. */
  get caFile(): string {
    return join(this.directory, 'cert.pem');
  }

  /** PEM of the root that issues. */
  root(): Promise<string> {
    return fetchText(`https://127.0.0.1:${this.ports.management}/roots/0`, this.certificate);
  }

  async stop(): Promise<void> {
    if (this.#isRunning) {
      const ended = once(this.child, 'exit');
      this.child.kill();
      await ended;
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  get #isRunning(): boolean {
    const { exitCode, pid, signalCode } = this.child;
    return pid !== undefined && exitCode === null && signalCode === null;
  }

  async #ready(): Promise<void> {
    const giveUpAt = performance.now() + READY_WITHIN;
    for (;;) {
      try {
        await fetchText(this.directoryUrl, this.certificate);
        return;
      } catch (error) {
        if (this.#isRunning && performance.now() < giveUpAt) await delay(POLL);
        else {
          await this.stop();
          throw new Error('Pebble did not start', { cause: error });
        }
      }
    }
  }
}

/** A self-signed certificate for 127.0.0.1, for Pebble's own web server. */
async function ownTlsPair(): Promise<{ certificate: string; key: string }> {
  const keys = await crypto.subtle.generateKey(KEYS, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=Pebble of the demo',
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + DAY),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    keys,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }])],
  });
  const key = await crypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificate: `${certificate.toString('pem')}\n`,
    key: `${PemConverter.encode(key, PemConverter.PrivateKeyTag)}\n`,
  };
}

function fetchText(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { ca, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('error', reject);
      response.once('end', () => {
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`${url} answers ${response.statusCode}`));
      });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}
