import sharp from 'sharp';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserSession } from '../support/browser-session.js';
import { clickThrough, describeInChromium, openPage, startChromium } from '../support/chromium.js';
import { LocalScene } from '../support/domain-scene-local.js';
import { call } from '../support/https-client.js';
import type { DomainClient } from '../support/domain-client.js';
import { unreadable, violations } from '../support/page-checks.js';
import { until } from '../support/until.js';

const OWNER = 'owner@acme.test';
const NAME = 'secrets.acme.localhost';
const PAGES = ['brand', 'images', 'policy'] as const;
/** As pale as is allowed: each is the nearest that passes beside the others. */
const WORST = { background_color: '#777777', primary_color: '#777777', text_color: '#777777' };

let scene: LocalScene;
let browser: Browser;
let origin: string;
let owner: DomainClient;
let path: string;

const press = (page: Page, button: string | RegExp): Promise<void> =>
  clickThrough(page.getByRole('button', { name: button }));
const field = (page: Page, name: string) => page.locator(`[name="${name}"]`);
const refusal = (page: Page, name: string) => page.locator(`#${name}-error`);

/** A page of a browser that is signed in, so that its forms need the token of the session. */
async function signedIn(options: BrowserContextOptions = {}) {
  const { cookie = '' } = await browserSession(scene.gateway, OWNER, origin);
  const [name = '', value = ''] = cookie.split('=');
  const opened = await openPage(browser, origin, options);
  const session = { name, value, url: origin, secure: true, httpOnly: true };
  await opened.page.context().addCookies([session]);
  return opened;
}

function image(colour: string, width = 160, height = 40): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: colour } })
    .png()
    .toBuffer();
}

const asFile = (buffer: Buffer, name = 'picture.png') => ({ name, mimeType: 'image/png', buffer });

/** A property of the previews as the browser computes it, light and dark. */
function computed(page: Page, property: string): Promise<readonly string[]> {
  return page
    .locator('[data-look]')
    .evaluateAll(
      (boxes, name) => boxes.map((box) => getComputedStyle(box).getPropertyValue(name).trim()),
      property,
    );
}

/** The envelope of a new link on the domain, as a stranger sees it. */
async function envelope(options: BrowserContextOptions = {}) {
  const { port } = scene.gateway.target(NAME);
  const shared = await scene.on(NAME, {
    method: 'POST',
    path: '/api/v1/share',
    auth: owner.auth,
    body: 'secret=hello&passphrase=long enough a passphrase',
  });
  const key = shared.json<{ secret_key: string }>().secret_key;
  const there = `https://${NAME}:${port}`;
  const opened = await openPage(browser, there, options);
  await opened.page.goto(`/secret/${key}`);
  return opened;
}

