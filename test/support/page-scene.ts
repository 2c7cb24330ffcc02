import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Language } from '../../src/shared/language.js';
import { mailedLink, PASSWORD } from './browser-people.js';
import { codeOf } from './browser-security.js';
import { browserSession } from './browser-session.js';
import { openPage, type WatchedPage } from './chromium.js';
import type { DomainClient } from './domain-client.js';
import { ConnectScene } from './connect-scene.js';
import type { LocalScene } from './domain-scene-local.js';
import { query } from './region-database.js';
import { until } from './until.js';
import { V1Caller, type Fields, type Metadata } from './v1-caller.js';

/** Who looks at a page: an account with domains, one whose plan has none, one with an app, or somebody without an account. */
export type Viewer = 'anybody' | 'owner' | 'basic' | 'guarded';

const EMAILS = {
  owner: 'owner@acme.test',
  basic: 'basic@acme.test',
  guarded: 'guarded@acme.test',
} as const;
const REGION_HOST = 'eu.onetime.localhost';

/** The domains of the owner, by the state that their set-up is in. */
const DOMAINS = {
  /** Claimed; none of its records is there. */
  claimed: 'new.acme.test',
  /** Claimed; its DNS provider can make its records, and would replace others. */
  offered: 'files.provided.test',
  /** Claimed; both of its records have a mistake. */
  mistaken: 'files.acme.test',
  /** Claimed, and its `www` is not. */
  apex: 'landwirtschaftsversicherungsgesellschaft.test',
  /** Serves, and another region takes it. */
  moving: 'moving.acme.test',
  /** Serves, with a brand; strangers may not write messages there. */
  serving: 'secrets.acme.test',
  /** Serves, with the palest colours that are allowed and long words; strangers may write messages there. */
  pale: 'pale.acme.test',
} as const;
export type DomainState = keyof typeof DOMAINS;

const BRAND = {
  product_name: 'Acme Secrets',
  primary_color: '#7A2E8E',
  corner_style: 'square',
  support_email: 'help@acme.test',
  instructions_pre_reveal: 'Somebody at Acme has sent you this.',
};

/** Each colour is replaced by the nearest that passes beside the others. */
const PALE_BRAND = {
  product_name: 'Versicherungsgesellschaft für Landwirtschaft und Gartenbau',
  background_color: '#777777',
  primary_color: '#777777',
  text_color: '#777777',
  corner_style: 'pill',
  support_email: 'kundendienst.landwirtschaft@versicherungsgesellschaft.example',
  footer_text: 'Versicherungsgesellschaft für Landwirtschaft und Gartenbau\nim Gartenweg 12',
  description: 'Schreiben Sie hier Unterlagen, die nur einmal geöffnet werden dürfen.',
  instructions_pre_reveal: 'Donaudampfschifffahrtsgesellschaftskapitänspatent liegt bei.',
  instructions_reveal: 'Rechtsschutzversicherungsgesellschaften haben keine Abschrift.',
  instructions_post_reveal: 'Vernichten Sie, was Sie nicht mehr brauchen.',
};
const PALETTE_TRIES = 10;

/** A gateway with what the pages show: accounts, domains in several states, mailed links. */
export class PageScene {
  readonly local: LocalScene;
  readonly #cookies = new Map<Viewer, string>();
  readonly #ids = new Map<DomainState, string>();
  readonly #anonymous: V1Caller;
  readonly #owner: V1Caller;
  /** Of links that are made once. */
  readonly #paths = new Map<string, Promise<string>>();
  #made = 0;

  private constructor(
    private readonly connect: ConnectScene,
    private readonly client: DomainClient,
  ) {
    const { local } = connect;
    this.local = local;
    this.#anonymous = new V1Caller(local.gateway, 'eu');
    this.#owner = new V1Caller(local.gateway, 'eu', { auth: client.auth });
  }

  static async start(): Promise<PageScene> {
    const connect = await ConnectScene.start(['provided.test']);
    const { local } = connect;
    try {
      const scene = new PageScene(connect, await local.customer(EMAILS.owner));
      await scene.#prepare();
      return scene;
    } catch (error) {
      await connect.stop();
      throw error;
    }
  }

  stop(): Promise<void> {
    return this.connect.stop();
  }

  get origin(): string {
    return this.originOf(REGION_HOST);
  }

  /** Of a domain that serves. */
  customOrigin(state: DomainState = 'serving'): string {
    return this.originOf(DOMAINS[state]);
  }

  /** A profile of its own, signed in as the viewer. */
  async open(
    browser: Browser,
    viewer: Viewer,
    options: BrowserContextOptions & { readonly language?: Language } = {},
  ): Promise<WatchedPage> {
    const { language = 'en', ...rest } = options;
    const opened = await openPage(browser, this.origin, {
      locale: language,
      timezoneId: 'Europe/Vienna',
      ...rest,
      allowedOrigins: [this.customOrigin('serving'), this.customOrigin('pale')],
    });
    const value = this.#cookies.get(viewer);
    if (value !== undefined) await this.#signIn(opened.page, value);
    return opened;
  }

