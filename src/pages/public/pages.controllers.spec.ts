import { hash } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startInMemoryApp } from '../../../test/fakes/in-memory-app.js';
import { confirmedIn } from '../../../test/support/person.js';
import {
  ACCOUNT,
  aReceipt,
  aReceivedReceipt,
  aRevealedSecret,
  METADATA_KEY,
  SECRET_KEY,
  TENANT,
} from '../../../test/fakes/sample-values.js';
import type { ConcealSecret, Receipt } from '../../secrets/receipt.js';
import { AppError } from '../../shared/app-error.js';
import { CreatedPageController } from './created-page.controller.js';
import { CreatePageController } from './create-page.controller.js';
import { PageFilesController } from '../frame/page-files.controller.js';
import { ReceiptPageController } from './receipt-page.controller.js';
import { SecretPageController } from './secret-page.controller.js';

const gone = (): AppError => new AppError('secret_gone', 'gone');

/** The services, holding one secret with the passphrase `open sesame`. */
class FakeServices {
  readonly concealed: ConcealSecret[] = [];
  readonly marked: boolean[] = [];
  receipt: Receipt | null = aReceipt({ hasPassphrase: true });
  refusal: AppError | null = null;

  readonly secrets = {
    conceal: async (_caller: unknown, command: ConcealSecret) => {
      if (this.refusal !== null) throw this.refusal;
      this.concealed.push(command);
      return aReceipt({ kind: command.kind });
    },
    peek: async (_caller: unknown, key: string) =>
      key === SECRET_KEY && this.receipt?.secretKey ? { hasPassphrase: true } : null,
    reveal: async (_caller: unknown, key: string, passphrase: string | null) => {
      if (this.refusal !== null) throw this.refusal;
      if (key !== SECRET_KEY || passphrase !== 'open sesame' || !this.receipt?.secretKey) {
        throw gone();
      }
      this.receipt = aReceivedReceipt();
      return aRevealedSecret();
    },
  };

  readonly receipts = {
    show: async (_caller: unknown, key: string, { markViewed }: { markViewed: boolean }) => {
      this.marked.push(markViewed);
      if (this.refusal !== null) throw this.refusal;
      if (key !== METADATA_KEY || this.receipt === null) throw gone();
      return this.receipt;
    },
    burn: async (_caller: unknown, _key: string, passphrase: string | null) => {
      if (!this.receipt?.secretKey) throw gone();
      if (passphrase !== 'open sesame') throw new AppError('wrong_passphrase', 'wrong');
      this.receipt = aReceipt({ state: 'burned', secretKey: null, secretTtlSeconds: null });
      return { receipt: this.receipt, secretShortKey: 'abcdef' };
    },
    takeGeneratedValue: async () => {
      if (this.receipt?.kind !== 'generate') throw gone();
      return 'g3nerated';
    },
  };
}

let services: FakeServices;
let app: NestFastifyApplication;

beforeEach(async () => {
  services = new FakeServices();
  app = await startInMemoryApp({
    controllers: [
      CreatePageController,
      CreatedPageController,
      SecretPageController,
      ReceiptPageController,
      PageFilesController,
    ],
    secrets: services.secrets,
    receipts: services.receipts,
    tenant: TENANT,
    account: ACCOUNT,
  });
});

afterEach(() => app.close());

const open = (url: string, method: 'GET' | 'HEAD' = 'GET') => app.inject({ method, url });

/** A press of the button in its page, by a person. */
async function submit(url: string, fields: Record<string, string> = {}, site = 'same-origin') {
  const page = await app.inject(url.replace(/\/(burn|value)$/, ''));
  return app.inject({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(site === '' ? {} : { 'sec-fetch-site': site }),
    },
    payload: new URLSearchParams({ ...confirmedIn(page.body, url), ...fields }).toString(),
  });
}

