import { NO_LOOK } from '../../domains/domain-look.js';
import { NO_POLICY } from '../../domains/domain-policy.js';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startInMemoryApp } from '../../../test/fakes/in-memory-app.js';
import {
  ACCOUNT,
  aReceipt,
  aRevealedSecret,
  METADATA_KEY,
  SECRET_KEY,
  TENANT,
} from '../../../test/fakes/sample-values.js';
import { requireHostname } from '../../shared/hostname.js';
import { LANGUAGES } from '../../shared/language.js';
import type { Tenant } from '../../tenancy/tenant.js';
import { PageFilesController } from '../frame/page-files.controller.js';
import { CreatePageController } from './create-page.controller.js';
import { ReceiptPageController } from './receipt-page.controller.js';
import { SecretPageController } from './secret-page.controller.js';

const CUSTOM = requireHostname('secrets.example.com');
const DOMAIN: Tenant = {
  ...TENANT,
  hostname: CUSTOM,
  origin: `https://${CUSTOM}`,
  domain: CUSTOM,
  customDomain: {
    hostname: CUSTOM,
    domainId: '1',
    ownerId: ACCOUNT.id,
    apiEnabled: true,
    homepageEnabled: true,
    policy: NO_POLICY,
    look: NO_LOOK,
    lookDomainId: '1',
    ownerPlan: 'identity_plus',
  },
};
const ENVELOPE = `/secret/${SECRET_KEY}`;
const RECEIPT = `/receipt/${METADATA_KEY}`;
const COOKIE = /^__Host-lang=de; Path=\/; Max-Age=\d+; Secure; HttpOnly; SameSite=Lax$/;

let app: NestFastifyApplication;

beforeAll(async () => {
  app = await startInMemoryApp({
    controllers: [
      CreatePageController,
      SecretPageController,
      ReceiptPageController,
      PageFilesController,
    ],
    secrets: {
      peek: async (_caller, key) => (key === SECRET_KEY ? { hasPassphrase: true } : null) as never,
      reveal: async () => aRevealedSecret(),
    },
    receipts: { show: async () => aReceipt() },
    tenant: (host) => (host === CUSTOM ? DOMAIN : TENANT),
    account: ACCOUNT,
  });
});

afterAll(() => app.close());

type Headers = Readonly<Record<string, string>>;

const open = (url: string, headers: Headers = {}) => app.inject({ method: 'GET', url, headers });

const post = (url: string, headers: Headers = {}) =>
  app.inject({
    method: 'POST',
    url,
    payload: '',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      ...headers,
    },
  });

describe('the language of a page', () => {
  it.each(LANGUAGES)('is %s where the browser asks for it, in its direction', async (language) => {
    const { headers, body } = await open('/', { 'accept-language': `${language};q=0.9, xx` });
    const direction = language === 'ar' ? 'rtl' : 'ltr';
    expect(body).toContain(`<html lang="${language}" dir="${direction}">`);
    expect(headers['content-language']).toBe(language);
  });

  it('is chosen by a link of the page, and remembered', async () => {
    const { body, headers } = await open('/?lang=de&a=b', { 'accept-language': 'fr' });
    expect(body).toContain('<html lang="de"');
    expect(headers['set-cookie']).toMatch(COOKIE);
    expect(body).toContain('href="?lang=nl&amp;a=b"');
    const cookie = '__Host-lang=de';
    const later = await open(ENVELOPE, { cookie, 'accept-language': 'fr' });
    expect(later.body).toContain('<html lang="de"');
    expect(later.headers).not.toHaveProperty('set-cookie');
  });

  it.each(['xx', 'DE', '', 'de&lang=fr\r\n'])('is not chosen by lang=%j', async (text) => {
    const { headers } = await open(`/?lang=${encodeURIComponent(text)}`);
    expect(headers).not.toHaveProperty('set-cookie');
  });

  it('holds for refused forms and pages of errors', async () => {
    const refused = await post('/', { 'accept-language': 'de' });
    expect(refused.body).toContain('<html lang="de"');
    const nowhere = await open('/nowhere', { 'accept-language': 'ar' });
    expect(nowhere.body).toContain('<html lang="ar" dir="rtl">');
  });

  it('is no reason for two pages for gone', async () => {
    const get = await open('/secret/nobody?utm=1', { 'accept-language': 'es' });
    const other = await open('/secret/somebody', { 'accept-language': 'es' });
    expect(get.body).toBe(other.body);
    expect(get.body).toContain('href="?lang=de"');
  });
});

