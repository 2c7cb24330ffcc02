import type { Browser, Page } from 'playwright-core';
import { heading, mailedLink, PASSWORD } from '../support/browser-people.js';
import {
  clickThrough,
  describeInChromium,
  startChromium,
  type WatchedPage,
} from '../support/chromium.js';
import { follow, pressOn, tabTo, typeInto } from '../support/keyboard.js';
import { PageScene } from '../support/page-scene.js';
import { until } from '../support/until.js';

const CREATE = 'form[action="/"] button[value="share"]';
const OPEN = 'form[action^="/secret/"] button';
const RECEIPT = 'a[href^="/receipt/"]';
const RACES = 5;

let scene: PageScene;
let browser: Browser;
const opened: WatchedPage[] = [];

async function somebody(): Promise<Page> {
  const watched = await scene.open(browser, 'anybody');
  opened.push(watched);
  return watched.page;
}

/** Returns the link. */
async function createByKeys(page: Page, message: string): Promise<string> {
  await page.goto('/');
  await typeInto(page, '[name=secret]', message);
  await follow(page, CREATE);
  return page.locator('#link').inputValue();
}

/** What the page shows, the values of its fields too. */
async function shownOn(page: Page): Promise<string> {
  const fields = await page
    .locator('textarea, input')
    .evaluateAll((all) => all.map((each) => (each as unknown as HTMLInputElement).value));
  return [await page.content(), ...fields].join('\n');
}

describeInChromium('people in a browser', () => {
  beforeAll(async () => {
    scene = await PageScene.start();
    browser = await startChromium();
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
  });
  afterEach(async () => {
    const faults = opened.flatMap((each) => each.faults);
    await Promise.all(opened.splice(0).map((each) => each.close()));
    expect(faults).toEqual([]);
  });

  describe('with a keyboard alone, and the focus in sight', () => {
    it('send, copy, open and delete messages', async () => {
      const sender = await somebody();
      await sender.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      const link = await createByKeys(sender, 'opened by keys');
      await pressOn(sender, '#link ~ button', 'Space');
      await sender.getByRole('status').getByText('Copied').waitFor();
      expect(await sender.evaluate('navigator.clipboard.readText()')).toBe(link);

      const recipient = await somebody();
      await recipient.goto(link);
      await follow(recipient, OPEN);
      await tabTo(recipient, '#value');
      expect(await recipient.locator('#value').inputValue()).toBe('opened by keys');

      await follow(sender, RECEIPT);
      expect(await sender.locator('main').innerText()).toContain('It was opened.');

      await createByKeys(sender, 'deleted by keys');
      await follow(sender, RECEIPT);
      await pressOn(sender, 'details:has(form[action$="/burn"]) > summary');
      await follow(sender, 'form[action$="/burn"] button');
      expect(await sender.locator('main').innerText()).toContain('It was deleted');
    });

    it('open a message with its passphrase', async () => {
      const { secret_key } = await scene.share('behind it', { passphrase: 'open sesame' });
      const page = await somebody();
      await page.goto(`/secret/${secret_key}`);
      // The field has the focus, and Enter sends the form.
      expect(await page.locator('[name=passphrase]:focus').count()).toBe(1);
      await page.keyboard.type('open sesame');
      await follow(page);
      expect(await page.locator('#value').inputValue()).toBe('behind it');
    });

    it('make an account, sign in, and add a domain', async () => {
      const { local } = scene;
      const email = 'keys@example.com';
      const page = await somebody();
      await page.goto('/sign-up');
      await typeInto(page, '[name=email]', email);
      await follow(page);
      await page.goto(await mailedLink(local.gateway, email));
      await typeInto(page, '[name=password]', PASSWORD);
      await follow(page);
      expect(await heading(page)).toBe('Your account');
      await local.command(email, 'plan', '--plan', 'identity_plus');
      await follow(page, 'form[action="/sign-out"] button');

      await page.goto('/sign-in');
      await typeInto(page, '[name=email]', email);
      await typeInto(page, '[name=password]', PASSWORD);
      await follow(page);
      expect(await heading(page)).toBe('Your account');
      await follow(page, 'a[href="/domains"]');
      await follow(page, 'a[href="/domains/add"]');
      await typeInto(page, '[name=domain]', 'keys.acme.test');
      await follow(page);
      await follow(page, 'form[action="/domains"] button');
      expect(await heading(page)).toBe('keys.acme.test');
      await pressOn(page, '.record button');
      await follow(page, 'form[action$="/check"] button');
      expect(await heading(page)).toBe('keys.acme.test');
    });
  });

  it('race for one message: one has it, the other sees that it is gone', async () => {
    const [one, other] = [await somebody(), await somebody()];
    for (let race = 0; race < RACES; race += 1) {
      const { secret_key } = await scene.share(`for the winner of race ${race}`);
      const headings = await Promise.all(
        [one, other].map(async (page) => {
          await page.goto(`/secret/${secret_key}`);
          return page.locator(OPEN);
        }),
      ).then(async (buttons) => {
        await Promise.all(buttons.map(clickThrough));
        return Promise.all([heading(one), heading(other)]);
      });
      expect(headings.toSorted()).toEqual(['There is no message here', 'Your secure message']);
      const values = await Promise.all([one, other].map(shownOn));
      const winners = values.filter((shown) => shown.includes(`for the winner of race ${race}`));
      expect(winners).toHaveLength(1);
    }
  });

  it('leave no message in the history of the browser', async () => {
    const value = 'nobody finds this later';
    const { secret_key } = await scene.share(value);
    const link = `/secret/${secret_key}`;
    const page = await somebody();
    await page.goto('/');
    await page.goto(link);
    await page.locator(OPEN).click();
    await page.locator('#value').waitFor();
    expect(await page.locator('#value').inputValue()).toBe(value);
    expect(`${page.url()} ${await page.title()}`).not.toContain(value);
    // Away, and back to the answer of the POST, which the browser does not send again by itself.
    await page.goto('/sign-in');
    const steps = ['goBack', 'goBack', 'goForward', 'goForward'] as const;
    for (const step of steps) {
      // Chromium shows an error page of its own for a POST whose answer it did not keep.
      await page[step]().catch(() => null);
      const shown = await until('a page', () => shownOn(page).catch(() => null));
      expect([step, shown]).toEqual([step, expect.not.stringContaining(value)]);
    }
    await page.goto(link);
    expect(await heading(page)).toBe('There is no message here');
    await page.reload();
    expect(await heading(page)).toBe('There is no message here');
  });
});