describe('every page', () => {
  it.each(['/', `/secret/${SECRET_KEY}`, '/secret/nobody', '/receipt/nobody', '/nowhere'])(
    '%s has the security headers',
    async (url) => {
      const { headers } = await open(url);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'same-origin',
        'x-frame-options': 'DENY',
        'x-content-type-options': 'nosniff',
        'x-robots-tag': 'noindex, nofollow, noarchive',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self';/);
      expect(headers).not.toHaveProperty('set-cookie');
    },
  );

  it.each(['/', `/secret/${SECRET_KEY}`, `/receipt/${METADATA_KEY}`])(
    '%s answers HEAD like GET, without the body',
    async (url) => {
      const head = await open(url, 'HEAD');
      expect([head.statusCode, head.body]).toEqual([200, '']);
    },
  );

  it('links the stylesheet that is served', async () => {
    const [, path = ''] = /href="(\/style\.css[^"]*)"/.exec((await open('/')).body) ?? [];
    const { statusCode, headers, body } = await open(path);
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/css; charset=utf-8');
    expect(body.length).toBeLessThan(10 * 1024);
    expect(body).toContain('prefers-color-scheme: dark');
    expect(body).not.toMatch(/url\(|@import/);
  });

  it('has the script in itself, and no other may run', async () => {
    const page = await open('/');
    const [, script = ''] = /<script>([^]*?)<\/script>/.exec(page.body) ?? [];
    expect(script.length).toBeGreaterThan(1024);
    const policy = String(page.headers['content-security-policy']).split('; ');
    expect(policy).toContain(`script-src 'sha256-${hash('sha256', script, 'base64')}'`);
    expect(policy).toContain("require-trusted-types-for 'script'");
  });

  it('is closed to robots', async () => {
    expect((await open('/robots.txt')).body).toBe('User-agent: *\nDisallow: /\n');
  });

  it.each([
    ['/favicon.ico', 'image/x-icon', '00000100'],
    ['/apple-touch-icon.png', 'image/png', '89504e47'],
    ['/icon.svg', 'image/svg+xml; charset=utf-8', Buffer.from('<svg').toString('hex')],
  ])('has the icon %s', async (path, type, magic) => {
    const { statusCode, headers, rawPayload } = await open(path);
    expect([statusCode, headers['content-type']]).toEqual([200, type]);
    expect(rawPayload.subarray(0, 4).toString('hex')).toBe(magic);
    expect(headers['cache-control']).toBe('public, max-age=86400');
  });

  it('is a 404 in HTML for an unknown path, and repeats nothing of it', async () => {
    const { statusCode, body } = await open('/nowhere/%3Cscript%3Ecanary');
    expect(statusCode).toBe(404);
    expect(body).toContain('Page not found');
    expect(body).not.toContain('canary');
  });
});

describe('a form from another origin', () => {
  const forms = [
    '/',
    `/secret/${SECRET_KEY}`,
    `/receipt/${METADATA_KEY}/burn`,
    `/receipt/${METADATA_KEY}/value`,
  ];

  it.each(forms.flatMap((url) => ['cross-site', 'same-site', ''].map((site) => [url, site])))(
    'changes nothing at %s (%s)',
    async (url, site) => {
      const fields = { secret: 's', passphrase: 'open sesame' };
      const { statusCode, body } = await submit(url ?? '', fields, site);
      expect(statusCode).toBe(403);
      expect(body).toContain('nothing was done');
      expect(services.concealed).toEqual([]);
      expect(services.receipt?.state).toBe('new');
    },
  );
});

