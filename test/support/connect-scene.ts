import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readKey } from '../../src/config/domain-connect-config.js';
import { publicKeyRecords } from '../../src/domains/connect/public-key-records.js';
import type { Template } from '../../src/domains/connect/templates.js';
import { DnsProvider, PROVIDER_HOST } from './dns-provider.js';
import { TestDnsServer } from './dns-server.js';
import { LocalScene } from './domain-scene-local.js';
import { call, type Answer } from './https-client.js';
import { temporaryFolder } from './temporary-server.js';

const KEY_NAME = '_dck1.onetime.localhost';

/** A gateway with Domain Connect, and a DNS provider that keeps the zones of its customers. */
export class ConnectScene {
  private constructor(
    readonly local: LocalScene,
    readonly provider: DnsProvider,
    readonly keyFile: string,
  ) {}

  static async start(
    zones: readonly string[],
    settings: Readonly<Record<string, string>> = {},
  ): Promise<ConnectScene> {
    const dns = await TestDnsServer.start();
    const provider = await DnsProvider.start(dns, zones);
    const keyFile = join(temporaryFolder(), 'domain-connect.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const local = await LocalScene.start(
      {
        GATEWAY_DOMAIN_CONNECT_KEY_FILE: keyFile,
        GATEWAY_DOMAIN_CONNECT_PORT: String(provider.port),
        GATEWAY_DOMAIN_CONNECT_CA_FILE: provider.caFile,
        ...settings,
      },
      dns,
    );
    const scene = new ConnectScene(local, provider, keyFile);
    scene.publishKey();
    const printed = await local.gateway.command('domain-connect', 'templates');
    provider.onboard(templatesIn(printed.stdout));
    return scene;
  }

  async stop(): Promise<void> {
    await this.local.stop();
    await this.provider.stop();
  }

  publishKey(): void {
    const key = readKey(this.keyFile);
    if (typeof key === 'string') throw new Error(key);
    this.local.dns.zone.set(KEY_NAME, 'TXT', publicKeyRecords(createPublicKey(key)));
  }

  /** Opens the link, and presses the button. */
  async decide(url: string, decision: 'accept' | 'cancel'): Promise<Answer> {
    const { pathname, search } = new URL(url);
    const target = { host: PROVIDER_HOST, port: this.provider.port, ca: this.provider.ca };
    const shown = await call(target, { path: `${pathname}${search}` });
    if (shown.status !== 200) return shown;
    return call(target, { method: 'POST', path: `${pathname}${search}`, body: { decision } });
  }
}

/** One JSON text after the other. */
function templatesIn(text: string): Template[] {
  return text
    .trim()
    .split(/\n(?=\{)/)
    .map((each) => JSON.parse(each) as Template);
}
