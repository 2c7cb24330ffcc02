import { existsSync } from 'node:fs';
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core';
import { describeUnless } from './requires.js';

/** The first that is there. The shell is the same engine without a window, for two fifths of the processor time. */
const EXECUTABLES = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
const EXECUTABLE = EXECUTABLES.find((path) => existsSync(path));

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
  // Else each navigation starts a process for the next one, which the next profile that navigates ends unused.
  '--renderer-process-limit=1',
];

/** The custom domains of tests are below `.test`. The first rule that fits counts. */
const RESOLVER_RULES = ['MAP *.localhost 127.0.0.1', 'MAP *.test 127.0.0.1'];

/** `describe` for tests in a real browser. */
export function describeInChromium(name: string, tests: () => void): void {
  const reason = EXECUTABLE === undefined ? 'install chromium-headless-shell' : null;
  describeUnless(reason, name, tests);
}

/** @param rules where other names lead, as in `MAP example.test:443 127.0.0.1:8443` */
export function startChromium(rules: readonly string[] = []): Promise<Browser> {
  const resolver = `--host-resolver-rules=${[...rules, ...RESOLVER_RULES].join(',')}`;
  return chromium.launch({ executablePath: EXECUTABLE ?? '', args: [...ARGUMENTS, resolver] });
}

/** A page in a profile of its own, with the faults that it caused. */
export interface WatchedPage {
  readonly page: Page;
  /** Requests to other origins, console errors (a refusal by the policy, for example) and script errors. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
}

interface PageOptions extends BrowserContextOptions {
  /** Beside the page's own. */
  readonly allowedOrigins?: readonly string[];
}

export async function openPage(
  browser: Browser,
  origin: string,
  { allowedOrigins = [], ...options }: PageOptions = {},
): Promise<WatchedPage> {
  const origins = [origin, ...allowedOrigins];
  const context = await browser.newContext({
    ...options,
    baseURL: origin,
    ignoreHTTPSErrors: true,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    const isAllowed = origins.includes(new URL(request.url()).origin);
    if (!isAllowed) faults.push(`request to ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    // The console also reports a page whose own status is 400 or 404.
    const isStatus = message.text().startsWith('Failed to load resource: the server responded');
    if (message.type() === 'error' && !isStatus) faults.push(message.text());
  });
  return { page, faults, close: () => context.close() };
}

/** Clicks, and waits until the page that this leads to is whole. The click itself returns when its first bytes are there. */
export async function clickThrough(target: Locator): Promise<void> {
  await target.click();
  await target.page().waitForLoadState();
}
