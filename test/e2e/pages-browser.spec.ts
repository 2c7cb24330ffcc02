import type { Browser, Page } from 'playwright-core';
import {
  clickThrough,
  describeInChromium,
  openPage,
  startChromium,
  type WatchedPage,
} from '../support/chromium.js';
import { confirm } from '../support/confirm.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { until } from '../support/until.js';
import { V1Caller } from '../support/v1-caller.js';

const PASSPHRASE = 'Passphrase, 4 to 128 characters';

const HEADING = {
  create: 'Send a secure message',
  created: 'Your link is ready',
  envelope: 'You have a secure message',
  revealed: 'Your secure message',
  gone: 'There is no message here',
} as const;

let gateway: GatewayProcess;
let browser: Browser;
let origin: string;

const heading = (page: Page): Promise<string> => page.locator('h1').innerText();
const press = async (page: Page, button: string | RegExp): Promise<void> => {
  await confirm(page);
  await clickThrough(page.getByRole('button', { name: button }));
};

/** Writes a message in the form and returns the link to send. */
async function create(page: Page, message: string, passphrase?: string): Promise<string> {
  await page.goto('/');
  await page.getByLabel('Your message').fill(message);
  if (passphrase !== undefined) {
    await page.getByText('Add a passphrase').click();
    await page.getByLabel(PASSPHRASE).fill(passphrase);
  }
  await press(page, 'Create the link');
  expect(await heading(page)).toBe(HEADING.created);
  return page.getByLabel('Link to send').inputValue();
}