describe('the name on a page', () => {
  it('is the domain, without a sign of anybody else', async () => {
    const { body } = await open(ENVELOPE, { host: CUSTOM });
    expect(body).toContain(`· ${CUSTOM}</title>`);
    expect(body).toContain(`<meta property="og:title" content="${CUSTOM}"/>`);
    expect(body).not.toMatch(/onetime|gateway/i);
  });

  it('has another icon on a custom domain', async () => {
    for (const path of ['/icon.svg', '/favicon.ico', '/apple-touch-icon.png']) {
      const [ours, theirs] = [await open(path), await open(path, { host: CUSTOM })];
      expect([ours.statusCode, theirs.statusCode]).toEqual([200, 200]);
      expect(theirs.rawPayload.equals(ours.rawPayload)).toBe(false);
    }
  });
});

describe('what a browser loads', () => {
  const ACCEPTED = { 'accept-encoding': 'gzip, deflate, br, zstd' };

  /** A page with all that it names, as a browser loads it for the first time. */
  async function load(url: string) {
    const page = await open(url, ACCEPTED);
    const html = brotliDecompressSync(page.rawPayload).toString();
    const named = [...html.matchAll(/<(?:link rel="(?:stylesheet|icon)"|img|script)[^>]*>/g)]
      .map(([tag]) => /(?:href|src)="([^"]+)"/.exec(tag)?.[1])
      .filter((path) => path !== undefined);
    const files = await Promise.all(named.map((path) => open(path, ACCEPTED)));
    for (const { statusCode, headers } of files) {
      expect([statusCode, headers['content-encoding']]).toEqual([200, 'br']);
    }
    const bytes = [page, ...files].map(({ rawPayload }) => rawPayload.length);
    return { requests: bytes.length, bytes: bytes.reduce((sum, one) => sum + one, 0), named };
  }

  it.each([
    ['envelope', ENVELOPE, 30 * 1024],
    ['create page', '/', 40 * 1024],
  ])('is light for the %s, and nothing is from elsewhere', async (_name, url, bytesMax) => {
    const { requests, bytes, named } = await load(url);
    expect(requests).toBe(3);
    expect(bytes).toBeLessThan(bytesMax);
    expect(named.every((path) => /^\/[^/]/.test(path))).toBe(true);
  });

  it('is light without compression too', async () => {
    expect((await open(ENVELOPE)).rawPayload.length).toBeLessThan(10 * 1024);
  });

  it('is compressed as the browser can read it', async () => {
    const plain = await open('/');
    const { rawPayload, headers } = await open('/', { 'accept-encoding': 'gzip' });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    const body = gunzipSync(rawPayload).toString();
    expect(body.replace(/name="press" value="[^"]+"/, '')).toBe(
      plain.body.replace(/name="press" value="[^"]+"/, ''),
    );
  });

  it('is not compressed where a secret is beside what others may have chosen', async () => {
    const pages = [await open(RECEIPT, ACCEPTED), await post(ENVELOPE, ACCEPTED)];
    pages.push(await post('/', ACCEPTED), await open('/secret/nobody', ACCEPTED));
    for (const page of pages) expect(page.headers).not.toHaveProperty('content-encoding');
  });

  it('keeps the stylesheet forever by its version, and by no other', async () => {
    const [, path = ''] = /href="(\/style\.css\?v=[\w-]+)"/.exec((await open('/')).body) ?? [];
    expect((await open(path)).headers['cache-control']).toContain('immutable');
    for (const other of ['/style.css', '/style.css?v=other'])
      expect((await open(other)).headers['cache-control']).toBe('public, no-cache');
  });
});
