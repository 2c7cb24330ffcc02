import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { browserSession } from '../support/browser-session.js';
import {
  describeInChromium,
  openPage,
  startChromium,
  type WatchedPage,
} from '../support/chromium.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { COPY_RECEIPTS } from '../support/receipt-rows.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';

let gateway: GatewayProcess;
let browser: Browser;
let origin: string;
let people = 0;

interface Owner {
  readonly email: string;
  readonly auth: string;
}

interface SignedIn extends WatchedPage {
  readonly owner: Owner;
}

const heading = (page: Page): Promise<string> => page.locator('h1').innerText();
const shown = (page: Page): Promise<string> => page.locator('main').innerText();
const press = (page: Page, name: string): Promise<void> =>
  page.getByRole('button', { name, exact: true }).click();

async function anOwner(plan = 'basic'): Promise<Owner> {
  people += 1;
  return gateway.account('eu', `owner-${people}@example.com`, plan);
}

/** A browser that is signed in, without the pages of the sign-in. */
async function openSignedIn(owner: Owner, options: BrowserContextOptions = {}): Promise<SignedIn> {
  const watched = await openPage(browser, origin, options);
  const { cookie = '' } = await browserSession(gateway, owner.email, origin);
  const [name = '', value = ''] = cookie.split('=');
  await watched.page.context().addCookies([{ name, value, url: origin, secure: true }]);
  return { ...watched, owner };
}

async function send(
  { auth }: Owner,
  fields: Readonly<Record<string, string>> = {},
): Promise<{ readonly secret: string; readonly receipt: string }> {
  const body = new URLSearchParams({ secret: 'the value', ...fields }).toString();
  const answer = await gateway.call('eu', { method: 'POST', path: '/api/v1/share', auth, body });
  const { secret_key: secret, metadata_key: receipt } = answer.json<Record<string, string>>();
  if (!secret || !receipt) throw new Error(`no secret was made: ${answer.text}`);
  return { secret, receipt };
}

const WAYS: readonly [string, boolean][] = [
  ['with JavaScript', true],
  ['without JavaScript', false],
];

