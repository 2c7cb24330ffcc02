import { Secret, TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { heading, press, signUp } from './browser-people.js';
import { openPage } from './chromium.js';
import type { GatewayProcess } from './gateway-process.js';
import { unreadable, violations } from './page-checks.js';
import { query } from './region-database.js';
import { VirtualAuthenticator } from './virtual-authenticator.js';

export const mainText = (page: Page): Promise<string> => page.locator('main').innerText();

/** New people with an account and an authenticator each, signed in by a browser of their own. */
export class SecurityPeople {
  #count = 0;

  constructor(
    private readonly gateway: GatewayProcess,
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  newAddress(): string {
    this.#count += 1;
    return `person-${this.#count}@example.com`;
  }

  /** @param isOffered whether the browser offers its passkeys in the field too, where its person then chooses one at once */
  async signedUp(isOffered = false) {
    const { page, faults, close } = await openPage(this.browser, this.origin);
    if (!isOffered)
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false);
      });
    const authenticator = await VirtualAuthenticator.of(page);
    const email = this.newAddress();
    await signUp(this.gateway, page, email);
    return { page, faults, close, authenticator, email };
  }

  /** The sign-in of every browser of the account was long ago. */
  async makeStale(email: string): Promise<void> {
    await query(this.gateway, 'eu', {
      text: `update sessions set signed_in_at = now() - interval '11 minutes'
        where account_id = (select id from accounts where email_key = $1)`,
      values: [email],
    });
  }
}

/** What the app shows, `steps` codes after the one of now. Each counts once. */
export function codeOf(secret: string, steps: number): string {
  const timestamp = Date.now() + steps * 30_000;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

/** Begins to set the app up. Returns its secret. */
export async function beginApp(page: Page): Promise<string> {
  await page.goto('/account/security');
  await press(page, 'Set up an app');
  expect(await heading(page)).toBe('Set up your authenticator app');
  return page.getByLabel('Or type this key into the app').inputValue();
}

export async function confirmApp(page: Page, code: string): Promise<string[]> {
  await page.getByLabel('Code that the app shows').fill(code);
  await press(page, 'Switch it on');
  expect(await heading(page)).toBe('Your recovery codes');
  return (await page.getByLabel('Recovery codes').inputValue()).split('\n');
}

export async function signOut(page: Page): Promise<void> {
  await page.goto('/account');
  await press(page, 'Sign out');
}

/** Accessible and not cut, on a phone too. */
export async function expectSound(page: Page): Promise<void> {
  const size = page.viewportSize() ?? { width: 1280, height: 720 };
  await page.setViewportSize({ width: 320, height: 700 });
  expect([await violations(page), await unreadable(page)]).toEqual([[], []]);
  await page.setViewportSize(size);
}
