import type { Browser, Page } from 'playwright-core';
import { AdminClient, adminPort, makeKey } from '../support/admin-client.js';
import { heading, press, signUp } from '../support/browser-people.js';
import { clickThrough, describeInChromium, openPage, startChromium } from '../support/chromium.js';
import { LocalScene } from '../support/domain-scene-local.js';
import { until } from '../support/until.js';

const EMAIL = 'owner@acme.test';
const NAME = 'secrets.acme.test';
const PRODUCT = 'Acme Secrets';

let scene: LocalScene;
let admin: AdminClient;
let browser: Browser;
let origin: string;
let customOrigin: string;

/** What the card of a record wants: its names and values. */
function wanted(page: Page, type: string): Promise<readonly string[]> {
  const card = page.locator('.record', { has: page.getByText(`Add this ${type} record`) });
  return card.locator('code').allInnerTexts();
}

async function untilRecord(page: Page, text: string): Promise<void> {
  await until(`the page says: ${text}`, async () =>
    (await page.locator('.records').allInnerTexts()).join().includes(text),
  );
}

/** The page of the domain, through its list. */
async function addDomain(page: Page): Promise<void> {
  await clickThrough(page.getByRole('link', { name: 'Domains' }).first());
  await clickThrough(page.getByRole('link', { name: 'Add a domain' }));
  await page.getByLabel('Domain name').fill(NAME);
  await press(page, 'See what is there now');
  await clickThrough(page.getByRole('button', { name: `Add ${NAME}` }));
  expect(await heading(page)).toBe(NAME);
}

/** The TXT record is right, the CNAME record leads elsewhere first. */
async function setUp(page: Page): Promise<void> {
  const { zone } = scene.dns;
  const [, proofName = '', proof = ''] = await wanted(page, 'TXT');
  const [, , target = ''] = await wanted(page, 'CNAME');
  zone.set(proofName, 'TXT', [proof]);
  zone.set(NAME, 'CNAME', ['elsewhere.example.net']);
  zone.set('elsewhere.example.net', 'A', ['198.51.100.9']);
  await untilRecord(page, 'The CNAME record leads somewhere else');
  expect(await scene.isServed(NAME)).toBe(false);
  zone.set(NAME, 'CNAME', [target]);
  await until('the page says that it is served', async () =>
    (await page.locator('[data-headline]').innerText()).includes('is served'),
  );
}

async function setBrand(page: Page): Promise<void> {
  await clickThrough(page.getByRole('link', { name: 'Look and words' }));
  await page.locator('[name=product_name]').fill(PRODUCT);
  await page.locator('[name=primary_color]').fill('#7A2E8E');
  await page.locator('[name=instructions_pre_reveal]').fill('Somebody at Acme sends you this.');
  await press(page, 'Save');
  await page.getByRole('status').getByText('Saved').waitFor();
}

describeInChromium('a customer', () => {
  beforeAll(async () => {
    const port = await adminPort();
    scene = await LocalScene.start(port);
    const { gateway } = scene;
    const key = await makeKey(gateway, 'support', '--scope', 'read,write');
    admin = new AdminClient(gateway, Number(port.GATEWAY_ADMIN_PORT), key);
    browser = await startChromium();
    origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
    customOrigin = `https://${NAME}:${gateway.ports.https}`;
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
  });

  it('signs up, gets the plan, sets a domain and its look up, and sends a link on it', async () => {
    const customer = await openPage(browser, origin, { allowedOrigins: [customOrigin] });
    const { page } = customer;
    await signUp(scene.gateway, page, EMAIL);
    await page.goto('/domains');
    expect(await page.locator('main').innerText()).toContain('Identity Plus');
    expect(await page.getByRole('link', { name: 'Add a domain' }).count()).toBe(0);

    const changed = await admin.call(`/accounts/${encodeURIComponent(EMAIL)}/plan`, {
      method: 'PUT',
      body: { plan: 'identity_plus' },
    });
    expect(changed.status).toBe(200);
    await page.goto('/account');
    await addDomain(page);
    await setUp(page);
    await setBrand(page);

    // Whoever is signed in writes on the region's own host; strangers may, where the owner lets them.
    await page.goto(`${origin}/domains`);
    await clickThrough(page.getByRole('link', { name: NAME }));
    await clickThrough(page.getByRole('link', { name: 'Rules for messages' }));
    await page.locator('[name=homepage]').check();
    await press(page, 'Save');
    await page.getByRole('status').getByText('Saved').waitFor();
    // The name's pages hear of it by the change feed.
    await until('strangers may write there', async () => {
      await page.goto(customOrigin);
      return (await page.locator('[name=secret]').count()) === 1;
    });
    expect(await page.title()).toContain(PRODUCT);
    await page.locator('[name=secret]').fill('the door code is 4711');
    await press(page, 'Create the link');
    const link = await page.getByLabel('Link to send').inputValue();
    expect(link).toMatch(new RegExp(String.raw`^${customOrigin}/secret/[0-9a-z]{31}$`));

    const recipient = await openPage(browser, customOrigin);
    await recipient.page.goto(link);
    expect(await recipient.page.title()).toContain(PRODUCT);
    const envelope = await recipient.page.locator('body').innerText();
    expect(envelope).toContain('Somebody at Acme sends you this.');
    expect(envelope).not.toMatch(/onetime/i);
    await press(recipient.page, 'Open the message');
    expect(await recipient.page.locator('#value').inputValue()).toBe('the door code is 4711');
    const colour = await recipient.page.evaluate(() =>
      getComputedStyle(document.documentElement).getPropertyValue('--action').trim(),
    );
    expect(colour).toBe('#7A2E8E');

    await clickThrough(page.getByRole('link', { name: 'receipt' }).first());
    expect(await page.locator('main').innerText()).toContain('It was opened.');
    expect([...customer.faults, ...recipient.faults]).toEqual([]);
    await recipient.close();
    await customer.close();
  });
});
