import { readFileSync } from 'node:fs';
import {
  AccountScene,
  heading,
  press,
  shown,
  WAYS,
  type AccountOwner,
} from '../support/account-scene.js';
import { clickThrough, describeInChromium } from '../support/chromium.js';
import type { GatewayProcess } from '../support/gateway-process.js';
import { PagesModule } from '../../src/pages/pages.module.js';
import { browserSession } from '../support/browser-session.js';
import { routesOf } from '../support/route-table.js';
import { COPY_RECEIPTS } from '../support/receipt-rows.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';

/** Of receipts: a list of all would read each of them. */
const COPIES = 10_000;

let scene: AccountScene;
let gateway: GatewayProcess;
const anOwner = (plan?: string): Promise<AccountOwner> => scene.anOwner(plan);
const openSignedIn: AccountScene['openSignedIn'] = (owner, options) =>
  scene.openSignedIn(owner, options);
const send: AccountScene['send'] = (owner, fields) => scene.send(owner, fields);

/** How many rows of receipts all statements have read so far. */
async function receiptsRead(): Promise<number> {
  const [row] = (await query(gateway, 'eu', {
    text: `select sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::int as rows
      from pg_stat_user_tables where relname like 'receipts%'`,
  })) as [{ rows: number }];
  return row.rows;
}

