import { hash } from 'node:crypto';
import { PagesModule } from '../../src/pages/pages.module.js';
import { browserSession } from '../support/browser-session.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer } from '../support/https-client.js';
import { confirmedIn } from '../support/person.js';
import { routesOf } from '../support/route-table.js';
import { V1Caller } from '../support/v1-caller.js';

const OWNER = 'owner@example.com';
const ROUTES = routesOf([PagesModule]).filter(
  ({ method }) => method === 'GET' || method === 'POST',
);
/** Scripts of a program in the page, and looks that its policy does not know. */
const INLINE = /\son\w+=|\sstyle=|javascript:|<base\b|http-equiv/i;

let gateway: GatewayProcess;
let session: Readonly<Record<string, string>>;
let origin: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
  await gateway.account('eu', OWNER, 'identity_plus');
  session = await browserSession(gateway, OWNER, origin);
});
afterAll(() => gateway.stop());

/** The path with keys that are there, where it wants some. */
async function pathOf(path: string): Promise<string> {
  const made = await new V1Caller(gateway, 'eu').share('hello');
  const key = path.startsWith('/secret/') ? made.secret_key : made.metadata_key;
  return path.replace(':key', key).replaceAll(/:\w+/g, 'x'.repeat(12));
}

function expectPage({ headers, text }: Answer): void {
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    // The set-up page by a link hides its path from its own form.
    'referrer-policy': expect.stringMatching(/^(?:same-origin|strict-origin)$/),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-robots-tag': 'noindex, nofollow, noarchive',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=()'),
  });
  const policy = String(headers['content-security-policy']).split('; ');
  for (const part of [
    "default-src 'none'",
    "require-trusted-types-for 'script'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
  ])
    expect(policy).toContain(part);
  expect(policy.join()).not.toMatch(/unsafe|\*|https?:|data:|blob:/);
  const allowed = policy.find((part) => part.startsWith('script-src')) ?? '';
  const [, ...scripts] = text.split('<script>');
  for (const script of scripts) {
    const [source = ''] = script.split('</script>');
    expect(allowed).toContain(`'sha256-${hash('sha256', source, 'base64')}'`);
  }
  expect(text.replaceAll(/<script>[^]*?<\/script>/g, '')).not.toMatch(INLINE);
}

it('every page of every route has its policy and headers, whoever asks', async () => {
  const pages = new Set<string>();
  for (const { method, path } of ROUTES)
    for (const headers of [{}, session, { ...session, 'sec-fetch-site': 'cross-site' }]) {
      if (path.endsWith('/events')) continue;
      const target = await pathOf(path);
      const form = { method, path: target, headers: { ...headers }, body: 'a=b' };
      const answer = await gateway.call('eu', method === 'GET' ? { path: target, headers } : form);
      if (!String(answer.headers['content-type']).startsWith('text/html')) continue;
      if (answer.text === '') continue;
      pages.add(`${method} ${path}`);
      expectPage(answer);
    }
  expect(pages.size).toBeGreaterThan(30);
});

it('a message that was opened has them too, and the browser forgets it', async () => {
  const { secret_key } = await new V1Caller(gateway, 'eu').share('hello');
  const path = `/secret/${secret_key}`;
  const { text } = await gateway.call('eu', { path });
  const body = confirmedIn(text, path);
  const answer = await gateway.call('eu', { method: 'POST', path, headers: { origin }, body });
  expectPage(answer);
  expect(answer.headers['clear-site-data']).toBe('"cache"');
  expect(answer.text).toMatch(/<textarea[^>]* translate="no"[^>]*>\nhello<\/textarea>/);
});
