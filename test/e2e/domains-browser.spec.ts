import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { clickThrough, describeInChromium, openPage, startChromium } from '../support/chromium.js';
import { browserSession } from '../support/browser-session.js';
import { ConnectScene } from '../support/connect-scene.js';
import { PROVIDER_HOST } from '../support/dns-provider.js';
import type { LocalScene } from '../support/domain-scene-local.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';

const EU = 'eu.onetime.localhost';
const SETUP_BYTES_MAX = 60 * 1024;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let connect: ConnectScene;
let scene: LocalScene;
let browser: Browser;
let origin: string;
let auth: string;
let outsider: string;

const heading = (page: Page): Promise<string> => page.locator('h1').innerText();
const press = (page: Page, button: string | RegExp): Promise<void> =>
  clickThrough(page.getByRole('button', { name: button }));

/** The values that the card of a record wants, by its heading. */
async function wanted(page: Page, title: string): Promise<readonly string[]> {
  const card = page.locator('.record', { has: page.getByRole('heading', { name: title }) });
  return card.locator('code').allInnerTexts();
}

/** No challenge asks a browser for credentials: they go with every request. */
function credentials(login: string) {
  const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
  return { extraHTTPHeaders: { authorization } };
}

async function add(page: Page, name: string): Promise<string> {
  await page.goto('/domains/add');
  await page.getByLabel('Domain name').fill(name);
  await press(page, 'See what is there now');
  await press(page, `Add ${name}`);
  expect(await heading(page)).toBe(name);
  return new URL(page.url()).pathname;
}