describeInChromium('the pages of a domain’s look and rules', () => {
  beforeAll(async () => {
    scene = await LocalScene.start();
    browser = await startChromium();
    origin = `https://eu.onetime.localhost:${scene.gateway.ports.https}`;
    owner = await scene.customer(OWNER);
    const { id } = await scene.setUp(owner, NAME);
    path = `/domains/${id}`;
  });
  afterAll(async () => {
    await browser.close();
    await scene.stop();
  });

  it('show a brand as it is typed, refuse a pale colour, take the nearest, and dress the domain in it', async () => {
    const { page, faults, close } = await signedIn();
    await page.goto(path);
    await clickThrough(page.getByRole('link', { name: 'Look and words' }));
    await field(page, 'product_name').fill('Acme Secrets');
    await field(page, 'instructions_pre_reveal').fill('Somebody at Acme\nsends you this.');
    await field(page, 'corners').selectOption('square');
    await until('the preview has the words', async () =>
      (await page.locator('.previews').innerText()).includes('sends you this.'),
    );
    await until('the preview has square corners', async () =>
      (await computed(page, '--radius')).every((radius) => radius === '0px'),
    );

    await field(page, 'primary_color').fill('#9AD0F5');
    await until(
      'the colour is refused',
      async () => (await refusal(page, 'primary_color').count()) > 0,
    );
    expect(await field(page, 'primary_color').getAttribute('aria-invalid')).toBe('true');
    const [nearest = ''] =
      /#[0-9A-F]{6}/.exec(await refusal(page, 'primary_color').innerText()) ?? [];
    await press(page, `Take ${nearest}`);
    expect(await field(page, 'primary_color').inputValue()).toBe(nearest);
    await until(
      'nothing is refused',
      async () => (await refusal(page, 'primary_color').count()) === 0,
    );
    expect(await field(page, 'primary_color').getAttribute('aria-invalid')).toBeNull();
    expect((await computed(page, '--action'))[0]).toBe(nearest);

    await press(page, 'Save');
    expect(await page.getByRole('status').first().innerText()).toContain('Saved');
    expect(new URL(page.url()).pathname).toBe(`${path}/brand`);
    expect(faults).toEqual([]);
    await close();

    const there = await envelope();
    await until('the domain has the brand', async () => {
      await there.page.reload();
      return (await there.page.title()).includes('Acme Secrets');
    });
    const button = there.page.getByRole('button', { name: 'Open the message' });
    const look = await button.evaluate((element) => {
      const { backgroundColor, borderRadius } = getComputedStyle(element);
      return { backgroundColor, borderRadius };
    });
    expect(look).toEqual({ backgroundColor: rgb(nearest), borderRadius: '0px' });
    expect(there.faults).toEqual([]);
    await there.close();
  });

  it('do the same without JavaScript, by a button for the preview', async () => {
    const { page, faults, close } = await signedIn({ javaScriptEnabled: false });
    await page.goto(`${path}/brand`);
    await field(page, 'footer_text').fill('Acme Ltd.');
    await field(page, 'primary_color').fill('#AABB00');
    await press(page, 'Show the preview');
    await until('the preview', async () =>
      (await page.locator('.previews').innerText()).includes('Acme Ltd.'),
    );
    const [nearest = ''] =
      /#[0-9A-F]{6}/.exec(await refusal(page, 'primary_color').innerText()) ?? [];
    expect((await computed(page, '--action'))[0]).toBe(nearest);
    await press(page, 'Save');
    await page.getByRole('alert').getByText('Nothing was saved').waitFor();
    expect(await field(page, 'footer_text').inputValue()).toBe('Acme Ltd.');
    await press(page, `Take ${nearest}`);
    await until('the colour is taken', async () => {
      return (await field(page, 'primary_color').inputValue()) === nearest;
    });
    await press(page, 'Save');
    await page.getByRole('status').getByText('Saved').first().waitFor();
    await page.goto(`${path}/brand`);
    expect(await field(page, 'primary_color').inputValue()).toBe(nearest);
    expect(faults).toEqual([]);
    await close();
  });

  it('save when Enter is pressed in a field, also beside a colour that is offered', async () => {
    const { page, close } = await signedIn();
    await page.goto(`${path}/brand`);
    await field(page, 'text_color').fill('#EEEEEE');
    await until('it is refused', async () => (await refusal(page, 'text_color').count()) > 0);
    await field(page, 'product_name').press('Enter');
    expect(await page.getByRole('alert').innerText()).toContain('Nothing was saved');
    expect(await field(page, 'text_color').inputValue()).toBe('#EEEEEE');
    await close();
  });

  it('join the text of a colour and the browser’s own choice', async () => {
    const { page, close } = await signedIn();
    await page.goto(`${path}/brand`);
    const picker = page.getByLabel('Choose a colour: Background');
    await picker.fill('#ffeedd');
    expect(await field(page, 'background_color').inputValue()).toBe('#FFEEDD');
    await until(
      'the preview has it',
      async () => (await computed(page, '--ground'))[0] === '#FFEEDD',
    );
    await field(page, 'background_color').fill('#112233');
    expect(await picker.inputValue()).toBe('#112233');
    await close();
  });

  it.each([true, false])(
    'take images, replace and remove them (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const { page, faults, close } = await signedIn({ javaScriptEnabled });
      await page.goto(path);
      await clickThrough(page.getByRole('link', { name: 'Logo and icon' }));
      await page.locator('#logo').setInputFiles(asFile(await image('#884400')));
      await press(page, 'Logo: upload');
      expect(await page.getByRole('status').first().innerText()).toContain('Saved');
      const shown = page.getByAltText('Logo, as it is now');
      const source = await shown.getAttribute('src');
      await until(
        'the image is loaded',
        async () =>
          (await shown.evaluate((element) => (element as HTMLImageElement).naturalWidth)) === 160,
      );

      await page.locator('#logo').setInputFiles(asFile(Buffer.from('<svg/>'), 'logo.svg'));
      await press(page, 'Logo: upload');
      expect(await refusal(page, 'logo').innerText()).toContain('SVG');
      expect(await shown.getAttribute('src')).toBe(source);

      await page.locator('#logo').setInputFiles(asFile(await image('#004488')));
      await press(page, 'Logo: upload');
      await until(
        'another logo is shown',
        async () => (await shown.getAttribute('src')) !== source,
      );
      await press(page, 'Logo: remove');
      await until('the logo is gone', async () => (await shown.count()) === 0);
      expect(faults).toEqual([]);
      await close();
    },
  );

  it('say that a file is too large: before it is sent, and without JavaScript after it', async () => {
    const large = asFile(Buffer.alloc(1_100_000));
    const { page, close } = await signedIn();
    await page.goto(`${path}/images`);
    await page.locator('#logo').setInputFiles(large);
    const said = await page
      .locator('#logo')
      .evaluate((input) => (input as HTMLInputElement).validationMessage);
    expect(said).toContain('more than 1,000,000 bytes');
    await close();

    const plain = await signedIn({ javaScriptEnabled: false });
    await plain.page.goto(`${path}/images`);
    await plain.page.locator('#logo').setInputFiles(large);
    await press(plain.page, 'Logo: upload');
    expect(await plain.page.locator('main').innerText()).toContain('at most 1,000,000 bytes');
    await clickThrough(plain.page.getByRole('link', { name: 'Logo and icon' }));
    expect(new URL(plain.page.url()).pathname).toBe(`${path}/images`);
    await plain.close();
  });

  it('take no form without the proof of the session, with a file or without', async () => {
    const { page, close } = await signedIn();
    for (const [each, button] of [
      ['images', 'Icon: upload'],
      ['policy', 'Save'],
      ['brand', 'Save'],
    ] as const) {
      await page.goto(`${path}/${each}`);
      await page.locator('[name=csrf]').evaluateAll((fields) => {
        for (const proof of fields) proof.remove();
      });
      if (each === 'images')
        await page.locator('#icon').setInputFiles(asFile(await image('#123456')));
      await press(page, button);
      const again = page.getByRole('button', { name: button });
      await until('the answer is another page', async () => (await again.count()) === 0);
      expect(await page.locator('main').innerText()).not.toContain('Saved');
    }
    await close();
  });

  it('keep WCAG 2.2 AA, and the envelope does in the worst palette that is allowed', async () => {
    const worst = await worstPalette();
    const put = await owner.send('PUT', path.replace('/domains', '') + '/brand', { brand: worst });
    expect(put.status).toBe(200);
    const logo = await upload('logo-dark');
    expect(logo.status).toBe(200);
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, close } = await signedIn({
        colorScheme,
        bypassCSP: true,
        viewport: { width: 320, height: 640 },
      });
      for (const each of PAGES) {
        await page.goto(`${path}/${each}`);
        expect([each, await violations(page), await unreadable(page)]).toEqual([each, [], []]);
      }
      await page.goto(`${path}/brand`);
      await field(page, 'primary_color').fill('#9AD0F5');
      await until('it is refused', async () => (await refusal(page, 'primary_color').count()) > 0);
      expect(await violations(page)).toEqual([]);
      await close();
      const there = await envelope({ colorScheme, bypassCSP: true });
      expect(await violations(there.page)).toEqual([]);
      await there.close();
    }
  });
});

/** By the API. */
async function upload(kind: string): Promise<{ readonly status: number }> {
  const { hostname } = new URL(origin);
  return call(scene.gateway.target(hostname), {
    method: 'PUT',
    path: `/api${path}/${kind}`,
    auth: owner.auth,
    body: await image('#88AAFF', 900, 100),
    headers: { 'content-type': 'image/png' },
  });
}

/** The palest colours that the gateway takes: it names the nearest to each that it refuses. */
async function worstPalette(): Promise<Record<string, string>> {
  let brand: Record<string, string> = { ...WORST };
  for (let round = 0; round < 10; round += 1) {
    const answer = await owner.send('PUT', `${path.replace('/domains', '')}/brand`, { brand });
    if (answer.status === 200) return brand;
    const { field: at = '', suggestion = '' } = answer.json<{
      field?: string;
      suggestion?: string;
    }>();
    brand = { ...brand, [at.replace('brand.', '')]: suggestion };
  }
  throw new Error(`no palette like ${JSON.stringify(brand)} is allowed`);
}

function rgb(hex: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgb(${red}, ${green}, ${blue})`;
}
