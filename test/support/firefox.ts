import { existsSync } from 'node:fs';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';

const EXECUTABLE = '/usr/bin/firefox-esr';

/** Over WebDriver BiDi, in a new profile. It resolves `*.localhost` by itself. */
export function startFirefox(): Promise<Browser> {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is missing: install firefox-esr`);
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: EXECUTABLE,
    headless: true,
    acceptInsecureCerts: true,
  });
}

/** Sends the form by its first button, and waits for the page that it leads to. */
export async function submit(page: Page, form: string): Promise<void> {
  const button = `${form} button:not([type=button])`;
  await Promise.all([page.waitForNavigation(), page.click(button)]);
}

export const textIn = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? '');

export const valueIn = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as unknown as { readonly value: string }).value);