describeInChromium('the pages of domains', () => {
  beforeAll(async () => {
    connect = await ConnectScene.start(['provided.test']);
    scene = connect.local;
    browser = await startChromium([`MAP ${PROVIDER_HOST}:443 127.0.0.1:${connect.provider.port}`]);
    origin = `https://${EU}:${scene.gateway.ports.https}`;
    ({ auth } = await scene.gateway.account('eu', 'owner@acme.test', 'identity_plus'));
    ({ auth: outsider } = await scene.gateway.account('eu', 'basic@acme.test', 'basic'));
    scene.dns.zone.set('used.acme.test', 'A', ['198.51.100.7']);
    scene.dns.zone.set('acme.test', 'NS', ['ns1.dns-parking.com']);
  });
  afterAll(async () => {
    await browser.close();
    await connect.stop();
  });

  it('lead from the claim over a mistake in a record, seen in words, to serving, live', async () => {
    const { page, faults, close } = await openPage(browser, origin, credentials(auth));
    const name = 'live.acme.test';
    const path = await add(page, name);
    const [label = '', fqdn = '', value = ''] = await wanted(page, 'Add this TXT record');
    expect(fqdn).toBe(`${label}.acme.test`);
    const [, , target = ''] = await wanted(page, 'Add this CNAME record');

    // The DNS panel appends the zone to a name that has it already.
    scene.dns.zone.set(`${fqdn}.acme.test`, 'TXT', [value]);
    const card = page.locator('.record').first();
    await until('the mistake is seen', async () =>
      (await card.innerText()).includes('has the domain in its name twice'),
    );
    expect(await card.locator('h3').innerText()).toBe('Give this TXT record the right name');
    expect(await card.locator('.found').innerText()).toContain(`${fqdn}.acme.test`);

    // It is mended, and the other one is wrong.
    scene.dns.zone.set(`${fqdn}.acme.test`, 'TXT', []);
    scene.dns.zone.set(fqdn, 'TXT', [value]);
    scene.dns.zone.set(name, 'CNAME', ['elsewhere.example.net']);
    scene.dns.zone.set('elsewhere.example.net', 'A', ['198.51.100.9']);
    await until('the proof is found, and the other mistake seen', async () => {
      const texts = await page.locator('.record').allInnerTexts();
      return texts.length === 1 && texts[0]?.includes('The CNAME record leads somewhere else');
    });
    expect(await page.locator('.record .found').innerText()).toContain('elsewhere.example.net');

    scene.dns.zone.set(name, 'CNAME', [target]);
    await until('it serves', async () =>
      (await page.locator('[data-headline]').innerText()).includes('is served'),
    );
    expect(await page.locator('.steps li').allInnerTexts()).toHaveLength(5);
    expect(await page.locator('.steps li.done').count()).toBe(5);
    expect(new URL(page.url()).pathname).toBe(path);
    expect(await scene.isServed(name)).toBe(true);
    expect(faults).toEqual([]);
    await close();
  });

  it('work without JavaScript, by "Check now"', async () => {
    const options = { ...credentials(auth), javaScriptEnabled: false };
    const { page, faults, close } = await openPage(browser, origin, options);
    const name = 'plain.acme.test';
    await add(page, name);
    const [, fqdn = '', value = ''] = await wanted(page, 'Add this TXT record');
    const [, , target = ''] = await wanted(page, 'Add this CNAME record');
    scene.dns.zone.set(fqdn, 'TXT', [value]);
    scene.dns.zone.set(name, 'CNAME', [target]);
    await until('it serves', async () => {
      await press(page, 'Check now');
      return (await page.locator('[data-headline]').innerText()).includes('is served');
    });
    expect(faults).toEqual([]);
    await close();
  });

  it.each([true, false])(
    'have the records made by the DNS provider in one click, with JavaScript: %s',
    async (javaScriptEnabled) => {
      const name = `${javaScriptEnabled ? 'live' : 'plain'}.provided.test`;
      scene.dns.zone.set(name, 'A', ['198.51.100.7']);
      const allowedOrigins = [`https://${PROVIDER_HOST}`];
      const options = { ...credentials(auth), javaScriptEnabled, allowedOrigins };
      const { page, faults, close } = await openPage(browser, origin, options);
      const path = await add(page, name);
      const offer = page.locator('[data-connect]');
      await until('the offer is there', async () => {
        if (!javaScriptEnabled) await page.goto(path);
        return (await offer.count()) === 1;
      });
      const text = await offer.innerText();
      const replaced = [`A ${name.split('.')[0]}`, '198.51.100.7'];
      for (const shown of [PROVIDER_HOST, 'CNAME', 'TXT', ...replaced])
        expect(text).toContain(shown);
      // The records by hand stay beside it.
      expect(await page.locator('.record').count()).toBe(3);
      await clickThrough(page.getByRole('link', { name: 'Let DNS Provider make these records' }));
      expect(await heading(page)).toBe('DNS Provider');
      await press(page, 'Accept');
      expect(await heading(page)).toBe('Back from your DNS provider');
      expect(await page.locator('main').innerText()).toContain(
        `an account of this service holds ${name}`,
      );
      await page.getByRole('link', { name: `To the set-up of ${name}` }).click();
      await until('it serves', async () => {
        if (!javaScriptEnabled) await page.goto(path);
        return (await page.locator('[data-headline]').innerText()).includes('is served');
      });
      expect(await offer.count()).toBe(0);
      expect(await scene.isServed(name)).toBe(true);
      expect(faults).toEqual([]);
      await close();
    },
  );

  it('lead to the panel of a provider that is known by its name servers', async () => {
    const { page, close } = await openPage(browser, origin, credentials(auth));
    await add(page, 'panel.acme.test');
    const hint = page.locator('[data-panel]');
    await until('the hint is there', async () => (await hint.count()) === 1);
    expect(await hint.innerText()).toContain('Open the DNS panel of Hostinger');
    expect(await hint.getByRole('link').getAttribute('href')).toContain('hpanel.hostinger.com');
    await close();
  });

  it('show what is at a name before it is added', async () => {
    const { page, close } = await openPage(browser, origin, credentials(auth));
    const look = async (name: string): Promise<string> => {
      await page.goto('/domains/add');
      await page.getByLabel('Domain name').fill(name);
      await press(page, 'See what is there now');
      return page.locator('main').innerText();
    };
    expect(await look('used.acme.test')).toMatch(/in use[\s\S]*198\.51\.100\.7[\s\S]*Hostinger/);
    expect(await look('nothing.acme.test')).toContain('Nothing is there yet');
    expect(await look('not a name')).toContain('This is no domain name');
    expect(await page.getByLabel('Domain name').inputValue()).toBe('not a name');
    expect(await look('co.uk')).toContain('Take a name below it');
    await close();
  });

  it('open by a link to somebody without an account, and show nothing else', async () => {
    const owner = await openPage(browser, origin, credentials(auth));
    const path = await add(owner.page, 'shared.acme.test');
    await clickThrough(owner.page.getByRole('link', { name: 'Links for your DNS administrator' }));
    await press(owner.page, 'Make a link');
    const link = await owner.page.getByLabel('Link to the set-up').inputValue();

    const visitor = await openPage(browser, origin);
    await visitor.page.goto(link);
    expect(await heading(visitor.page)).toBe('shared.acme.test');
    const html = await visitor.page.content();
    for (const hidden of ['owner@acme.test', 'live.acme.test', path, '/domains/'])
      expect(html).not.toContain(hidden);
    const [, fqdn = '', value = ''] = await wanted(visitor.page, 'Add this TXT record');
    scene.dns.zone.set(fqdn, 'TXT', [value]);
    await until(
      'the record is seen',
      async () => (await visitor.page.locator('.record').count()) === 1,
    );
    await press(visitor.page, 'Check now');
    expect(new URL(visitor.page.url()).pathname).toBe(new URL(link).pathname);

    await press(owner.page, /Revoke/);
    await until('the link has ended', async () =>
      (await heading(visitor.page)).includes('This link has ended'),
    );
    expect([...owner.faults, ...visitor.faults]).toEqual([]);
    await visitor.close();
    await owner.close();
    expect(scene.gateway.logs).not.toContain(new URL(link).pathname.slice('/setup/'.length));
  });

  it('list the domains with their state, and remove one after a question', async () => {
    const { page, faults, close } = await openPage(browser, origin, credentials(auth));
    const path = await add(page, 'removed.acme.test');
    await page.goto('/domains');
    const line = page.locator('.domains li', { hasText: 'removed.acme.test' });
    expect(await line.locator('.badge').innerText()).toMatch(/Not looked at yet|Records to change/);
    await page.goto(`${path}/remove`);
    await page.getByRole('textbox').fill('another.acme.test');
    await press(page, 'Remove the domain');
    expect(await page.getByRole('alert').innerText()).toContain('Nothing was removed');
    await page.getByRole('textbox').fill('removed.acme.test');
    await press(page, 'Remove the domain');
    expect(await heading(page)).toBe('Domains');
    expect(await page.locator('main').innerText()).not.toContain('removed.acme.test');
    expect((await page.goto(path))?.status()).toBe(404);
    expect(faults).toEqual([]);
    await close();
  });

  it('take forms of a browser that is signed in only with the proof of its session', async () => {
    const { cookie = '' } = await browserSession(scene.gateway, 'owner@acme.test', origin);
    const { page, faults, close } = await openPage(browser, origin);
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url: origin, secure: true, httpOnly: true }]);
    const path = await add(page, 'session.acme.test');
    await press(page, 'Check now');
    expect(new URL(page.url()).pathname).toBe(path);
    await until('the page follows its claim', async () =>
      (await page.locator('[data-live-note]').innerText()).includes('every few seconds'),
    );
    await page
      .locator('[name=csrf]')
      .first()
      .evaluate((field) => field.remove());
    await press(page, 'Check now');
    expect(await page.locator('main').innerText()).not.toContain('session.acme.test');
    expect(faults).toEqual([]);
    await close();
  });

  it('end with the session', async () => {
    const { cookie = '' } = await browserSession(scene.gateway, 'owner@acme.test', origin);
    const { page, close } = await openPage(browser, origin);
    const [name = '', value = ''] = cookie.split('=');
    await page.context().addCookies([{ name, value, url: origin, secure: true, httpOnly: true }]);
    await add(page, 'ended.acme.test');
    const [, fqdn = ''] = await wanted(page, 'Add this TXT record');
    await query(scene.gateway, 'eu', { text: 'delete from sessions returning 1', values: [] });
    scene.dns.zone.set(fqdn, 'TXT', ['something new']);
    await until(
      'the page shows nothing of the domain',
      async () => !(await page.locator('main').innerText()).includes('ended.acme.test'),
    );
    await close();
  });

  it('let the owner decide whether visitors may create', async () => {
    const { page, faults, close } = await openPage(browser, origin, credentials(auth));
    const name = 'settings.acme.test';
    const path = await add(page, name);
    const switches = async (): Promise<readonly boolean[]> =>
      Promise.all(['on the pages', 'by the API'].map((each) => page.getByLabel(each).isChecked()));
    await clickThrough(page.getByRole('link', { name: 'Rules for messages' }));
    expect(await switches()).toEqual([false, false]);
    await page.getByLabel('on the pages').check();
    await press(page, 'Save');
    expect(new URL(page.url()).pathname).toBe(`${path}/policy`);
    expect(await page.getByRole('status').innerText()).toContain('Saved');
    expect(await switches()).toEqual([true, false]);
    await page.getByLabel('on the pages').uncheck();
    await page.getByLabel('by the API').check();
    await press(page, 'Save');
    expect(await switches()).toEqual([false, true]);
    expect(faults).toEqual([]);
    await close();
  });

  it('tell an account whose plan has no domains what Identity Plus is', async () => {
    const { page, close } = await openPage(browser, origin, credentials(outsider));
    await page.goto('/domains/add');
    expect(new URL(page.url()).pathname).toBe('/domains');
    expect(await page.locator('main').innerText()).toContain('comes with Identity Plus');
    expect(await page.getByRole('button', { name: /Add/ }).count()).toBe(0);
    await close();
  });

  it.each(['light', 'dark'] as const)('keep WCAG 2.2 AA in every state, in %s', async (scheme) => {
    const options = { ...credentials(auth), colorScheme: scheme, bypassCSP: true };
    const { page, close } = await openPage(browser, origin, options);
    const name = `axe-${scheme}.acme.test`;
    scene.dns.zone.set(name, 'A', ['198.51.100.7']);
    await page.goto('/domains/add');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Domain name').fill(name);
    await press(page, 'See what is there now');
    expect(await violations(page)).toEqual([]);
    await press(page, `Add ${name}`);
    const path = new URL(page.url()).pathname;
    const [, fqdn = ''] = await wanted(page, 'Add this TXT record');
    scene.dns.zone.set(fqdn, 'TXT', ['another value']);
    await press(page, 'Check now');
    for (const details of await page.locator('details').all()) await details.click();
    for (const each of ['', '/links', '/policy', '/remove']) {
      if (each !== '') await page.goto(`${path}${each}`);
      expect([each, await violations(page)]).toEqual([each, []]);
    }
    await page.goto('/domains');
    expect(await violations(page)).toEqual([]);
    await page.goto(`/setup/${'0'.repeat(32)}`);
    expect(await violations(page)).toEqual([]);
    await close();
  });

  it('weigh little, fit 320 pixels, and read from right to left', async () => {
    const owner = await openPage(browser, origin, credentials(auth));
    const path = await add(owner.page, 'small.acme.test');
    await owner.close();
    const options = { ...credentials(auth), viewport: { width: 320, height: 640 } };
    for (const language of ['en', 'de', 'ar']) {
      const { page, faults, close } = await openPage(browser, origin, options);
      const bytes = await loadedBytes(page, `${path}?lang=${language}`);
      expect(bytes.size).toBeLessThan(SETUP_BYTES_MAX);
      expect(bytes.requests).toBeLessThanOrEqual(4);
      const { width, direction } = await page.evaluate(() => ({
        width: document.documentElement.scrollWidth,
        direction: getComputedStyle(document.body).direction,
      }));
      expect([language, width, direction]).toEqual([
        language,
        320,
        language === 'ar' ? 'rtl' : 'ltr',
      ]);
      expect(faults).toEqual([]);
      await close();
    }
  });
});

/** The rules of WCAG 2.2 AA that axe-core sees broken. */
async function violations(page: Page): Promise<unknown> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations: found } = await axe.run({ runOnly: { type: 'tag', values } });
    return found.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
  });
}

/** What a visit loads; without what the script loads afterwards. */
async function loadedBytes(page: Page, path: string) {
  const bodies: Promise<Buffer>[] = [];
  page.on('response', (response) => {
    const isLoadedByScript = ['eventsource', 'xhr', 'other'].includes(
      response.request().resourceType(),
    );
    if (!isLoadedByScript) bodies.push(response.body());
  });
  await page.goto(path);
  const loaded = await Promise.all(bodies);
  return {
    size: loaded.reduce((sum, body) => sum + body.length, 0),
    requests: loaded.length,
  };
}