describe('creating', () => {
  it('redirects to the link to copy, which a reload shows again', async () => {
    const fields = { secret: 'a\r\nb\r\n', ttl: '300', passphrase: '', kind: 'share' };
    const { statusCode, headers } = await submit('/', fields);
    expect([statusCode, headers.location]).toEqual([303, `/receipt/${METADATA_KEY}/created`]);
    expect(services.concealed).toEqual([
      {
        kind: 'share',
        value: 'a\nb\n',
        ttlSeconds: 300,
        passphrase: null,
        guessesMax: null,
        recipients: [],
        shareDomain: null,
        surface: 'page',
      },
    ]);
    for (let times = 0; times < 2; times += 1) {
      const { body } = await open(String(headers.location));
      expect(body).toContain(`https://eu.onetime.localhost:8443/secret/${SECRET_KEY}`);
    }
    services.receipt = aReceivedReceipt();
    const later = await open(String(headers.location));
    expect([later.statusCode, later.headers.location]).toEqual([303, `/receipt/${METADATA_KEY}`]);
  });

  it('shows a generated value to its sender', async () => {
    services.receipt = aReceipt({ kind: 'generate' });
    const { headers } = await submit('/', { secret: '', kind: 'generate' });
    const [command] = services.concealed;
    expect(command).toMatchObject({ kind: 'generate', ttlSeconds: null });
    expect((await open(String(headers.location))).body).toContain(command?.value);
    const ticket = /value=(\w+)$/.exec(String(headers.location))?.[1] ?? '';
    for (const query of ['', '?value=', '?value=x', `?value=${ticket}&value=${ticket}`]) {
      const { body } = await open(`/receipt/${METADATA_KEY}/created${query}`);
      expect(body).not.toContain(command?.value);
      expect(body).toContain(`action="/receipt/${METADATA_KEY}/value"`);
    }
  });

  it.each(['', ' ', '\r\n \t', '\u200B\u00A0\u2800\u3164'])(
    'refuses a message with nothing to read: %j',
    async (secret) => {
      const { statusCode, body } = await submit('/', { secret, passphrase: 'abc', ttl: '300' });
      expect(statusCode).toBe(400);
      expect(body).toContain('nothing to read');
      expect(body).toContain('value="abc"');
      expect(services.concealed).toEqual([]);
    },
  );

  it.each(['secret=%ff', 'secret=%ED%A0%80', 'secret=ok&passphrase=%C3', '%ff=x&secret=ok'])(
    'stores nothing that is not UTF-8: %s',
    async (payload) => {
      const headers = { 'sec-fetch-site': 'same-origin' };
      const { statusCode } = await app.inject({ method: 'POST', url: '/', headers, payload });
      expect(statusCode).toBe(400);
      expect(services.concealed).toEqual([]);
    },
  );

  it('keeps characters that are hard to read', async () => {
    const secret = '%zz + & = \u0000 \u{1F600} \uFEFFend';
    await submit('/', { secret });
    expect(services.concealed[0]?.value).toBe(secret);
  });

  it.each([
    [
      new AppError('invalid_request', 'x', { field: 'passphrase', reason: 'too_short' }),
      400,
      'The passphrase is too short: it needs at least 4 characters.',
    ],
    [new AppError('unavailable', 'x', { retryAfterSeconds: 2 }), 503, 'could not be stored'],
  ])('shows the form again with all that was typed: %s', async (refusal, status, text) => {
    services.refusal = refusal;
    const { statusCode, body } = await submit('/', {
      secret: 'typed <b>',
      ttl: '300',
      passphrase: 'ab"c',
    });
    expect(statusCode).toBe(status);
    expect(body).toMatch(/<details open>/);
    expect(body).toContain('value="ab&quot;c"');
    expect(body).toMatch(/<option (?:selected value="300"|value="300" selected)/);
    expect(body).toContain('role="alert"');
    expect(body).toContain(text);
    expect(body).toContain('typed &lt;b>');
  });
});

