import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import {
  clickThrough,
  describeInChromium,
  openPage,
  startChromium,
  type WatchedPage,
} from '../support/chromium.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { V1Caller } from '../support/v1-caller.js';

const VALUE = '  Grüße 😀\n"from" <b>us</b>\n';

let gateway: GatewayProcess;
let browser: Browser;
let anonymous: V1Caller;
let watched: WatchedPage;

async function openMessage(fields = {}): Promise<Page> {
  const { secret_key } = await anonymous.share(VALUE, fields);
  const { page } = watched;
  await page.goto(`/secret/${secret_key}`);
  if ('passphrase' in fields) return page;
  await clickThrough(page.getByRole('button', { name: 'Open the message' }));
  await page.getByRole('heading', { name: 'Your secure message' }).waitFor();
  return page;
}

const valueOf = (page: Page): Promise<string> => page.getByLabel('Message').inputValue();

describeInChromium('the reader of a message', () => {
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await startChromium();
    anonymous = new V1Caller(gateway, 'eu');
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });
  beforeEach(async () => {
    watched = await openPage(browser, `https://eu.onetime.localhost:${gateway.ports.https}`);
  });
  afterEach(async () => {
    expect(watched.faults).toEqual([]);
    await watched.close();
  });

  it('saves it as a text file, byte for byte', async () => {
    const page = await openMessage();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as a text file' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('message.txt');
    expect(readFileSync(await download.path(), 'utf8')).toBe(VALUE);
    expect(await valueOf(page)).toBe(VALUE);
  });

  it('hides it, and shows it again', async () => {
    const page = await openMessage();
    await page.getByRole('button', { name: 'Hide' }).click();
    expect(await valueOf(page)).toBe('•'.repeat(12));
    expect(await page.content()).not.toContain('Grüße');
    expect(await page.getByRole('button', { name: 'Copy' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await valueOf(page)).toBe(VALUE);
    expect(await page.getByRole('button', { name: 'Copy' }).isEnabled()).toBe(true);
  });

  it.each([false, true])(
    'finds nothing after the time that was chosen (hidden: %s)',
    async (isHidden) => {
      const page = watched.page;
      await page.clock.install();
      await openMessage();
      await page.clock.fastForward('59:00');
      expect(await valueOf(page)).toBe(VALUE);
      await page.getByLabel('Clear this page').selectOption('after 5 minutes');
      if (isHidden) await page.getByRole('button', { name: 'Hide' }).click();
      await page.clock.fastForward('04:58');
      expect(await page.getByRole('status').getByText('cleared').count()).toBe(0);
      await page.clock.fastForward('00:03');
      await page.getByRole('status').getByText('The message was cleared').waitFor();
      expect(await valueOf(page)).toBe('');
      expect(await page.getByRole('button').count()).toBe(0);
    },
  );

  it('finds nothing when the browser shows the page from its memory', async () => {
    const page = await openMessage();
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))");
    expect(await valueOf(page)).toBe('');
    expect(await page.content()).not.toContain('Grüße');
    expect(await page.locator('main').innerText()).toContain('It cannot be shown again');
  });

  it('sees the typed passphrase, which is sent as a password', async () => {
    const page = await openMessage({ passphrase: 'open sesame' });
    const field = page.getByLabel('Passphrase');
    await field.fill('open sesame');
    await page.getByRole('button', { name: 'Show' }).click();
    expect(await field.getAttribute('type')).toBe('text');
    await page.getByRole('button', { name: 'Hide' }).click();
    expect(await field.getAttribute('type')).toBe('password');
    await field.press('Enter');
    await page.getByRole('heading', { name: 'Your secure message' }).waitFor();
    expect(await valueOf(page)).toBe(VALUE);
  });
});
