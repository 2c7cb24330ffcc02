import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import {
  describeInChromium,
  openPage,
  startChromium,
  type WatchedPage,
} from '../support/chromium.js';
import { confirm } from '../support/confirm.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { V1Caller } from '../support/v1-caller.js';

const LATENCY_MS = 40;
const BETWEEN_CLICKS_MS = 20;

let gateway: GatewayProcess;
let browser: Browser;
let anonymous: V1Caller;
let origin: string;

/** A page whose requests take as long as over a mobile network. */
async function openSlowPage(options: BrowserContextOptions): Promise<WatchedPage> {
  const watched = await openPage(browser, origin, options);
  const session = await watched.page.context().newCDPSession(watched.page);
  await session.send('Network.enable');
  const unlimited = { offline: false, downloadThroughput: -1, uploadThroughput: -1 };
  await session.send('Network.emulateNetworkConditions', { ...unlimited, latency: LATENCY_MS });
  return watched;
}

async function pressTwice(page: Page, button: string | RegExp, expected: string): Promise<string> {
  await confirm(page);
  const before = page.url();
  const answered = page.waitForResponse(
    (response) => response.request().method() === 'POST' || response.url() !== before,
  );
  await page
    .getByRole('button', { name: button })
    .dblclick({ delay: BETWEEN_CLICKS_MS, noWaitAfter: true });
  await answered;
  // The heading of the last answer: the first one's may be replaced.
  await page.waitForLoadState('networkidle');
  return page
    .getByText(expected)
    .first()
    .waitFor()
    .then(() => expected)
    .catch(() => page.locator('main').innerText());
}

describeInChromium('a double click over a slow network', () => {
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await startChromium();
    anonymous = new V1Caller(gateway, 'eu');
    origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
  });

  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  describe.each([
    ['without JavaScript', false, 16],
    ['with JavaScript', true, 4],
  ])('%s', (_name, javaScriptEnabled, tries) => {
    let watched: WatchedPage;

    beforeEach(async () => {
      watched = await openSlowPage({ javaScriptEnabled });
    });

    afterEach(async () => {
      expect(watched.faults).toEqual([]);
      await watched.close();
    });

    it(`shows the message, ${tries} times of ${tries}`, async () => {
      const { page } = watched;
      const shown: string[] = [];
      for (let times = 0; times < tries; times += 1) {
        const { secret_key } = await anonymous.share(`message ${times}`);
        await page.goto(`/secret/${secret_key}`);
        await pressTwice(page, 'Open the message', 'Your secure message');
        shown.push(await page.getByLabel('Message').inputValue());
      }
      expect(shown).toEqual(Array.from({ length: tries }, (_, times) => `message ${times}`));
    });

    it('shows the message behind a passphrase', async () => {
      const { page } = watched;
      const { secret_key } = await anonymous.share('hidden', { passphrase: 'open sesame' });
      await page.goto(`/secret/${secret_key}`);
      await page.getByLabel('Passphrase').fill('open sesame');
      await pressTwice(page, 'Open the message', 'Your secure message');
      expect(await page.getByLabel('Message').inputValue()).toBe('hidden');
    });

    it('shows that the message was deleted', async () => {
      const { metadata_key } = await anonymous.share('hello');
      await watched.page.goto(`/receipt/${metadata_key}`);
      await watched.page.getByText('Changed your mind?').click();
      const deleted = 'It was deleted before anybody opened it.';
      expect(await pressTwice(watched.page, /^Delete/, deleted)).toBe(deleted);
    });

    it('shows the generated password', async () => {
      const { metadata_key, value } = await anonymous.generate();
      await watched.page.goto(`/receipt/${metadata_key}`);
      await pressTwice(watched.page, /^Show the generated/, 'it is not shown again');
      expect(await watched.page.getByLabel('Password').inputValue()).toBe(value);
    });

    it('makes one link, and a reload makes none', async () => {
      const name = `sender-${String(javaScriptEnabled)}@example.com`;
      const { auth } = await gateway.account('eu', name);
      const headers = { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
      const { page, close } = await openSlowPage({ javaScriptEnabled, extraHTTPHeaders: headers });
      await page.goto('/');
      await page.getByLabel('Your message').fill('once');
      await pressTwice(page, 'Create the link', 'Your link is ready');
      const link = await page.getByLabel('Link to send').inputValue();
      await page.reload();
      expect(await page.getByLabel('Link to send').inputValue()).toBe(link);
      await close();

      const recent = await gateway.call('eu', { path: '/api/v1/private/recent', auth });
      expect(recent.json<readonly unknown[]>()).toHaveLength(1);
    });
  });

  it('sends nothing twice where scripts run', async () => {
    const { secret_key } = await anonymous.share('hello');
    const { page, close } = await openSlowPage({});
    const posts: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') posts.push(request.url());
    });
    await page.goto(`/secret/${secret_key}`);
    await pressTwice(page, 'Open the message', 'Your secure message');
    expect(posts).toHaveLength(1);
    await close();
  });
});
