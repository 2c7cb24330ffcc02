import { type Browser } from 'playwright-core';
import {
  describeInChromium,
  openPage,
  startChromium,
  type WatchedPage,
} from '../support/chromium.js';
import { documentedOperations } from '../support/documented-operations.js';
import { GatewayProcess } from '../support/gateway-process.js';

const OPERATION = '#docs .opblock';
const COUNT = documentedOperations().length;

describeInChromium('the page of the document', () => {
  let gateway: GatewayProcess;
  let browser: Browser;
  let watched: WatchedPage;

  // One page for all tests: the viewer takes seconds to lay itself out on a loaded machine.
  beforeAll(async () => {
    [gateway, browser] = await Promise.all([GatewayProcess.start(), startChromium()]);
    watched = await openPage(browser, originOf());
    await watched.page.goto('/api/docs');
    await watched.page.waitForSelector(OPERATION);
  });

  // Whatever was refused or came from elsewhere.
  afterEach(() => expect(watched.faults).toEqual([]));

  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  const originOf = (): string => `https://eu.onetime.localhost:${gateway.ports.https}`;

  /** Types into the search box, and waits for so many operations. */
  async function search(words: string, count: number): Promise<string[]> {
    const { page } = watched;
    await page.getByLabel('Search').fill(words);
    await page.waitForFunction(
      (wanted) => document.querySelectorAll('#docs .opblock').length === wanted,
      count,
    );
    const paths = await page.locator(`${OPERATION}-summary-path`).allInnerTexts();
    return paths.map((path) => path.replaceAll('\u200b', ''));
  }

  it('shows every operation, under a policy that lets nothing load from elsewhere', async () => {
    const { headers } = await gateway.call('eu', { path: '/api/docs' });
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;/,
    );
    expect(await watched.page.locator(OPERATION).count()).toBe(COUNT);
  });

  it('finds operations by words of their path, name or text', async () => {
    expect(await search('V1 metadata burn', 1)).toEqual(['/api/v1/metadata/{key}/burn']);
    expect(await search('homepage-config put', 1)).toHaveLength(1);
    expect(await search('dns records now', 1)).toEqual(['/api/domains/{id}/verify']);
    expect(await search('nothing like it', 0)).toEqual([]);
    expect(await watched.page.innerText('#found')).toBe('0 found');
    await search('', COUNT);
  });

  it('tries an operation out on the same host', async () => {
    const { page } = watched;
    await page.locator('#operations-API_v1-v1Status .opblock-summary').click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    const answer = page.locator('.live-responses-table .highlight-code').first();
    await answer.waitFor();
    expect(await answer.innerText()).toContain('"nominal"');
  });

  it('fits into a window of 320 pixels, opened operations too', async () => {
    const { page } = watched;
    await page.setViewportSize({ width: 320, height: 800 });
    for (const id of ['API_v1-v1Generate', 'Domains-claimDomain']) {
      await page.locator(`#operations-${id} .opblock-summary`).click();
      await page.waitForSelector(`#operations-${id} .responses-inner`);
    }
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(320);
  });

  it('leads to the document without scripts', async () => {
    const { page, close } = await openPage(browser, originOf(), { javaScriptEnabled: false });
    await page.goto('/api/docs');
    expect(await page.innerText('noscript')).toContain('openapi.json');
    await close();
  });
});
