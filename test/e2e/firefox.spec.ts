import type { Browser, Page } from 'puppeteer-core';
import { mailedLink, PASSWORD } from '../support/browser-people.js';
import { submit, startFirefox, textIn, valueIn } from '../support/firefox.js';
import { GatewayProcess } from '../support/gateway-process.js';

let gateway: GatewayProcess;
let browser: Browser;
let origin: string;
let page: Page;
const faults: string[] = [];

const go = (path: string): Promise<unknown> => page.goto(`${origin}${path}`);

const fill = (selector: string, text: string): Promise<void> => page.type(selector, text);

describe('in Firefox', () => {
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await startFirefox();
    // One window: Firefox draws no other, and puppeteer waits for that.
    page = await browser.newPage();
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });
  afterEach(() => expect(faults.splice(0)).toEqual([]));

  it('a message is written, and opened once', async () => {
    const message = '\n Grüße 😀\n<b>bold</b> & "more"\n';
    await go('/');
    await fill('[name=secret]', message);
    await submit(page, 'form[action="/"]');
    expect(await textIn(page, 'h1')).toBe('Your link is ready');
    const link = await valueIn(page, '#link');

    await page.goto(link);
    await submit(page, 'form[action^="/secret/"]');
    expect(await textIn(page, 'h1')).toBe('Your secure message');
    expect(await valueIn(page, '#value')).toBe(message);
    await page.goto(link);
    expect(await textIn(page, 'h1')).toBe('There is no message here');
  });

  it('a message with a passphrase is opened', async () => {
    await go('/');
    await fill('[name=secret]', 'behind it');
    await page.click('details:has([name=passphrase]) summary');
    await fill('[name=passphrase]', 'open sesame');
    await submit(page, 'form[action="/"]');
    await page.goto(await valueIn(page, '#link'));
    await fill('[name=passphrase]', 'wrong');
    await submit(page, 'form[action^="/secret/"]');
    expect(await textIn(page, '[role=alert]')).toContain('Check the passphrase');
    await fill('[name=passphrase]', 'open sesame');
    await submit(page, 'form[action^="/secret/"]');
    expect(await valueIn(page, '#value')).toBe('behind it');
  });

  it('an account is made, left, and signed in to', async () => {
    const email = 'fox@example.com';
    await go('/sign-up');
    await fill('[name=email]', email);
    await submit(page, 'form[action="/sign-up"]');
    await go(await mailedLink(gateway, email));
    await fill('[name=password]', PASSWORD);
    await submit(page, 'form');
    expect(await textIn(page, 'h1')).toBe('Your account');
    const cookies = (await page.browserContext().cookies()).filter(({ name }) =>
      /session/.test(name),
    );
    expect(cookies).toMatchObject([{ name: '__Host-session', httpOnly: true, secure: true }]);

    await submit(page, 'form[action="/sign-out"]');
    await go('/account');
    expect(await textIn(page, 'h1')).toBe('Sign in first');
    await go('/sign-in');
    await fill('[name=email]', email);
    await fill('[name=password]', PASSWORD);
    await submit(page, 'form[action="/sign-in"]');
    expect(await textIn(page, 'h1')).toBe('Your account');
  });
});