describe('opening', () => {
  const url = `/secret/${SECRET_KEY}`;

  it('shows an envelope to any number of GET and HEAD requests', async () => {
    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      expect((await open(url, method)).statusCode).toBe(200);
    }
    expect(services.receipt?.state).toBe('new');
  });

  it('shows the message to the recipient who presses the button, and clears the browser’s cache', async () => {
    const { statusCode, headers, body } = await submit(url, { passphrase: 'open sesame' });
    expect(statusCode).toBe(200);
    expect(headers['clear-site-data']).toBe('"cache"');
    expect(body).toContain('the value');
  });

  it('lets the recipient try again after a wrong passphrase', async () => {
    const { statusCode, body } = await submit(url, { passphrase: 'wrong' });
    expect(statusCode).toBe(400);
    expect(body).toContain('Check the passphrase and try again');
    expect(body).toContain('name="passphrase"');
  });

  it('is the same page for every kind of gone, by GET and by POST', async () => {
    await submit(url, { passphrase: 'open sesame' });
    const answers = [
      await open(url),
      await submit(url, { passphrase: 'open sesame' }),
      await submit(url, { passphrase: 'wrong' }),
      await open('/secret/never-was'),
      await open(`/secret/${'k'.repeat(500)}`),
      await submit('/secret/%zz'),
    ];
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([404]));
  });

  it('keeps the envelope while the service is busy', async () => {
    services.refusal = new AppError('busy', 'x', { retryAfterSeconds: 3 });
    const { statusCode, headers, body } = await submit(url, { passphrase: 'open sesame' });
    expect([statusCode, headers['retry-after']]).toEqual([503, '3']);
    expect(body).toContain('Nothing was opened');
  });

  it('is an outage and not "gone" while the database is unavailable', async () => {
    services.refusal = new AppError('unavailable', 'x');
    const { statusCode, body } = await submit(url, { passphrase: 'open sesame' });
    expect(statusCode).toBe(503);
    expect(body).not.toContain('no message here');
  });

  it('leads to the same page again while the receipt is unavailable', async () => {
    services.refusal = new AppError('unavailable', 'x', { retryAfterSeconds: 2 });
    const { statusCode, headers, body } = await open(`/receipt/${METADATA_KEY}`);
    expect([statusCode, headers['retry-after']]).toEqual([503, '2']);
    expect(body).toContain('Try again in 2 seconds.');
    expect(body).toContain('<a href>Try again</a>');
    expect(body).not.toContain(METADATA_KEY);
  });

  it('that is gone offers a mail for a new link, which has no key and no address', async () => {
    const { body } = await open(`/secret/${METADATA_KEY}`);
    const [, query = ''] = /href="mailto:\?([^"]+)"/.exec(body) ?? [];
    const mail = new URLSearchParams(query.replaceAll('&amp;', '&'));
    expect(mail.get('subject')).toBe('Please send me a new link');
    expect(mail.get('body')).toContain('has opened it, and send me a new link.');
    expect(body).not.toContain(METADATA_KEY);
  });

  it.each([`${url}.`, `${url}&fbclid=x`, `//secret//${SECRET_KEY}/`, url.toUpperCase()])(
    'opens what programs and people make of a link: %s',
    async (changed) => {
      const { statusCode, body } = await open(changed);
      expect(statusCode).toBe(200);
      expect(body).toContain(`action="${url}"`);
    },
  );
});

describe('the receipt', () => {
  it.each(['receipt', 'private'])('is at /%s/KEY and is never marked as viewed', async (name) => {
    const { statusCode, body } = await open(`/${name}/${METADATA_KEY}`);
    expect(statusCode).toBe(200);
    expect(body).toContain(`https://eu.onetime.localhost:8443/secret/${SECRET_KEY}`);
    expect(services.marked).toEqual([false]);
  });

  it('burns the secret and shows that it was deleted', async () => {
    const url = `/receipt/${METADATA_KEY}/burn`;
    const wrong = await submit(url, { passphrase: 'wrong' });
    expect(wrong.statusCode).toBe(400);
    expect(wrong.body).toContain('Nothing was deleted');
    const burned = await submit(url, { passphrase: 'open sesame' });
    expect(burned.statusCode).toBe(200);
    expect(burned.body).toContain('deleted before anybody opened it');
    expect(burned.body).not.toContain(SECRET_KEY);
    const again = await submit(url, { passphrase: 'open sesame' });
    expect(again.statusCode).toBe(409);
    expect(again.body).toContain('not possible any more');
  });

  it('shows a generated value again when the service returns it', async () => {
    const url = `/receipt/${METADATA_KEY}/value`;
    expect((await submit(url)).statusCode).toBe(409);
    services.receipt = aReceipt({ kind: 'generate' });
    expect((await submit(url)).body).toContain('g3nerated');
  });

  it('is gone like a secret', async () => {
    const { statusCode, body } = await open('/receipt/nobody');
    expect(statusCode).toBe(404);
    expect(body).toContain('There is no message here');
    expect((await submit('/receipt/nobody/value')).statusCode).toBe(404);
  });
});