  /** What one browser of the account does ends the sessions of the others. */
  async signInAgain(page: Page, viewer: 'guarded'): Promise<void> {
    await this.#signIn(page, await this.#newSession(viewer));
  }

  async #signIn(page: Page, value: string): Promise<void> {
    const cookie = { name: '__Host-session', value, url: this.origin };
    await page.context().addCookies([{ ...cookie, secure: true, httpOnly: true }]);
  }

  async #newSession(viewer: keyof typeof EMAILS): Promise<string> {
    const { cookie = '' } = await browserSession(this.local.gateway, EMAILS[viewer], this.origin);
    return cookie.split('=')[1] ?? '';
  }

  hostOf(state: DomainState): string {
    return DOMAINS[state];
  }

  /** The page of a domain of the owner. */
  pathOf(state: DomainState): string {
    return `/domains/${this.#ids.get(state) ?? ''}`;
  }

  share(message: string, fields: Fields = {}): Promise<Metadata> {
    return this.#anonymous.share(message, fields);
  }

  async received(): Promise<Metadata> {
    const made = await this.share('read already');
    await this.#anonymous.reveal(made.secret_key);
    return made;
  }

  async burned(): Promise<Metadata> {
    const made = await this.share('not wanted any more');
    await this.#anonymous.burn(made.metadata_key);
    return made;
  }

  /** A secret of the owner on a domain that serves. Returns its keys. */
  async shareOnDomain(
    message: string,
    fields: Fields = {},
    state: DomainState = 'serving',
  ): Promise<Metadata> {
    const answer = await this.local.on(DOMAINS[state], {
      path: '/api/v1/share',
      auth: this.client.auth,
      body: { secret: message, ...fields },
    });
    if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
    return answer.json<Metadata>();
  }

  /** Unlike all before it. */
  name(prefix: string): string {
    this.#made += 1;
    return `${prefix} ${this.#made}`;
  }

  /** The path of a link that is mailed to a new address, as the form at `/sign-up` does. */
  signUpLink(): Promise<string> {
    return this.#once('sign-up', async () => {
      const email = 'new@example.com';
      const headers = { origin: this.origin };
      await this.local.gateway.call('eu', { path: '/sign-up', headers, body: { email } });
      return mailedLink(this.local.gateway, email, 'sign-up');
    });
  }

  /** The path of a link in a mail that ends such mails. */
  unsubscribeLink(): Promise<string> {
    return this.#once('unsubscribe', async () => {
      const recipient = 'recipient@example.com';
      await this.#owner.share('by mail', { recipient });
      return mailedLink(this.local.gateway, recipient, 'unsubscribe');
    });
  }

  /** The path of a link for the DNS administrator of the domain that is set up. */
  setupLink(): Promise<string> {
    return this.#once('setup', async () => {
      const answer = await this.client.send('POST', `/${this.#ids.get('mistaken')}/setup-link`);
      if (answer.status !== 201) throw new Error(`${answer.status}: ${answer.text}`);
      return new URL(answer.json<{ record: { url: string } }>().record.url).pathname;
    });
  }

  /** The address to which the DNS provider sends the browser of the owner. */
  returnPath(): Promise<string> {
    return this.#once('return', async () => {
      const { setup } = await this.client.get(this.#ids.get('offered') ?? '');
      const { searchParams } = new URL(setup.domain_connect?.url ?? '');
      return new URL(searchParams.get('redirect_uri') ?? '').pathname;
    });
  }

  /** The page of a webhook of the owner, with an attempt in its log. */
  webhookPath(): Promise<string> {
    return this.#once('webhook', async () => {
      const url = 'https://hooks.example.com/onetime';
      const answer = await this.local.gateway.call('eu', {
        path: '/api/account/webhooks',
        auth: this.client.auth,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'audit', url, events: ['secret.revealed', 'domain.*'] }),
      });
      const { id } = answer.json<{ record: { id: string } }>().record;
      await query(this.local.gateway, 'eu', {
        text: `insert into webhook_attempts (webhook_id, delivery_id, type, attempt, failure, duration_ms)
          values ($1, gen_random_uuid(), 'certificate.renewal_advised', 1, 'private_address', 12)`,
        values: [id],
      });
      return `/account/webhooks/${id}`;
    });
  }

  /** The account with an app, whose sign-in takes two steps. */
  readonly guarded = { email: EMAILS.guarded, password: PASSWORD } as const;

  /** As if everybody had signed in just now. */
  async freshenSignIns(): Promise<void> {
    const text = 'update sessions set signed_in_at = now()';
    await query(this.local.gateway, 'eu', { text });
  }

  #once(name: string, make: () => Promise<string>): Promise<string> {
    const path = this.#paths.get(name) ?? make();
    this.#paths.set(name, path);
    return path;
  }

  private originOf(host: string): string {
    return `https://${host}:${this.local.gateway.ports.https}`;
  }

  async #prepare(): Promise<void> {
    const { gateway, dns } = this.local;
    for (const viewer of ['basic', 'guarded'] as const)
      await gateway.account('eu', EMAILS[viewer], 'basic');
    await this.#guard();
    for (const viewer of ['owner', 'basic', 'guarded'] as const)
      this.#cookies.set(viewer, await this.#newSession(viewer));
    dns.zone.set('acme.test', 'NS', ['ns1.dns-parking.com']);
    dns.zone.set('used.acme.test', 'A', ['198.51.100.7']);
    for (const state of ['serving', 'pale'] as const)
      this.#ids.set(state, (await this.local.setUp(this.client, DOMAINS[state])).id);
    await this.#paint('serving', BRAND);
    await this.#paint('pale', PALE_BRAND);
    const homepage = `/${this.#ids.get('pale')}/homepage-config`;
    await this.client.send('PUT', homepage, { enabled: true });
    this.#ids.set('claimed', (await this.client.claim(DOMAINS.claimed)).id);
    await this.#makeMistakes();
    await this.#offer();
    this.#ids.set('apex', (await this.client.claim(DOMAINS.apex)).id);
    await this.#move();
  }

  async #offer(): Promise<void> {
    this.local.dns.zone.set(DOMAINS.offered, 'A', ['198.51.100.7']);
    const { id } = await this.client.claim(DOMAINS.offered);
    this.#ids.set('offered', id);
    await until('the DNS provider is found', async () => {
      const { setup } = await this.client.get(id);
      return typeof setup.domain_connect?.url === 'string';
    });
  }

  async #move(): Promise<void> {
    const { id } = await this.local.setUp(this.client, DOMAINS.moving);
    this.#ids.set('moving', id);
    const offered = await this.client.send('POST', `/${id}/transfer`, { region: 'us' });
    const { code } = offered.json<{ transfer: { code: string } }>().transfer;
    const receiver = await this.local.customer(EMAILS.owner, 'us');
    const taken = await receiver.send('POST', '/transfers', { code });
    if (taken.status !== 200) throw new Error(`${taken.status}: ${taken.text}`);
  }

  async #guard(): Promise<void> {
    const { gateway } = this.local;
    // Each change ends the sessions before it.
    const send = async (method: string, path: string, body?: object) => {
      const session = await browserSession(gateway, EMAILS.guarded, this.origin);
      const headers = { ...session, 'content-type': 'application/json' };
      const text = body === undefined ? {} : { body: JSON.stringify(body) };
      return gateway.call('eu', { method, path: `/api/account${path}`, headers, ...text });
    };
    await send('PUT', '/password', { password: PASSWORD });
    const begun = await send('POST', '/second-factor');
    const { secret } = begun.json<{ record: { secret: string } }>().record;
    const confirmed = await send('POST', '/second-factor/confirm', { code: codeOf(secret, 0) });
    if (confirmed.status !== 200) throw new Error(`${confirmed.status}: ${confirmed.text}`);
  }

  /** Takes the suggestion for every colour that is refused. */
  async #paint(state: DomainState, wanted: Readonly<Record<string, string>>): Promise<void> {
    let brand = wanted;
    for (let tries = 0; tries < PALETTE_TRIES; tries += 1) {
      const answer = await this.client.send('PUT', `/${this.#ids.get(state)}/brand`, { brand });
      if (answer.status === 200) return;
      const { field, suggestion } = answer.json<{ field?: string; suggestion?: string }>();
      if (field === undefined || suggestion === undefined) throw new Error(answer.text);
      brand = { ...brand, [field.replace('brand.', '')]: suggestion };
    }
    throw new Error(`no palette like ${JSON.stringify(wanted)} is allowed`);
  }

  /** The proof at a name that has the domain twice, the CNAME to an address of somebody else. */
  async #makeMistakes(): Promise<void> {
    const { dns } = this.local;
    const { id, records } = await this.client.claim(DOMAINS.mistaken);
    const proof = records.find(({ type }) => type === 'TXT');
    if (proof === undefined) throw new Error('the claim wants no TXT record');
    dns.zone.set(`${proof.fqdn}.acme.test`, 'TXT', proof.desired);
    dns.zone.set(DOMAINS.mistaken, 'CNAME', ['elsewhere.example.net']);
    dns.zone.set('elsewhere.example.net', 'A', ['198.51.100.9']);
    await until('the mistakes are seen', async () => {
      const { issues } = await this.client.verify(id);
      return issues.length > 0;
    });
    this.#ids.set('mistaken', id);
  }
}
