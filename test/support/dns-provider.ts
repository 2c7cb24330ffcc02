import { createPublicKey, verify } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Template } from '../../src/domains/connect/templates.js';
import { valuesOf } from '../../src/dns/dns-answer.js';
import { DnsResolver } from '../../src/dns/dns-resolver.js';
import {
  openTestAuthority,
  type TestAuthority,
} from '../integration/certificates/test-authority.js';
import { AppliedTemplates } from './dns-provider-zone.js';
import type { TestDnsServer } from './dns-server.js';

/** How it answers when it is asked for the settings of a zone. */
export type SettingsMode =
  'right' | 'not found' | 'failing' | 'silent' | 'huge' | 'redirect' | 'page' | 'no sync';

export interface ProviderModes {
  settings: SettingsMode;
  hasTemplate: boolean;
  /** The template that it fails to look up. */
  failsFor: string | null;
  /** Over which bytes it verifies the signature. */
  verifier: 'as sent' | 'sorted' | 'encoded again';
  /** It removes what it wrote for the same template at the same host before. */
  isStateful: boolean;
  ignoresGroups: boolean;
  /** It makes the records, and in another zone: that of a former owner, or a copy that nobody asks. */
  isWrongZone: boolean;
  /** The host in `urlAPI`. */
  apiHost: string;
  /** The target of the mode `redirect`. */
  redirectTo: string;
}

export const PROVIDER_HOST = 'panel.dns-provider.test';
const SIGNED = /^(.*)&key=([^&]+)&sig=([^&]+)$/;
const APPLY = /^\/connect\/v2\/domainTemplates\/providers\/([^/]+)\/services\/([^/]+)\/apply$/;
const TEMPLATE = /^\/v2\/domainTemplates\/providers\/([^/]+)\/services\/([^/]+)$/;
const SETTINGS = /^\/v2\/([^/]+)\/settings$/;

class Refusal extends Error {
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A DNS provider that speaks Domain Connect: it verifies signatures by the key in the DNS, and makes the records of templates. */
export class DnsProvider {
  readonly modes: ProviderModes = {
    settings: 'right',
    hasTemplate: true,
    failsFor: null,
    verifier: 'as sent',
    isStateful: false,
    ignoresGroups: false,
    isWrongZone: false,
    apiHost: PROVIDER_HOST,
    redirectTo: '',
  };
  /** `GET /path` of every request. */
  readonly asked: string[] = [];
  /** Called before the settings are sent. */
  onSettings: () => void = () => undefined;
  readonly #applied: AppliedTemplates;
  readonly #resolver: DnsResolver;
  #templates: readonly Template[] = [];

