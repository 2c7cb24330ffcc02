import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserSession } from './browser-session.js';
import { clickThrough, openPage, startChromium, type WatchedPage } from './chromium.js';
import { GatewayProcess } from './gateway-process.js';
import { until } from './until.js';

export interface AccountOwner {
  readonly email: string;
  readonly auth: string;
}

export interface SignedInPage extends WatchedPage {
  readonly owner: AccountOwner;
}

export const heading = (page: Page): Promise<string> => page.locator('h1').innerText();
export const shown = (page: Page): Promise<string> => page.locator('main').innerText();
export const press = (page: Page, name: string): Promise<void> =>
  clickThrough(page.getByRole('button', { name, exact: true }));

/** For tests of pages that work in both ways. */
export const WAYS: readonly [string, boolean][] = [
  ['with JavaScript', true],
  ['without JavaScript', false],
];

/** A gateway and a browser for the pages of accounts. */
export class AccountScene {
  #people = 0;

  private constructor(
    readonly gateway: GatewayProcess,
    readonly browser: Browser,
    readonly origin: string,
  ) {}

  static async start(environment: Readonly<Record<string, string>>): Promise<AccountScene> {
    const gateway = await GatewayProcess.start({ environment });
    const origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
    return new AccountScene(gateway, await startChromium(), origin);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.gateway.stop();
  }

  async anOwner(plan = 'basic'): Promise<AccountOwner> {
    this.#people += 1;
    return this.gateway.account('eu', `owner-${this.#people}@example.com`, plan);
  }

  /** A browser that is signed in, without the pages of the sign-in. */
  async openSignedIn(
    owner: AccountOwner,
    options: BrowserContextOptions = {},
  ): Promise<SignedInPage> {
    const { browser, gateway, origin } = this;
    const watched = await openPage(browser, origin, options);
    const { cookie = '' } = await browserSession(gateway, owner.email, origin);
    const [name = '', value = ''] = cookie.split('=');
    await watched.page.context().addCookies([{ name, value, url: origin, secure: true }]);
    return { ...watched, owner };
  }

  async send(
    { auth }: AccountOwner,
    fields: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly secret: string; readonly receipt: string }> {
    const body = new URLSearchParams({ secret: 'the value', ...fields }).toString();
    const request = { method: 'POST', path: '/api/v1/share', auth, body };
    const answer = await this.gateway.call('eu', request);
    const { secret_key: secret, metadata_key: receipt } = answer.json<Record<string, string>>();
    if (!secret || !receipt) throw new Error(`no secret was made: ${answer.text}`);
    return { secret, receipt };
  }

  /** The code in the newest mail to the address. */
  async mailedCode(email: string): Promise<string> {
    let code = '';
    await until(`a code is mailed to ${email}`, async () => {
      const { stdout } = await this.gateway.command('dev', 'mail', 'list');
      const line = stdout.split('\n').find((text) => text.includes(` ${email}`));
      const number = /\d+/.exec(line ?? '')?.[0];
      if (number === undefined) return false;
      const { stdout: mail } = await this.gateway.command('dev', 'mail', 'show', number);
      code = /\b[0-9a-z]{4}(?:-[0-9a-z]{4}){3}\b/.exec(mail)?.[0] ?? '';
      return code !== '';
    });
    return code;
  }
}
