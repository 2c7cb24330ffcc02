import type { Browser, Page } from 'playwright-core';
import { heading, mailedLink, PASSWORD, press, signIn, signUp } from '../support/browser-people.js';
import {
  beginApp,
  codeOf,
  confirmApp,
  expectSound,
  mainText,
  SecurityPeople,
  signOut,
} from '../support/browser-security.js';
import { clickThrough, describeInChromium, openPage, startChromium } from '../support/chromium.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { query } from '../support/region-database.js';
import { until } from '../support/until.js';
import { VirtualAuthenticator } from '../support/virtual-authenticator.js';

let gateway: GatewayProcess;
let browser: Browser;
let origin: string;
let people: SecurityPeople;

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.goto('/account/security');
  await page.getByLabel('Name of a new passkey').fill(name);
  await press(page, 'Add a passkey');
  await page.getByRole('cell', { name }).first().waitFor();
}

describeInChromium('by browser', () => {
  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    browser = await startChromium();
    origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
    people = new SecurityPeople(gateway, browser, origin);
  });
  afterAll(async () => {
    await browser.close();
    await gateway.stop();
  });

  it('passkeys are made, sign in by the button, are renamed, and sign in no more once removed', async () => {
    const { page, faults, close, authenticator, email } = await people.signedUp();
    await clickThrough(page.getByRole('link', { name: 'Security' }));
    expect(page.url()).toBe(`${origin}/account/security`);
    await addPasskey(page, 'My phone');
    expect(await authenticator.count()).toBe(1);
    expect(page.url()).toBe(`${origin}/account/security`);
    await page.goto('/account');
    expect(await mainText(page)).toContain('One passkey');

    await authenticator.answers(false);
    await press(page, 'Sign out');
    expect(await heading(page)).toBe('Sign in');
    await authenticator.answers(true);
    await press(page, 'Sign in with a passkey');
    await page.getByRole('heading', { name: 'Your account', exact: true }).waitFor();
    expect(await mainText(page)).toContain(email);

    await page.goto('/account/security');
    expect(await page.locator('main table').innerText()).not.toContain('Never');
    await expectSound(page);
    await page.getByText('Rename', { exact: true }).click();
    await page.getByLabel('New name of My phone').fill(' '.repeat(3));
    await press(page, 'Rename it');
    expect(await page.getByRole('alert').innerText()).toContain('1 to 60 characters');
    await page.getByLabel('New name of My phone').fill('<b>My old phone</b>');
    await press(page, 'Rename it');
    expect(await mainText(page)).toContain('<b>My old phone</b>');

    await page.getByText('Remove', { exact: true }).click();
    await press(page, 'Remove it now');
    expect(await mainText(page)).not.toContain('My old phone');
    await authenticator.answers(false);
    await page.goto('/account');
    await press(page, 'Sign out');
    await authenticator.answers(true);
    await press(page, 'Sign in with a passkey');
    expect(await page.getByRole('alert').innerText()).toBe(
      'This passkey was not accepted. Try again.',
    );
    expect(faults).toEqual([]);
    await close();
  });

  it('passkeys are offered in the field of the address, and lead to the page that was asked for', async () => {
    const { page, faults, close, authenticator, email } = await people.signedUp(true);
    await addPasskey(page, 'My laptop');
    await authenticator.answers(false);
    await page.goto('/account');
    await press(page, 'Sign out');
    await page.goto('/account/security');
    expect(await heading(page)).toBe('Sign in first');
    await authenticator.answers(true);
    await clickThrough(page.getByRole('link', { name: 'Sign in' }));
    // Its person chooses it in the list at once.
    await page.getByRole('heading', { name: 'Ways to sign in' }).waitFor();
    expect(page.url()).toBe(`${origin}/account/security`);

    // One that was removed is refused once, though the browser would answer again and again.
    await page.getByText('Remove', { exact: true }).click();
    await press(page, 'Remove it now');
    await page.goto('/account');
    await press(page, 'Sign out');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('was not accepted');
    await page.getByLabel('E-mail address').fill(email);
    await page.getByLabel('Password').fill(PASSWORD);
    await press(page, 'Sign in');
    expect(await heading(page)).toBe('Your account');
    expect(faults).toEqual([]);
    await close();
  });

  it('passkeys that are not made or not chosen say so, and the page goes on', async () => {
    const { page, faults, close, authenticator, email } = await people.signedUp();
    await page.goto('/account/security');
    await authenticator.recognises(false);
    await page.getByLabel('Name of a new passkey').fill('My phone');
    await press(page, 'Add a passkey');
    await page.getByText('No passkey was made.').waitFor();
    expect(await page.getByLabel('Name of a new passkey').inputValue()).toBe('My phone');
    await authenticator.recognises(true);
    await press(page, 'Add a passkey');
    await page.getByRole('cell', { name: 'My phone' }).first().waitFor();
    // The same device again.
    await page.getByLabel('Name of a new passkey').fill('My phone again');
    await press(page, 'Add a passkey');
    await page.getByText('This device has a passkey of your account already.').waitFor();

    await authenticator.recognises(false);
    await page.goto('/account');
    await press(page, 'Sign out');
    await press(page, 'Sign in with a passkey');
    await page.getByText('No passkey was chosen.').waitFor();
    await signIn(page, email);
    expect(await heading(page)).toBe('Your account');
    expect(faults).toEqual([]);
    await close();
  });

  it('passkeys keep the name that was typed when the sign-in is too old, and are made after another', async () => {
    const { page, faults, close, email } = await people.signedUp();
    await page.goto('/account/security');
    await page.getByLabel('Name of a new passkey').fill('Jörg’s phone + key');
    await people.makeStale(email);
    await press(page, 'Add a passkey');
    await page.getByRole('heading', { name: 'Sign in once more' }).waitFor();
    expect(await mainText(page)).toContain(email);
    await expectSound(page);
    await page.getByLabel('Password').fill('not the password');
    await press(page, 'Sign in');
    expect(await page.getByRole('alert').innerText()).toContain('not right');
    await page.getByLabel('Password').fill(PASSWORD);
    await press(page, 'Sign in');
    await page.getByRole('heading', { name: 'Ways to sign in' }).waitFor();
    expect(await page.getByLabel('Name of a new passkey').inputValue()).toBe('Jörg’s phone + key');
    await press(page, 'Add a passkey');
    await page.getByRole('cell', { name: 'Jörg’s phone + key' }).first().waitFor();

    // A passkey shows who it is, too.
    await people.makeStale(email);
    await page.goto('/account/security');
    expect(await page.getByRole('button', { name: 'Add a passkey' }).count()).toBe(0);
    await clickThrough(page.getByRole('link', { name: 'Sign in once more' }));
    await press(page, 'Sign in with a passkey');
    await page.getByRole('button', { name: 'Add a passkey' }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('passkeys make an account that has no password', async () => {
    const { page, faults, close } = await openPage(browser, origin);
    const authenticator = await VirtualAuthenticator.of(page);
    const email = people.newAddress();
    await page.goto('/sign-up');
    await page.getByLabel('E-mail address').fill(email);
    await press(page, 'Send me the link');
    const link = await mailedLink(gateway, email);
    await page.goto(link);
    await expectSound(page);
    await authenticator.recognises(false);
    await page.getByLabel('Name of a new passkey').fill('My phone');
    await press(page, 'Make a passkey and sign in');
    await page.getByText('No passkey was made.').waitFor();
    await authenticator.recognises(true);
    await page.getByLabel('Name of a new passkey').fill('x'.repeat(61));
    await press(page, 'Make a passkey and sign in');
    await page.getByRole('alert').waitFor();
    expect(await page.getByRole('alert').innerText()).toContain('1 to 60 characters');
    await page.getByLabel('Name of a new passkey').fill('My phone');
    await press(page, 'Make a passkey and sign in');
    await page.getByRole('heading', { name: 'Your account', exact: true }).waitFor();
    await page.goto('/account/security');
    expect(await mainText(page)).toContain('There is none.');
    await signOut(page);
    await page.goto(link);
    expect(await heading(page)).toBe('This link does not work any more');
    expect(faults).toEqual([]);
    await close();
  });

  it('passkeys say without JavaScript that they need it, and nothing else is missing', async () => {
    const { page, faults, close } = await openPage(browser, origin, { javaScriptEnabled: false });
    await signUp(gateway, page, people.newAddress());
    await page.goto('/account/security');
    expect(await mainText(page)).toContain('allow JavaScript for this page');
    expect(await page.getByRole('button', { name: 'Add a passkey' }).isVisible()).toBe(false);
    expect(await page.getByRole('button', { name: 'Set up an app' }).isVisible()).toBe(true);
    await page.getByText('Change the password').click();
    await page.getByLabel('New password').fill('short');
    await press(page, 'Set it');
    expect(await page.getByRole('alert').innerText()).toContain('too short');
    await page.getByLabel('New password').fill('another quiet harbour');
    await press(page, 'Set it');
    expect(await heading(page)).toBe('Ways to sign in');
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(faults).toEqual([]);
    await close();
  });

  it('passkeys take over for a password, which is then removed', async () => {
    const { page, faults, close, authenticator, email } = await people.signedUp();
    await addPasskey(page, 'My phone');
    await page.getByText('Remove the password').click();
    await page.getByRole('button', { name: 'Remove it now' }).last().click();
    await until('the password is removed', async () =>
      (await mainText(page)).includes('There is none.'),
    );
    await page.goto('/account');
    await authenticator.answers(false);
    await press(page, 'Sign out');
    await signIn(page, email);
    expect(await page.getByRole('alert').innerText()).toContain('not right');
    await authenticator.answers(true);
    await press(page, 'Sign in with a passkey');
    await page.getByRole('heading', { name: 'Your account', exact: true }).waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('a passkey stands in for the code, where the account has one', async () => {
    const { page, faults, close, authenticator, email } = await people.signedUp();
    await confirmApp(page, codeOf(await beginApp(page), 0));
    await signOut(page);
    await signIn(page, email);
    expect(await heading(page)).toBe('One more step');
    expect(await page.getByRole('button', { name: 'passkey' }).count()).toBe(0);
    await query(gateway, 'eu', {
      text: `delete from second_factors where account_id = (select id from accounts where email_key = $1)`,
      values: [email],
    });
    await signIn(page, email);
    await addPasskey(page, 'My phone');
    await confirmApp(page, codeOf(await beginApp(page), 0));
    await authenticator.answers(false);
    await signOut(page);
    await signIn(page, email);
    expect(await heading(page)).toBe('One more step');
    await expectSound(page);
    await authenticator.answers(true);
    await press(page, 'Sign in with a passkey');
    await page.getByRole('heading', { name: 'Your account', exact: true }).waitFor();
    const cookies = await page.context().cookies();
    expect(cookies.map(({ name }) => name).filter((name) => /sign-in/.test(name))).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });
});
