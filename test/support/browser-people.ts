import type { Page } from 'playwright-core';
import { clickThrough } from './chromium.js';
import type { GatewayProcess } from './gateway-process.js';
import { until } from './until.js';

export const PASSWORD = 'a quiet harbour at dusk';

export const heading = (page: Page): Promise<string> => page.locator('h1').innerText();

export const press = (page: Page, button: string): Promise<void> =>
  clickThrough(page.getByRole('button', { name: button, exact: true }));

/** The path of the link for the purpose in the newest mail to the address, which development keeps in a file. */
export async function mailedLink(
  gateway: GatewayProcess,
  email: string,
  purpose = '(?:sign-up|new-password)',
): Promise<string> {
  const path = new RegExp(String.raw`/${purpose}/[\w-]{43,}`);
  let link = '';
  await until(`a link is mailed to ${email}`, async () => {
    const { stdout } = await gateway.command('dev', 'mail', 'list');
    const line = stdout.split('\n').find((text) => text.includes(email));
    const number = /\d+/.exec(line ?? '')?.[0];
    if (number === undefined) return false;
    const { stdout: mail } = await gateway.command('dev', 'mail', 'show', number);
    link = path.exec(mail)?.[0] ?? '';
    return link !== '';
  });
  return link;
}

/** Makes an account by the pages, signed in. */
export async function signUp(gateway: GatewayProcess, page: Page, email: string): Promise<void> {
  await page.goto('/sign-up');
  await page.getByLabel('E-mail address').fill(email);
  await press(page, 'Send me the link');
  await page.goto(await mailedLink(gateway, email));
  await page.getByLabel('New password').fill(PASSWORD);
  await press(page, 'Set it and sign in');
}

export async function signIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await press(page, 'Sign in');
}
