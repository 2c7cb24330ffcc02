import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
  '--host-resolver-rules=MAP *.localhost 127.0.0.1',
];

/** `describe` for tests in a real browser: fails in CI when there is none, and says elsewhere that it is skipped. */
export function describeInChromium(name: string, tests: () => void): void {
  if (existsSync(EXECUTABLE)) return describe(name, tests);
  if (process.env['CI'] === 'true') {
    return describe(name, () =>
      it('has a browser', () => {
        throw new Error(`${EXECUTABLE} is missing: install Debian's package "chromium"`);
      }),
    );
  }
  describe.skip(`${name} (skipped: there is no ${EXECUTABLE})`, tests);
}

export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS });
}

/** A page in a profile of its own, and what it did that no page of ours should do. */
export interface WatchedPage {
  readonly page: Page;
  /** Requests to other origins, errors on the console (refused by a policy, say) and errors of scripts. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    ...options,
    baseURL: origin,
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${origin}/`)) faults.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // That the page itself has a status of 400 or 404 is told on the console too.
    const isStatus = message.text().startsWith('Failed to load resource: the server responded');
    if (message.type() === 'error' && !isStatus) faults.push(message.text());
  });
  return { page, faults, close: () => context.close() };
}