describeInChromium('in a browser', () => {
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await startChromium();
    origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
  });

  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  describe.each([
    ['without JavaScript', false],
    ['with JavaScript', true],
  ])('%s', (_name, javaScriptEnabled) => {
    let sender: WatchedPage;
    let recipient: WatchedPage;

    beforeEach(async () => {
      sender = await openPage(browser, origin, { javaScriptEnabled });
      recipient = await openPage(browser, origin, { javaScriptEnabled });
    });

    afterEach(async () => {
      expect([...sender.faults, ...recipient.faults]).toEqual([]);
      await sender.close();
      await recipient.close();
    });

    it('a message is shown to the recipient once', async () => {
      const message = '\n Grüße 😀\n<script>document.title = 1</script> & "more"\n';
      const link = await create(sender.page, message);
      expect(link).toMatch(/^https:\/\/eu\.onetime\.localhost:\d+\/secret\/[0-9a-z]{31}$/);

      const { page } = recipient;
      await page.goto(link);
      expect(await heading(page)).toBe(HEADING.envelope);
      expect(await page.content()).not.toContain('Grüße');
      await press(page, 'Open the message');
      expect(await heading(page)).toBe(HEADING.revealed);
      expect(await page.getByLabel('Message').inputValue()).toBe(message);

      // A reload sends the form again: within ten seconds that is still the same press.
      await until('the answer is forgotten', async () => {
        await page.reload();
        return (await heading(page)) === HEADING.gone;
      });
      await page.goto(link);
      expect(await heading(page)).toBe(HEADING.gone);
    });

    it('a message does not return with the back button', async () => {
      const link = await create(sender.page, 'only once');
      const { page } = recipient;
      await page.goto(link);
      await press(page, 'Open the message');
      await page.goto('/');
      for (let times = 0; times < 2; times += 1) {
        // The browser shows an error page of its own for a POST whose answer it did not cache.
        await page.goBack().catch(() => null);
        const content = await until('a page', () => page.content().catch(() => null));
        expect(content).not.toContain('only once');
      }
    });

    it('a wrong passphrase consumes nothing, the right one reveals the message', async () => {
      const link = await create(sender.page, 'behind a passphrase', 'open sesame');
      const { page } = recipient;
      await page.goto(link);
      await page.getByLabel('Passphrase').fill('wrong');
      await press(page, 'Open the message');
      expect(await heading(page)).toBe(HEADING.envelope);
      expect(await page.getByRole('alert').innerText()).toContain('Check the passphrase');

      await page.getByLabel('Passphrase').fill('open sesame');
      await press(page, 'Open the message');
      expect(await page.getByLabel('Message').inputValue()).toBe('behind a passphrase');
    });

    it('the receipt shows the state, and deletes the message', async () => {
      const link = await create(sender.page, 'to be deleted', 'open sesame');
      const { page } = sender;
      await clickThrough(page.getByRole('link', { name: 'The receipt' }));
      expect(await page.locator('main').innerText()).toContain('Not opened yet.');
      expect(await page.getByLabel('Link to send').inputValue()).toBe(link);

      await page.getByText('Changed your mind?').click();
      await page.getByLabel('Passphrase').fill('wrong');
      await press(page, 'Delete the message now');
      expect(await page.getByRole('alert').innerText()).toContain('Nothing was deleted');
      await page.getByLabel('Passphrase').fill('open sesame');
      await press(page, 'Delete the message now');
      expect(await page.locator('main').innerText()).toContain('It was deleted');
      expect(await page.content()).not.toContain(link);

      await recipient.page.goto(link);
      expect(await heading(recipient.page)).toBe(HEADING.gone);
    });

    it('the receipt shows that the message was opened', async () => {
      const link = await create(sender.page, 'to be read');
      await clickThrough(sender.page.getByRole('link', { name: 'The receipt' }));
      await recipient.page.goto(link);
      await press(recipient.page, 'Open the message');
      await sender.page.reload();
      expect(await sender.page.locator('main').innerText()).toContain('It was opened.');
    });

    it('a generated password is shown to the sender and to the recipient', async () => {
      const { page } = sender;
      await page.goto('/');
      await press(page, /^Generate a password/);
      const link = await page.getByLabel('Link to send').inputValue();
      const value = await page.getByLabel('Generated password').inputValue();
      expect(value).toMatch(/^\w{12}$/);

      await clickThrough(page.getByRole('link', { name: 'The receipt' }));
      await press(page, 'Show the generated password once');
      expect(await page.getByLabel('Password').inputValue()).toBe(value);
      await clickThrough(page.getByRole('link', { name: 'Back to the receipt' }));
      expect(await page.locator('main').innerText()).toContain('Not opened yet.');

      await recipient.page.goto(link);
      await press(recipient.page, 'Open the message');
      expect(await recipient.page.getByLabel('Message').inputValue()).toBe(value);
    });

    it('a refused form keeps all that was typed', async () => {
      const { page } = sender;
      const long = 'x'.repeat(10_001);
      await page.goto('/');
      await page.getByLabel('Your message').fill(long);
      await page.getByLabel('Delete it unread after').selectOption('1 hour');
      await page.getByText('Add a passphrase').click();
      await page.getByLabel(PASSPHRASE).fill('open sesame');
      await press(page, 'Create the link');
      expect(await page.getByRole('alert').innerText()).toContain('10,000 bytes');
      expect(await page.getByLabel('Your message').inputValue()).toBe(long);
      expect(await page.getByLabel('Delete it unread after').inputValue()).toBe('3600');
      expect(await page.getByLabel(PASSPHRASE).inputValue()).toBe('open sesame');
    });

    it.each([
      ['abc', 'at least 4 characters'],
      ['p'.repeat(200), 'up to 128 characters'],
    ])('a refused passphrase is not lost (%#)', async (passphrase, alert) => {
      const { page } = sender;
      await page.goto('/');
      await page.getByLabel('Your message').fill('hello');
      await page.getByText('Add a passphrase').click();
      await page.getByLabel(PASSPHRASE).fill(passphrase);
      await press(page, 'Create the link');
      expect(await page.getByRole('alert').innerText()).toContain(alert);
      expect(await page.getByLabel(PASSPHRASE).inputValue()).toBe(passphrase);
      // The next press with a corrected passphrase makes a link that asks for it.
      await page.getByLabel(PASSPHRASE).fill('open sesame');
      await press(page, 'Create the link');
      const link = await page.getByLabel('Link to send').inputValue();
      await recipient.page.goto(link);
      expect(await recipient.page.getByLabel('Passphrase').isVisible()).toBe(true);
    });

    it('a blank message is refused, and nothing is lost', async () => {
      const { page } = sender;
      await page.goto('/');
      await page.getByLabel('Your message').fill('  \n\u200B ');
      await press(page, 'Create the link');
      expect(await page.getByRole('alert').innerText()).toContain('nothing to read');
    });

    it('a message that no answer can repeat is still in the browser', async () => {
      const { page } = sender;
      const huge = 'x'.repeat(1_100_000);
      await page.goto('/');
      await page.getByLabel('Your message').fill(huge);
      await press(page, 'Create the link');
      if (!javaScriptEnabled) {
        await page.getByText('nothing was stored').waitFor();
        await page.goBack();
      }
      const box = page.getByLabel('Your message');
      await until('the text', async () => (await box.inputValue()).length === huge.length);
    });

    it('a link opens that a chat has changed', async () => {
      const link = await create(sender.page, 'hello');
      for (const changed of [
        `${link}&fbclid=abc`,
        `${link}_`,
        link.replace('/secret/', '/Secret//'),
      ]) {
        await recipient.page.goto(changed);
        expect(await heading(recipient.page)).toBe(HEADING.envelope);
      }
      await press(recipient.page, 'Open the message');
      expect(await recipient.page.getByLabel('Message').inputValue()).toBe('hello');
    });

    it('there are copy buttons exactly where scripts run', async () => {
      const link = await create(sender.page, 'hello');
      const button = sender.page.getByRole('button', { name: 'Copy' });
      expect(await button.count()).toBe(javaScriptEnabled ? 1 : 0);
      if (!javaScriptEnabled) return;
      await sender.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await button.click();
      await sender.page.getByRole('status').getByText('Copied').waitFor();
      expect(await sender.page.evaluate('navigator.clipboard.readText()')).toBe(link);
    });
  });

  it.each(['light', 'dark'] as const)(
    'every page fits into 320 pixels, %s',
    async (colorScheme) => {
      const viewport = { width: 320, height: 640 };
      const { page, faults, close } = await openPage(browser, origin, { viewport, colorScheme });
      const widthOfContent = async (): Promise<number> => {
        await page.locator('h1').waitFor();
        return page.evaluate('document.documentElement.scrollWidth');
      };
      const widths: Record<string, number> = {};

      await page.goto('/');
      widths['create'] = await widthOfContent();
      await page.getByText('Add a passphrase').click();
      widths['create with a passphrase'] = await widthOfContent();
      const link = await create(page, `${'w'.repeat(400)}\n${'a b '.repeat(400)}`, 'open sesame');
      widths['created'] = await widthOfContent();
      await clickThrough(page.getByRole('link', { name: 'The receipt' }));
      widths['receipt'] = await widthOfContent();
      await page.goto(link);
      widths['envelope'] = await widthOfContent();
      await page.getByLabel('Passphrase').fill('open sesame');
      await press(page, 'Open the message');
      widths['revealed'] = await widthOfContent();
      await page.goto(link);
      widths['gone'] = await widthOfContent();
      await page.goto('/nothing');
      widths['not found'] = await widthOfContent();

      expect(Object.entries(widths).filter(([, width]) => width > viewport.width)).toEqual([]);
      expect(faults).toEqual([]);
      await close();
    },
  );

  it('a form of another site neither opens nor deletes a message', async () => {
    const anonymous = new V1Caller(gateway, 'eu');
    const { secret_key, metadata_key } = await anonymous.share('hello');
    for (const action of [`/secret/${secret_key}`, `/receipt/${metadata_key}/burn`, '/']) {
      const { page, close } = await openPage(browser, origin);
      await page.setContent(
        `<form method="post" action="${origin}${action}"><button>Win</button></form>`,
      );
      const [answer] = await Promise.all([
        page.waitForResponse(`${origin}${action}`),
        press(page, 'Win'),
      ]);
      expect([answer.status(), (await answer.request().allHeaders())['origin']]).toEqual([
        403,
        'null',
      ]);
      await close();
    }
    expect((await anonymous.metadata(metadata_key)).state).toBe('new');
    expect((await anonymous.reveal(secret_key)).status).toBe(200);
  });

  it('a page of another site calls the API by CORS, and cannot embed an answer', async () => {
    const { page, close } = await openPage(browser, origin);
    const seen = await page.evaluate(async (base) => {
      const shared = await fetch(`${base}/api/v1/share`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ secret: 'hello' }),
      });
      const { secret_key: key } = (await shared.json()) as { secret_key: string };
      const embed = fetch(`${base}/api/v1/secret/${key}`, { method: 'GET', mode: 'no-cors' });
      const isEmbedded = await embed.then(
        () => true,
        () => false,
      );
      return { status: shared.status, isEmbedded };
    }, origin);
    expect(seen).toEqual({ status: 200, isEmbedded: false });
    await close();
  });
});