describeInChromium('the pages of an account', () => {
  beforeAll(async () => {
    gateway = await GatewayProcess.start({
      environment: { GATEWAY_WEBHOOK_PRIVATE_TARGETS: '127.0.0.0/8' },
    });
    browser = await startChromium();
    origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  describe('messages', () => {
    it.each(WAYS)(
      'are listed without keys, noted and deleted, %s',
      async (_way, javaScriptEnabled) => {
        const owner = await anOwner();
        const first = await send(owner, { recipient: 'fox@example.com' });
        const { page, faults, close } = await openSignedIn(owner, { javaScriptEnabled });
        await page.goto('/account');
        await page.getByRole('link', { name: 'Messages' }).click();
        expect(await shown(page)).toContain('Not opened yet');
        expect(await shown(page)).toMatch(/fo\*+@e/);
        await page.locator('td a').click();
        for (const key of [first.secret, first.receipt]) {
          expect(await page.content()).not.toContain(key);
          expect(page.url()).not.toContain(key);
        }
        await page.getByLabel('Note').fill('for <b>Fox</b>');
        await press(page, 'Save the note');
        expect(await page.getByLabel('Note').inputValue()).toBe('for Fox');
        await page.getByText('Delete this message').click();
        await press(page, 'Delete it now');
        expect(await shown(page)).toContain('Deleted');
        expect(await page.getByText('Delete this message').count()).toBe(0);
        await page.goto(`/receipt/${first.receipt}`);
        expect(await shown(page)).toContain('It was deleted before anybody opened it.');
        expect(faults).toEqual([]);
        await close();
      },
    );

    it('need their passphrase to be deleted, and say so on the page', async () => {
      const owner = await anOwner();
      await send(owner, { passphrase: 'right' });
      const { page, close } = await openSignedIn(owner);
      await page.goto('/account/secrets');
      await page.locator('td a').click();
      await page.getByText('Delete this message').click();
      await page.getByLabel('Passphrase').fill('wrong');
      await press(page, 'Delete it now');
      expect(await page.getByRole('alert').innerText()).toContain('Nothing was deleted');
      await page.getByLabel('Passphrase').fill('right');
      await press(page, 'Delete it now');
      expect(await shown(page)).toContain('Deleted');
      await close();
    });

    it('are one page of 25, however many there are, and lead to the older ones', async () => {
      const owner = await anOwner();
      for (let made = 0; made < 30; made += 1) await send(owner);
      const { page, close } = await openSignedIn(owner);
      const [{ id }] = (await query(gateway, 'eu', {
        text: 'select id from accounts where email = $1',
        values: [owner.email],
      })) as [{ id: string }];
      await query(gateway, 'eu', { text: COPY_RECEIPTS, values: [id, id, 10_000] });
      const begun = Date.now();
      await page.goto('/account/secrets');
      // A list of all would take many times as long.
      expect(Date.now() - begun).toBeLessThan(3000);
      expect(await page.locator('tbody tr').count()).toBe(25);
      const times = page.locator('td a');
      const newest = await times.first().getAttribute('href');
      await page.getByRole('link', { name: 'Older ones' }).click();
      expect(await page.locator('tbody tr').count()).toBe(5);
      await page.getByRole('link', { name: 'The latest ones' }).click();
      expect(await times.first().getAttribute('href')).toBe(newest);
      await close();
    });

    it('of another account are not there, nor is the list for strangers', async () => {
      const owner = await anOwner();
      await send(owner);
      const own = await openSignedIn(owner);
      await own.page.goto('/account/secrets');
      const path = (await own.page.locator('td a').getAttribute('href')) ?? '';
      const { page, close } = await openSignedIn(await anOwner());
      await page.goto('/account/secrets');
      expect(await shown(page)).toContain('You have not sent a message');
      await page.goto(path);
      expect(await heading(page)).toBe('Page not found');
      await page.context().clearCookies();
      for (const asked of ['/account/secrets', path]) {
        await page.goto(asked);
        expect(await heading(page)).toBe('Sign in first');
      }
      await own.close();
      await close();
    });
  });

  describe('activity', () => {
    it('says in words what was done, page by page', async () => {
      const owner = await anOwner('identity_plus');
      const { page, faults, close } = await openSignedIn(owner, { javaScriptEnabled: false });
      await gateway.call('eu', {
        method: 'POST',
        path: '/api/domains',
        auth: owner.auth,
        body: '{"domain":"secrets.example.com"}',
      });
      await query(gateway, 'eu', {
        text: `insert into account_activity (account_id, actor, actor_name, action, subject)
          select id, 'operator', 'key', 'account.resumed', '{}' from accounts, generate_series(1, 30)
          where email = $1`,
        values: [owner.email],
      });
      await page.goto('/account');
      await page.getByRole('link', { name: 'Activity' }).click();
      expect(await page.locator('tbody tr').count()).toBe(25);
      expect(await shown(page)).toContain('Account no longer suspended');
      await page.getByRole('link', { name: 'Further back' }).click();
      const older = await shown(page);
      expect(older).toContain('Account made');
      expect(older).toMatch(/Added\s+secrets\.example\.com/);
      expect(older).toContain('API token default');
      await page.goto('/account/activity?lang=de');
      expect(await shown(page)).toContain('Sperre des Kontos aufgehoben');
      expect(faults).toEqual([]);
      await close();
    });

    it('of another account is not there', async () => {
      const first = await anOwner();
      await query(gateway, 'eu', {
        text: `insert into account_activity (account_id, actor, actor_name, action, subject)
          select id, 'token', 'of the first', 'token.created', '{}' from accounts where email = $1`,
        values: [first.email],
      });
      for (const [owner, isThere] of [
        [first, true],
        [await anOwner(), false],
      ] as const) {
        const { page, close } = await openSignedIn(owner);
        await page.goto('/account/activity');
        expect((await shown(page)).includes('of the first')).toBe(isThere);
        await close();
      }
    });
  });

  describe('webhooks', () => {
    const taken: { readonly headers: Record<string, string>; readonly body: string }[] = [];
    let target: Server;
    let url: string;
    let answer = 204;

    beforeAll(async () => {
      target = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          taken.push({ headers: request.headers as Record<string, string>, body });
          response.writeHead(answer).end();
        });
      });
      await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
      url = `http://127.0.0.1:${(target.address() as AddressInfo).port}/hook`;
    });
    afterAll(() => {
      target.closeAllConnections();
      target.close();
    });

    it.each(WAYS)('are made, tried, changed and removed, %s', async (_way, javaScriptEnabled) => {
      const { page, faults, close } = await openSignedIn(await anOwner(), { javaScriptEnabled });
      await page.goto('/account');
      await page.getByRole('link', { name: 'Webhooks' }).click();
      await page.getByLabel('Name').fill('audit');
      await page.getByLabel('URL').fill('https://user:word@hooks.example.com/');
      await page.getByLabel('A domain changed').uncheck();
      await press(page, 'Make the webhook');
      expect(await page.getByRole('alert').innerText()).toContain('This URL cannot be used');
      expect(await page.getByLabel('Name').inputValue()).toBe('audit');
      expect(await page.getByLabel('A domain changed').isChecked()).toBe(false);
      await page.getByLabel('URL').fill(url);
      await press(page, 'Make the webhook');
      const secret = await page.getByLabel('Secret').inputValue();
      await page.getByRole('link', { name: 'Go to the webhook' }).click();
      expect(await page.content()).not.toContain(secret);

      const before = taken.length;
      await press(page, 'Send a test event');
      await until('the test event is taken', () => taken.length === before + 1);
      const { body, headers } = taken.at(-1)!;
      expect(new Webhook(secret).verify(body, headers)).toMatchObject({ type: 'webhook.test' });
      await until('its answer is shown', async () => {
        await page.getByRole('link', { name: 'Load again' }).click();
        return (await page.locator('tbody tr').count()) === 1;
      });
      expect(await page.locator('tbody').innerText()).toMatch(/webhook\.test[^]*204/);

      await page.getByText('Change it', { exact: true }).click();
      await page.getByLabel('Name').fill('books');
      await press(page, 'Save');
      expect(await heading(page)).toBe('The webhook books');
      expect(await page.locator('dl').innerText()).not.toContain('A domain changed');
      await page.getByText('A new secret', { exact: true }).click();
      await page.getByLabel('The secret before ends').selectOption('at once');
      await press(page, 'Make a new secret');
      expect(await page.getByLabel('Secret').inputValue()).not.toBe(secret);
      await page.getByRole('link', { name: 'Go to the webhook' }).click();
      await press(page, 'Switch it off');
      expect(await shown(page)).toContain('It was switched off, and sends nothing.');
      await press(page, 'Switch it on');
      expect(await page.locator('dl').innerText()).toContain('On');
      await page.getByText('Remove this webhook').click();
      await press(page, 'Remove it now');
      expect(await shown(page)).toContain('There is none yet.');
      expect(gateway.logs).not.toContain(secret);
      expect(faults).toEqual([]);
      await close();
    });

    it('say what went wrong, and refuse the same name', async () => {
      const { page, close } = await openSignedIn(await anOwner());
      const make = async (): Promise<void> => {
        await page.goto('/account/webhooks');
        await page.getByLabel('Name').fill('audit');
        await page.getByLabel('URL').fill(url);
        await press(page, 'Make the webhook');
      };
      await make();
      await make();
      expect(await page.getByRole('alert').innerText()).toBe('You have a webhook of this name.');
      await page.getByRole('link', { name: 'audit' }).click();
      answer = 500;
      await press(page, 'Send a test event');
      await until('its answer is shown', async () => {
        await page.getByRole('link', { name: 'Load again' }).click();
        return (await page.locator('tbody tr').count()) === 1;
      });
      expect(await page.locator('tbody .badge.bad').innerText()).toBe('500');
      answer = 204;
      await close();
    });

    it('of another account are not there', async () => {
      const owner = await anOwner();
      const made = await gateway.call('eu', {
        path: '/api/account/webhooks',
        auth: owner.auth,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'theirs', url, events: ['secret.created'] }),
      });
      const { id } = made.json<{ record: { id: string } }>().record;
      const { page, close } = await openSignedIn(await anOwner());
      await page.goto('/account/webhooks');
      expect(await shown(page)).not.toContain('theirs');
      for (const unknown of [id, 'x']) {
        await page.goto(`/account/webhooks/${unknown}`);
        expect(await heading(page)).toBe('Page not found');
      }
      await close();
    });
  });
});