describeInChromium('the pages of an account', () => {
  beforeAll(async () => {
    scene = await AccountScene.start({
      GATEWAY_UPGRADE_URL: 'https://example.com/upgrade',
    });
    gateway = scene.gateway;
  });
  afterAll(() => scene.stop());

  describe('messages', () => {
    it.each(WAYS)(
      'are listed without keys, noted and deleted, %s',
      async (_way, javaScriptEnabled) => {
        const owner = await anOwner();
        const first = await send(owner, { recipient: 'fox@example.com' });
        const { page, faults, close } = await openSignedIn(owner, { javaScriptEnabled });
        await page.goto('/account');
        await clickThrough(page.getByRole('link', { name: 'Messages' }));
        expect(await shown(page)).toContain('Not opened yet');
        expect(await shown(page)).toMatch(/fo\*+@e/);
        await clickThrough(page.locator('td a'));
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
      await clickThrough(page.locator('td a'));
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
      await query(gateway, 'eu', { text: COPY_RECEIPTS, values: [id, id, COPIES] });
      const before = await receiptsRead();
      await page.goto('/account/secrets');
      // PostgreSQL counts them some time after the statement.
      const read = await until('the page is counted', async () => {
        const rows = (await receiptsRead()) - before;
        return rows >= 25 && rows;
      });
      expect(read).toBeLessThan(COPIES);
      expect(await page.locator('tbody tr').count()).toBe(25);
      const times = page.locator('td a');
      const newest = await times.first().getAttribute('href');
      await clickThrough(page.getByRole('link', { name: 'Older ones' }));
      expect(await page.locator('tbody tr').count()).toBe(5);
      await clickThrough(page.getByRole('link', { name: 'The latest ones' }));
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
      await clickThrough(page.getByRole('link', { name: 'Activity' }));
      expect(await page.locator('tbody tr').count()).toBe(25);
      expect(await shown(page)).toContain('Account no longer suspended');
      await clickThrough(page.getByRole('link', { name: 'Further back' }));
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

  describe('the account itself', () => {
    it.each(WAYS)(
      'shows its plan and use, and takes settings, %s',
      async (_way, javaScriptEnabled) => {
        const owner = await anOwner();
        await send(owner);
        const { page, faults, close } = await openSignedIn(owner, { javaScriptEnabled });
        await page.goto('/account');
        const text = await shown(page);
        expect(text).toMatch(/Unopened messages\s+1\s/);
        expect(text).toMatch(/API tokens\s+1 of 25/);
        expect(text).toMatch(/A message may wait\s+14 days/);
        expect(text).toMatch(/Largest message\s+10,000 bytes/);
        const offer = page.getByRole('link', { name: 'Get Identity Plus' });
        expect(await offer.getAttribute('href')).toBe('https://example.com/upgrade');
        await page.getByLabel('Language of the mails').selectOption('Deutsch');
        await page.getByLabel('Tell me by mail').uncheck();
        await press(page, 'Save');
        expect(await page.getByLabel('Language of the mails').inputValue()).toBe('de');
        expect(await page.getByLabel('Tell me by mail').isChecked()).toBe(false);
        const { auth } = owner;
        const answer = await gateway.call('eu', { path: '/api/account', auth });
        expect(answer.json<{ record: object }>().record).toMatchObject({
          language: 'de',
          notices: false,
        });
        expect(faults).toEqual([]);
        await close();
      },
    );

    it('shows what an account with Identity Plus may do', async () => {
      const { page, close } = await openSignedIn(await anOwner('identity_plus'));
      await page.goto('/account');
      expect(await shown(page)).toMatch(/Custom domains\s+0 of 100/);
      expect(await page.getByRole('link', { name: 'Get Identity Plus' }).count()).toBe(0);
      await close();
    });

    it.each(WAYS)('changes its address by two codes, %s', async (_way, javaScriptEnabled) => {
      const owner = await anOwner();
      const { page, faults, close } = await openSignedIn(owner, { javaScriptEnabled });
      const email = `new-${owner.email}`;
      await page.goto('/account');
      await clickThrough(page.getByRole('link', { name: 'Change the address' }));
      await page.getByLabel('New address').fill(owner.email.toUpperCase());
      await press(page, 'Send the codes');
      expect(await page.getByRole('alert').innerText()).toBe('That is your address already.');
      expect(await page.getByLabel('New address').inputValue()).toBe(owner.email.toUpperCase());
      await page.getByLabel('New address').fill(email);
      await press(page, 'Send the codes');
      await page.getByLabel('A code').fill('not the code');
      await press(page, 'Confirm');
      expect(await page.getByRole('alert').innerText()).toContain('That is not the code.');
      await page.getByLabel('A code').fill(await scene.mailedCode(owner.email));
      await press(page, 'Confirm');
      expect(await page.locator('dl').innerText()).toMatch(/Old address\s+Confirmed/);
      await page.getByLabel('A code').fill(await scene.mailedCode(email));
      await press(page, 'Confirm');
      expect(await shown(page)).toContain(`From now on you sign in with ${email}.`);
      expect(faults).toEqual([]);
      await close();
    });

    it('keeps the old address when the change is cancelled', async () => {
      const owner = await anOwner();
      const { page, close } = await openSignedIn(owner);
      await page.goto('/account/email');
      await page.getByLabel('New address').fill(`new-${owner.email}`);
      await press(page, 'Send the codes');
      await press(page, 'Keep the old address');
      expect(await heading(page)).toBe('Your account');
      await page.goto('/account/email');
      expect(await shown(page)).toContain(`Your address is ${owner.email}.`);
      await close();
    });

    it.each(WAYS)('is downloaded as a file, %s', async (_way, javaScriptEnabled) => {
      const { page, owner, close } = await openSignedIn(await anOwner(), { javaScriptEnabled });
      await page.goto('/account/export');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('link', { name: 'Download the file' }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('onetime-account.json');
      const file = JSON.parse(readFileSync(await download.path(), 'utf8')) as object;
      expect(file).toMatchObject({ account: { email: owner.email } });
      await close();
    });

    it.each(WAYS)(
      'is closed once its loss is shown and confirmed, %s',
      async (_way, javaScriptEnabled) => {
        const owner = await anOwner('identity_plus');
        const { secret } = await send(owner);
        const { page, faults, close } = await openSignedIn(owner, { javaScriptEnabled });
        await page.goto('/account/close');
        expect(await shown(page)).toContain('1 unopened message is deleted.');
        await page.getByLabel('Type your address').fill('somebody@example.com');
        await press(page, 'Close it for good');
        expect(await page.getByRole('alert').innerText()).toContain('That is not your address.');
        // What was not seen does not go.
        await send(owner);
        await page.getByLabel('Type your address').fill(owner.email.toUpperCase());
        await press(page, 'Close it for good');
        expect(await page.getByRole('alert').innerText()).toContain('Nothing was done');
        expect(await shown(page)).toContain('2 unopened messages are deleted.');
        await page.getByLabel('Type your address').fill(owner.email);
        await press(page, 'Close it for good');
        expect(await heading(page)).toBe('Your account is closed');
        await page.goto('/account');
        expect(await heading(page)).toBe('Sign in first');
        await page.goto(`/secret/${secret}`);
        expect(await heading(page)).toBe('There is no message here');
        expect(faults).toEqual([]);
        await close();
      },
    );

    it.each(['/account/email', '/account/close'])(
      'asks for a fresh sign-in before %s shows a form',
      async (path) => {
        const { page, owner, close } = await openSignedIn(await anOwner());
        await query(gateway, 'eu', {
          text: `update sessions set signed_in_at = now() - interval '11 minutes'
            where account_id = (select id from accounts where email = $1)`,
          values: [owner.email],
        });
        await page.goto(path);
        expect(await page.locator('form').count()).toBe(0);
        const link = page.locator('main a');
        expect(await link.getAttribute('href')).toContain(encodeURIComponent(path));
        await close();
      },
    );
  });

  it('gives an API token an end and a new value, without JavaScript', async () => {
    const owner = await anOwner();
    const { page, faults, close } = await openSignedIn(owner, { javaScriptEnabled: false });
    await page.goto('/account/tokens');
    await page.getByLabel('Name').fill('nightly');
    await page.getByLabel('It ends').selectOption('after 30 days');
    await press(page, 'Make the token');
    const first = await page.getByLabel('Token').inputValue();
    await clickThrough(page.getByRole('link', { name: 'Back to the tokens' }));
    const row = page.locator('tr', { hasText: 'nightly' });
    const end = (await row.locator('time').getAttribute('datetime')) ?? '';
    expect(Math.round((Date.parse(end) - Date.now()) / 86_400_000)).toBe(30);
    await row.getByText('Renew').click();
    await row.getByLabel('The value before ends').selectOption('at once');
    await clickThrough(row.getByRole('button', { name: 'Make a new value' }));
    const second = await page.getByLabel('Token').inputValue();
    const statuses = await Promise.all(
      [first, second].map(async (token) => {
        const auth = `${owner.email}:${token}`;
        return (await gateway.call('eu', { path: '/api/account', auth })).status;
      }),
    );
    expect(statuses).toEqual([401, 200]);
    expect(faults).toEqual([]);
    await close();
  });

  describe('a form', () => {
    const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
    const routes = routesOf([PagesModule])
      .filter(({ method, path }) => method === 'POST' && path.startsWith('/account'))
      .map(({ path }) => path);

    it('of another site, without the token or of nobody is refused on every page', async () => {
      expect(routes.length).toBeGreaterThan(20);
      const owner = await anOwner();
      const headers = await browserSession(gateway, owner.email, scene.origin);
      const { 'x-csrf-token': csrf = '', ...signedIn } = headers;
      const id = '0d6f4f3e-52a6-4c37-9f5c-2d3d1f1c9a10';
      const statuses: Record<string, readonly number[]> = {};
      for (const route of routes) {
        const path = route.replace(':id', id);
        const post = async (
          sent: Readonly<Record<string, string>>,
          body: string,
        ): Promise<number> =>
          (await gateway.call('eu', { method: 'POST', path, headers: { ...FORM, ...sent }, body }))
            .status;
        statuses[route] = [
          await post({ ...signedIn, origin: 'https://evil.example' }, `csrf=${csrf}`),
          await post(signedIn, 'csrf=x'),
          await post({ origin: scene.origin }, ''),
        ];
      }
      expect(statuses).toEqual(Object.fromEntries(routes.map((route) => [route, [403, 403, 401]])));
    });
  });
});
