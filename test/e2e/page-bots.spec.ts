import type { Browser, Page } from 'playwright-core';
import { BROKEN_LINKS } from '../support/broken-links.js';
import { describeInChromium, openPage, startChromium } from '../support/chromium.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer } from '../support/https-client.js';
import { FILLERS, formsIn, VISITORS } from '../support/page-visitors.js';
import { until } from '../support/until.js';
import { V1Caller, type Metadata } from '../support/v1-caller.js';

const VALUE = 'for a person only';

let gateway: GatewayProcess;
let anonymous: V1Caller;
let origin: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  anonymous = new V1Caller(gateway, 'eu');
  origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
});

afterAll(() => gateway.stop());

/** The pages of a secret, one for each of its two keys. */
const pagesOf = ({ secret_key, metadata_key }: Metadata): readonly string[] => [
  `/secret/${secret_key}`,
  `/receipt/${metadata_key}`,
  `/private/${metadata_key}`,
];

/** The receipt says that nothing has happened, and then the value is still there. */
async function expectUntouched({ secret_key, metadata_key }: Metadata, fields = {}): Promise<void> {
  expect((await anonymous.metadata(metadata_key)).state).toBe('new');
  expect((await anonymous.reveal(secret_key, fields)).json()).toMatchObject({ value: VALUE });
}

describe('a program that loads a link', () => {
  it.each(VISITORS)('changes nothing: $name', async ({ methods, headers }) => {
    const made = await anonymous.share(VALUE);
    for (const path of pagesOf(made))
      for (const method of methods) {
        const answer = await gateway.call('eu', { path, method, headers });
        expect(answer.status).toBeLessThan(500);
        expect(answer.text).not.toContain(VALUE);
        expect(answer.headers).not.toHaveProperty('set-cookie');
      }
    await expectUntouched(made);
  });

  it('learns nothing from what previews show: no key, no sender, and the same for a link that is gone', async () => {
    const owner = await gateway.account('eu', 'the-sender@example.com');
    const made = await new V1Caller(gateway, 'eu', owner).share(VALUE);
    const texts = [`/secret/${made.secret_key}`, `/secret/${'0'.repeat(31)}`].map(async (path) => {
      const { text } = await gateway.call('eu', { path });
      const [head = ''] = text.split('<body');
      expect(head).not.toMatch(/the-sender|og:url|canonical/);
      expect(head).not.toContain(made.secret_key);
      expect(head).not.toContain(made.metadata_key);
      return head.match(/<meta [^>]*>/g);
    });
    const [there, gone] = await Promise.all(texts);
    expect(there).toEqual(gone);
  });

  it.each(BROKEN_LINKS)('and a person open a link with %s', async (_what, pathOf) => {
    const { secret_key, metadata_key } = await readonlySecret();
    for (const [name, key] of [
      ['secret', secret_key],
      ['receipt', metadata_key],
    ] as const) {
      const { status, text } = await gateway.call('eu', { path: pathOf(key, name) });
      expect([status, text]).toEqual([200, expect.stringContaining(`="/${name}/${key}`)]);
    }
  });

  let shared: Promise<Metadata> | null = null;
  const readonlySecret = (): Promise<Metadata> => (shared ??= anonymous.share(VALUE));
});

/** As a browser sends it, or as a program does. */
const SENDERS: Readonly<Record<string, Record<string, string>>> = {
  'with the headers of a browser': {
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'navigate',
  },
  'without any header': {},
  'with a Referer only': { referer: 'https://eu.onetime.localhost/' },
};

async function submitForms(page: string, filler: string, headers = {}): Promise<Answer[]> {
  const answers: Answer[] = [];
  let { text } = await gateway.call('eu', { path: page, headers });
  // The form of the answer too, and the form of its answer.
  for (let round = 0; round < 3; round += 1)
    for (const form of formsIn(text).filter(({ method }) => method === 'post')) {
      const body = FILLERS[filler]?.(form) ?? {};
      const query = new URLSearchParams(body).toString();
      await gateway.call('eu', { path: `${form.action}?${query}`, headers });
      const answer = await gateway.call('eu', { path: form.action, method: 'POST', headers, body });
      answers.push(answer);
      text = answer.text;
    }
  return answers;
}

