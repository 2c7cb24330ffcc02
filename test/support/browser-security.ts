import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { heading, press } from './browser-people.js';
import { unreadable, violations } from './page-checks.js';

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
