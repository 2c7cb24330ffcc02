import type { Browser, Page } from 'playwright-core';
import { clickThrough, describeInChromium, openPage, startChromium } from '../support/chromium.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { heading, mailedLink, PASSWORD, press, signIn } from '../support/browser-people.js';

let gateway: GatewayProcess;
let browser: Browser;
let origin: string;
let people = 0;

function anAddress(): string {
  people += 1;
  return `person-${people}@example.com`;
}

async function signUp(page: Page, email: string): Promise<void> {
  await page.goto('/sign-up');
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Send me the link');
  expect(await heading(page)).toBe('Look into your mail');
  await page.goto(await mailedLink(gateway, email));
  await page.getByLabel('New password').fill(PASSWORD);
  await press(page, 'Set it and sign in');
  expect(await heading(page)).toBe('Your account');
}

describeInChromium('signing in', () => {
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await startChromium();
    origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  it.each([
    ['without JavaScript', false],
    ['with JavaScript', true],
  ])('makes an account, leaves it and comes back, %s', async (_name, javaScriptEnabled) => {
    const { page, faults, close } = await openPage(browser, origin, { javaScriptEnabled });
    const email = anAddress();
    await signUp(page, email);
    expect(await page.locator('main').innerText()).toContain(email);
    const cookies = (await page.context().cookies()).filter(({ name }) => /session/.test(name));
    expect(cookies).toMatchObject([
      { name: '__Host-session', httpOnly: true, secure: true, sameSite: 'Lax', path: '/' },
    ]);

    await press(page, 'Sign out');
    await page.goto('/account');
    expect(await heading(page)).toBe('Sign in first');
    expect(await page.getByRole('link', { name: 'Browsers' }).count()).toBe(0);
    await clickThrough(page.getByRole('link', { name: 'Sign in' }));

    await signIn(page, email, 'another quiet harbour');
    expect(await page.getByRole('alert').innerText()).toBe(
      'The address or the password is not right.',
    );
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(email);
    await signIn(page, email.toUpperCase(), PASSWORD);
    expect(await heading(page)).toBe('Your account');
    expect(await page.locator('nav [aria-current="page"]').innerText()).toBe('Account');
    expect(faults).toEqual([]);
    await close();
  });

  it('lets who is signed in send, open and delete messages', async () => {
    const { page, faults, close } = await openPage(browser, origin);
    await signUp(page, anAddress());
    for (const end of ['open', 'delete']) {
      await page.goto('/');
      await page.getByLabel('Your message').fill(`to ${end}`);
      await press(page, 'Create the link');
      const link = await page.getByLabel('Link to send').inputValue();
      if (end === 'open') {
        await page.goto(link);
        await press(page, 'Open the message');
        expect(await page.getByLabel('Message').inputValue()).toBe('to open');
      } else {
        await clickThrough(page.getByRole('link', { name: 'receipt' }).first());
        await page.getByText('Changed your mind?').click();
        await press(page, 'Delete the message now');
        expect(await page.locator('main').innerText()).toContain('It was deleted');
      }
    }
    expect(faults).toEqual([]);
    await close();
  });

  // What the server says: a script of the page changes it a little later.
  it('says the same of an address with an account and of one without', async () => {
    const { page, close } = await openPage(browser, origin, { javaScriptEnabled: false });
    const known = anAddress();
    await signUp(page, known);
    await page.context().clearCookies();
    const answers: string[] = [];
    for (const email of [known, anAddress()]) {
      for (const path of ['/sign-up', '/new-password']) {
        await page.goto(path);
        await page.getByLabel('E-mail address').fill(email);
        await press(page, 'Send me the link');
        answers.push((await page.content()).replaceAll(email, 'EMAIL'));
      }
      await signIn(page, email, 'not the password at all');
      answers.push((await page.content()).replaceAll(email, 'EMAIL'));
    }
    expect(answers.slice(3)).toEqual(answers.slice(0, 3));
    await close();
  });

  it('chooses a new password by mail, once, and says why one is refused', async () => {
    const { page, close } = await openPage(browser, origin);
    const email = anAddress();
    // Made by the operator: it has no password yet.
    await gateway.account('eu', email);
    await page.goto('/new-password');
    await page.getByLabel('E-mail address').fill(email);
    await press(page, 'Send me the link');
    const link = await mailedLink(gateway, email);
    await page.goto(link);
    await page.getByLabel('New password').fill('password password');
    await press(page, 'Set it and sign in');
    expect(await page.getByRole('alert').innerText()).toContain('Many people have this password');
    await page.getByLabel('New password').fill(PASSWORD);
    await press(page, 'Set it and sign in');
    expect(await heading(page)).toBe('Your account');
    await page.goto(link);
    expect(await heading(page)).toBe('This link does not work any more');
    expect(gateway.logs).not.toContain(link.slice(-20));
    await close();
  });

  it('makes a token that a program signs in with, shows it once, and revokes it', async () => {
    const { page, faults, close } = await openPage(browser, origin, { javaScriptEnabled: false });
    const email = anAddress();
    await signUp(page, email);
    await clickThrough(page.getByRole('link', { name: 'API tokens' }));
    await page.getByLabel('Name').fill('nightly script');
    await page.getByLabel('change the account').uncheck();
    await press(page, 'Make the token');
    const token = await page.getByLabel('Token').inputValue();
    const check = { path: '/api/v1/authcheck', auth: `${email}:${token}` };
    expect((await gateway.call('eu', check)).status).toBe(200);

    await clickThrough(page.getByRole('link', { name: 'Back to the tokens' }));
    expect(await page.locator('main').innerText()).toContain('nightly script');
    expect(await page.content()).not.toContain(token);
    await page.getByLabel('Name').fill('Nightly Script');
    await press(page, 'Make the token');
    expect(await page.getByRole('alert').innerText()).toBe('You have a token of this name.');
    await page.getByText('Revoke', { exact: true }).last().click();
    await press(page, 'Revoke it now');
    expect((await gateway.call('eu', check)).status).toBe(404);
    expect(gateway.logs).not.toContain(token);
    expect(faults).toEqual([]);
    await close();
  });

  it('gives back what was typed on a page from before the sign-in, and takes it then', async () => {
    const { page, faults, close } = await openPage(browser, origin);
    await page.goto('/');
    await page.getByLabel('Your message').fill('typed before');
    const other = await page.context().newPage();
    await signUp(other, anAddress());
    await press(page, 'Create the link');
    expect(await page.getByRole('alert').innerText()).toContain('Nothing was done.');
    expect(await page.getByLabel('Your message').inputValue()).toBe('typed before');
    await press(page, 'Create the link');
    expect(await heading(page)).toBe('Your link is ready');
    expect(faults).toEqual([]);
    await close();
  });

  it('ends another browser of the account', async () => {
    const first = await openPage(browser, origin);
    const second = await openPage(browser, origin);
    const email = anAddress();
    await signUp(first.page, email);
    await signIn(second.page, email, PASSWORD);
    await second.page.goto('/account/sessions');
    expect(await second.page.getByRole('button', { name: 'End', exact: true }).count()).toBe(1);
    await press(second.page, 'End all others');
    await first.page.goto('/account');
    expect(await heading(first.page)).toBe('Sign in first');
    await second.page.goto('/account');
    expect(await heading(second.page)).toBe('Your account');
    await first.close();
    await second.close();
  });

  it('leads to the domains of the account', async () => {
    const { page, close } = await openPage(browser, origin);
    await signUp(page, anAddress());
    await clickThrough(page.getByRole('link', { name: 'Domains' }));
    expect(page.url()).toBe(`${origin}/domains`);
    await close();
  });
});