describe('a program that sends the forms that it finds', () => {
  const ways = Object.keys(FILLERS).flatMap((filler) =>
    Object.keys(SENDERS).map((sender) => [filler, sender] as const),
  );

  it.each(ways)('changes nothing by %s, %s', async (filler, sender) => {
    for (const fields of [{}, { passphrase: 'test' }] as const) {
      const made = await anonymous.share(VALUE, fields);
      for (const page of pagesOf(made))
        for (const { status, text } of await submitForms(page, filler, SENDERS[sender])) {
          expect([400, 403]).toContain(status);
          expect(text).not.toContain(VALUE);
        }
      await expectUntouched(made, fields);
    }
  });

  it('changes nothing with the nonce of another link, of another form, or of nobody', async () => {
    const [made, other] = [await anonymous.share(VALUE), await anonymous.share(VALUE)];
    const headers = SENDERS['with the headers of a browser'] ?? {};
    for (const page of [...pagesOf(other), `/receipt/${made.metadata_key}`])
      for (const { fields } of formsIn((await gateway.call('eu', { path: page })).text)) {
        const press = fields.find(({ name }) => name === 'press')?.value ?? '';
        for (const nonce of [press, '', press.slice(1), `A${press.slice(1)}`]) {
          const body = { press: nonce, confirm: 'on' };
          const path = `/secret/${made.secret_key}`;
          const answer = await gateway.call('eu', { path, method: 'POST', headers, body });
          expect([answer.status, answer.text]).toEqual([
            400,
            expect.stringContaining('Press the button once more'),
          ]);
        }
      }
    await expectUntouched(made);
    await expectUntouched(other);
  });
});

/** What a script in the page may do with its form. */
const SCRIPTS: Readonly<Record<string, string>> = {
  'form.submit()': 'form.submit()',
  'form.requestSubmit()': 'form.requestSubmit()',
  'form.requestSubmit(button)': 'form.requestSubmit(button)',
  'button.click()': 'button.click()',
  'a click that it dispatches':
    "button.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }))",
  'a whole press that it dispatches':
    "for (const type of ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']) button.dispatchEvent(new PointerEvent(type, { bubbles: true, cancelable: true, composed: true }))",
  'keys that it dispatches':
    "for (const type of ['keydown', 'keypress', 'keyup']) button.dispatchEvent(new KeyboardEvent(type, { key: 'Enter', bubbles: true })); form.requestSubmit(button)",
  'fetch() with all fields':
    "fetch(form.action, { method: 'POST', body: new URLSearchParams(new FormData(form, button)) })",
};