  private constructor(
    private readonly dns: TestDnsServer,
    private readonly authority: TestAuthority,
    private readonly server: Server,
  ) {
    this.#applied = new AppliedTemplates(dns.zone);
    this.#resolver = new DnsResolver({ servers: [dns.address] });
    server.on('request', (request, response) => void this.#answer(request, response));
  }

  /** @param zones that it keeps, in `dns` */
  static async start(dns: TestDnsServer, zones: readonly string[]): Promise<DnsProvider> {
    const authority = await openTestAuthority();
    const { privateKeyPem: key, chainPem: cert } = await authority.authority.issue(
      PROVIDER_HOST as never,
    );
    const server = createServer({ key, cert });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    dns.zone.set(PROVIDER_HOST, 'A', ['127.0.0.1']);
    for (const zone of zones) {
      dns.zone.set(zone, 'SOA', [`ns1.${PROVIDER_HOST} 1`]);
      dns.zone.set(`_domainconnect.${zone}`, 'TXT', [PROVIDER_HOST]);
    }
    return new DnsProvider(dns, authority, server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get caFile(): string {
    return join(this.authority.directory, 'root.pem');
  }

  get ca(): string {
    return this.authority.rootPem;
  }

  /** The templates that it has taken over. */
  onboard(templates: readonly Template[]): void {
    this.#templates = templates;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.authority.remove();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    this.asked.push(`${request.method} ${path}`);
    try {
      const [, zone] = SETTINGS.exec(path) ?? [];
      if (zone !== undefined) return this.#settings(zone, response);
      const [, , service] = TEMPLATE.exec(path) ?? [];
      if (service !== undefined) return this.#template(service, response);
      const [, providerId = '', serviceId] = APPLY.exec(path) ?? [];
      if (serviceId === undefined) return void response.writeHead(404).end();
      await this.#apply(request, response, { providerId, serviceId, query });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response.writeHead(400, { 'content-type': 'text/plain' }).end(error.message);
    }
  }

  #settings(zone: string, response: ServerResponse): void {
    this.onSettings();
    const json = { 'content-type': 'application/json' };
    switch (this.modes.settings) {
      case 'not found':
        return void response.writeHead(404).end();
      case 'failing':
        return void response.writeHead(500).end();
      case 'silent':
        return;
      case 'huge':
        return void response.writeHead(200, json).end(`"${'x'.repeat(10_000_000)}"`);
      case 'redirect':
        return void response.writeHead(302, { location: this.modes.redirectTo }).end();
      case 'page':
        return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
      case 'right':
      case 'no sync':
        response.writeHead(200, json).end(
          JSON.stringify({
            providerId: 'dns-provider.test',
            providerName: 'DNS Provider',
            urlAPI: `https://${this.modes.apiHost}`,
            ...(this.modes.settings === 'right' && {
              urlSyncUX: `https://${PROVIDER_HOST}/connect`,
            }),
            urlControlPanel: `https://${PROVIDER_HOST}/?domain=%domain%`,
            width: '800',
            height: 600,
            nameServers: [`ns1.${zone}`],
          }),
        );
    }
  }

  #template(serviceId: string, response: ServerResponse): void {
    const isKnown = this.#templates.some((each) => each.serviceId === serviceId);
    const { hasTemplate, failsFor } = this.modes;
    response.writeHead(failsFor === serviceId ? 503 : hasTemplate && isKnown ? 200 : 404).end();
  }

  async #apply(
    request: IncomingMessage,
    response: ServerResponse,
    asked: { readonly providerId: string; readonly serviceId: string; readonly query: string },
  ): Promise<void> {
    const template = this.#templates.find(
      (each) => each.serviceId === asked.serviceId && each.providerId === asked.providerId,
    );
    if (template === undefined) throw new Refusal('invalid_request', 'no such template');
    const parameters = await this.#verified(template, asked.query);
    const redirect = redirectIn(template, parameters);
    if (request.method === 'GET') {
      const page = `<!doctype html><title>Consent</title><h1>DNS Provider</h1><form method="post">
        <button name="decision" value="accept">Accept</button><button name="decision" value="cancel">Cancel</button></form>`;
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      return;
    }
    const isAccepted = (await bodyOf(request)).includes('decision=accept');
    const zone = parameters.get('domain') ?? '';
    if (isAccepted && this.modes.isWrongZone) parameters.set('domain', `former.${zone}`);
    if (isAccepted) this.#applied.apply(template, parameters, this.modes);
    const back = isAccepted ? redirect : `${redirect}?error=access_denied`;
    response.writeHead(303, { location: back }).end();
  }

  async #verified(template: Template, query: string): Promise<URLSearchParams> {
    const [, signed = '', label = '', sig = ''] = SIGNED.exec(query) ?? [];
    const key = await this.#keyAt(`${label}.${template.syncPubKeyDomain}`);
    const signature = Buffer.from(decodeURIComponent(sig), 'base64');
    const bytes = Buffer.from(this.#signedBytes(signed));
    if (!verify('sha256', bytes, key, signature))
      throw new Refusal('unauthorized_client', 'this URL is not verified');
    return new URLSearchParams(signed);
  }

  #signedBytes(sent: string): string {
    switch (this.modes.verifier) {
      case 'as sent':
        return sent;
      case 'sorted':
        return sent.split('&').toSorted().join('&');
      case 'encoded again':
        return String(new URLSearchParams(sent));
    }
  }

  /** As the reference verifier: parts by their number, each `name=value` split at the first `=`. */
  async #keyAt(name: string) {
    const { answer } = await this.#resolver.lookup(name, 'TXT');
    const parts = valuesOf(answer).map(
      (text) =>
        new Map(
          text.split(',').map((field) => {
            const at = field.indexOf('=');
            return [field.slice(0, at), field.slice(at + 1)] as const;
          }),
        ),
    );
    const sorted = parts.toSorted((one, other) => Number(one.get('p')) - Number(other.get('p')));
    const data = sorted.map((part) => part.get('d') ?? '').join('');
    if (data === '') throw new Refusal('unauthorized_client', `no key at ${name}`);
    return createPublicKey({ key: Buffer.from(data, 'base64'), format: 'der', type: 'spki' });
  }
}

/** The address to come back to, whose host has to be one of the template's. */
function redirectIn(template: Template, parameters: URLSearchParams): string {
  const redirect = parameters.get('redirect_uri') ?? '';
  const hosts = template.syncRedirectDomain.split(',');
  if (URL.canParse(redirect) && hosts.includes(new URL(redirect).hostname)) return redirect;
  throw new Refusal('invalid_request', `not a registered host: ${redirect}`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