describeInChromium('a browser without a person', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser.close());

  /** Runs it in the page, and in the one that it leads to. */
  async function run(page: Page, selector: string, script: string): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      const found = `document.querySelector(${JSON.stringify(selector)})`;
      const { hasForm } = await until('a page', async () => {
        const has = await page.evaluate(`${found} !== null`).catch(() => null);
        return has === null ? null : { hasForm: has };
      });
      if (hasForm !== true) return;
      const next = page.waitForEvent('load').catch(() => null);
      // What sends nothing leads nowhere.
      const sent = page
        .waitForRequest((request) => request.isNavigationRequest(), { timeout: 2_000 })
        .catch(() => null);
      await page
        .evaluate(
          `{ const form = ${found};
             const button = form.querySelector('button:not([type])');
             const passphrase = form.querySelector('[type=password]');
             if (passphrase !== null) passphrase.value = 'test';
             ${script} }`,
        )
        .catch(() => null);
      if ((await sent) !== null) await next;
    }
  }

  describe.each([
    ['with scripts', true],
    ['where the pages run no scripts', false],
  ])('%s', (_name, javaScriptEnabled) => {
    /** One waits for what does not come, so all run at once. */
    const runs = new Map<string, Promise<void>>();
    beforeAll(() => {
      for (const name of Object.keys(SCRIPTS)) {
        const ran = tryScript(name);
        // The test of the name reports it.
        ran.catch(() => null);
        runs.set(name, ran);
      }
    });

    it.each(Object.keys(SCRIPTS))('changes nothing by %s', (name) => runs.get(name));

    async function tryScript(name: string): Promise<void> {
      const fields = { passphrase: 'test' };
      const [plain, locked] = [await anonymous.share(VALUE), await anonymous.share(VALUE, fields)];
      const { page, close } = await openPage(browser, origin, { javaScriptEnabled });
      const posts: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST') posts.push(new URL(request.url()).pathname);
      });
      // A form that is sent late still leads away.
      const open = (path: string) => until('the page', () => page.goto(path).catch(() => null));
      for (const made of [plain, locked]) {
        await open(`/secret/${made.secret_key}`);
        await run(page, 'main form', SCRIPTS[name] ?? '');
        const content = await until('a page', () => page.content().catch(() => null));
        expect(content).not.toContain(VALUE);
        await open(`/receipt/${made.metadata_key}`);
        await run(page, 'form[action$="/burn"]', SCRIPTS[name] ?? '');
      }
      await close();
      // Where no scripts run, the browser itself does not send the form without the box.
      if (javaScriptEnabled) expect(new Set(posts).size).toBe(4);
      await expectUntouched(plain);
      await expectUntouched(locked, fields);
    }
  });

  it.each([
    ['the mouse', (page: Page) => page.getByRole('button', { name: 'Open the message' }).click()],
    ['a finger', (page: Page) => page.getByRole('button', { name: 'Open the message' }).tap()],
    ['Enter on the button', (page: Page) => reachButton(page, 'Enter')],
    ['Space on the button', (page: Page) => reachButton(page, 'Space')],
    [
      'Enter in the field',
      async (page: Page) => page.getByLabel('Passphrase').press('Enter', { noWaitAfter: true }),
    ],
  ])('is no person, who opens it after all of this by %s, at once', async (_name, press) => {
    const passphrase = 'test';
    const made = await anonymous.share(VALUE, { passphrase });
    for (const filler of Object.keys(FILLERS))
      await submitForms(`/secret/${made.secret_key}`, filler, SENDERS['without any header']);
    const { page, faults, close } = await openPage(browser, origin, { hasTouch: true });
    await page.goto(`/secret/${made.secret_key}`);
    await page.getByLabel('Passphrase').fill(passphrase);
    await press(page);
    await page.getByRole('heading', { name: 'Your secure message' }).waitFor();
    expect(await page.getByLabel('Message').inputValue()).toBe(VALUE);
    expect(faults).toEqual([]);
    await close();
    expect((await anonymous.metadata(made.metadata_key)).state).toBe('received');
  });

  it('is no person, who opens it without scripts by one click more, also by keys only', async () => {
    const made = await anonymous.share(VALUE);
    const { page, close } = await openPage(browser, origin, { javaScriptEnabled: false });
    await page.goto(`/secret/${made.secret_key}`);
    const box = page.getByRole('checkbox', { name: 'Yes, open it for me now' });
    // The browser asks for the box by itself, and nothing is sent.
    await page.getByRole('button', { name: 'Open the message' }).click();
    expect(await box.isVisible()).toBe(true);
    await page.reload();
    await box.focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your secure message' }).waitFor();
    expect(await page.getByLabel('Message').inputValue()).toBe(VALUE);
    await close();
  });

  it('is no person, whose tools press by script and tick the box that the answer has', async () => {
    const passphrase = 'open sesame';
    const made = await anonymous.share(VALUE, { passphrase });
    const { page, close } = await openPage(browser, origin);
    await page.goto(`/secret/${made.secret_key}`);
    await page.getByLabel('Passphrase').fill(passphrase);
    await page.evaluate("document.querySelector('main button:not([type])').click()");
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Passphrase').inputValue()).toBe(passphrase);
    await page.evaluate("document.querySelector('[type=checkbox]').click()");
    await page.evaluate("document.querySelector('main button:not([type])').click()");
    await page.getByRole('heading', { name: 'Your secure message' }).waitFor();
    expect(await page.getByLabel('Message').inputValue()).toBe(VALUE);
    await close();
  });
});

async function reachButton(page: Page, key: string): Promise<void> {
  const button = page.getByRole('button', { name: 'Open the message' });
  for (let tabs = 0; tabs < 20; tabs += 1) {
    if (await button.evaluate((element) => element === element.ownerDocument.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press(key);
}
