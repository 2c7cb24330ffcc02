import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { startInMemoryApp } from '../../../test/fakes/in-memory-app.js';
import {
  ACCOUNT,
  aReceipt,
  METADATA_KEY,
  SECRET_KEY,
  TENANT,
} from '../../../test/fakes/sample-values.js';
import type { Standing } from '../../limits/rate-limits.js';
import type { ConcealSecret } from '../../secrets/receipt.js';
import { AppError } from '../../shared/app-error.js';
import { CreatePageController } from './create-page.controller.js';
import { CreatedPageController } from './created-page.controller.js';
import { ReceiptPageController } from './receipt-page.controller.js';
import { SecretPageController } from './secret-page.controller.js';

const TYPED = {
  secret: 'typed <b>\r\n"all" of it',
  ttl: '300',
  passphrase: 'pass "word"',
  passphrase_attempts: '7',
};

let standing: Standing | null;
let refusal: AppError | null;
let concealed: ConcealSecret[];
let app: NestFastifyApplication;

beforeEach(async () => {
  standing = null;
  refusal = null;
  concealed = [];
  app = await startInMemoryApp({
    controllers: [
      CreatePageController,
      CreatedPageController,
      SecretPageController,
      ReceiptPageController,
    ],
    limits: { charge: () => Promise.resolve(standing) },
    secrets: {
      conceal: (_caller, command) => {
        if (refusal !== null) return Promise.reject(refusal);
        concealed.push(command);
        return Promise.resolve(aReceipt());
      },
    },
    receipts: {
      show: () => Promise.resolve(aReceipt({ hasPassphrase: true, attemptsLeft: 7 })),
    },
    tenant: TENANT,
    account: ACCOUNT,
  });
});
afterEach(() => app.close());

function usedUp(limit: Standing['limit']): Standing {
  return { limit, burst: 1, seconds: 600, used: 2, resetsIn: 371.2 };
}

interface Shot {
  readonly url?: string;
  readonly headers?: Record<string, string>;
  readonly payload?: string;
}

function submit({ url = '/', headers = {}, payload }: Shot = {}) {
  return app.inject({
    method: 'POST',
    url,
    headers: { 'sec-fetch-site': 'same-origin', ...headers },
    payload: payload ?? new URLSearchParams(TYPED).toString(),
  });
}

function expectAllTyped(body: string): void {
  expect(body).toMatch(
    /<textarea[^>]*>\ntyped &lt;b>\n(?:"|&quot;)all(?:"|&quot;) of it<\/textarea>/,
  );
  expect(body).toMatch(/<option (?:selected value="300"|value="300" selected)/);
  expect(body).toContain('value="pass &quot;word&quot;"');
  expect(body).toMatch(/name="passphrase_attempts"[^>]* value="7"/);
  expect(body).toMatch(/<details open>/);
  expect(body).toContain('role="alert"');
  expect(body).toMatch(/name="press" value="[\w-]{43}"/);
}

describe('a create form', () => {
  it.each(['CREATE', 'CREATE_WIDE', 'CREATE_ACCOUNT', 'CREATE_DOMAIN'] as const)(
    'that the limit %s refuses comes back with the seconds to wait',
    async (limit) => {
      standing = usedUp(limit);
      const { statusCode, headers, body } = await submit();
      expect([statusCode, headers['retry-after']]).toEqual([429, '372']);
      expect(headers['ratelimit']).toContain('r=0;t=372');
      expect(body).toContain('Nothing was done. Try again in 372 seconds, which is 7 minutes.');
      expectAllTyped(body);
      expect(concealed).toEqual([]);
    },
  );

  it.each(['busy', 'unavailable'] as const)('that is refused as %s comes back', async (code) => {
    refusal = new AppError(code, 'x', { retryAfterSeconds: 4 });
    const { statusCode, headers, body } = await submit();
    expect([statusCode, headers['retry-after']]).toEqual([503, '4']);
    expect(body).toContain('could not be stored. Try again in 4 seconds.');
    expectAllTyped(body);
  });

  it.each<[string, number, Shot]>([
    ['another origin', 403, { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['wrong credentials', 401, { headers: { authorization: 'none' } }],
  ])('from %s comes back, and nothing is done', async (_name, status, shot) => {
    await app.close();
    app = await startInMemoryApp({
      controllers: [CreatePageController],
      tenant: TENANT,
      account: () => null,
    });
    const { statusCode, body } = await submit(shot);
    expect(statusCode).toBe(status);
    expectAllTyped(body);
  });

  it('comes back after a fault of ours', async () => {
    refusal = new TypeError('a fault') as AppError;
    const { statusCode, body } = await submit();
    expect(statusCode).toBe(500);
    expectAllTyped(body);
    expect(body).not.toContain('a fault');
  });

  it('that is no UTF-8 comes back with replacement characters', async () => {
    const payload = `${new URLSearchParams(TYPED).toString()}&x=%FF`;
    const { statusCode, body } = await submit({ payload });
    expect(statusCode).toBe(400);
    expectAllTyped(body);
    const broken = await submit({ payload: 'secret=caf%E9+au+lait' });
    expect(broken.body).toContain('caf\uFFFD au lait');
  });

  it('that is refused on a private domain gives the message back to copy', async () => {
    refusal = new AppError('forbidden', 'Public sharing disabled for domain: x.example');
    const { statusCode, body } = await submit();
    expect(statusCode).toBe(403);
    expect(body).toContain('Your message was not stored');
    expect(body).toContain('typed &lt;b>');
  });
});

describe('the other forms', () => {
  it.each([
    [`/secret/${SECRET_KEY}`, `/secret/${SECRET_KEY}`],
    [`/receipt/${METADATA_KEY}/burn`, `/receipt/${METADATA_KEY}`],
    [`/receipt/${METADATA_KEY}/value`, `/receipt/${METADATA_KEY}`],
  ])('at %s have a way back when a limit or their origin refuses them', async (url, back) => {
    standing = usedUp('OPEN');
    const limited = await submit({ url, payload: 'passphrase=right' });
    expect([limited.statusCode, limited.headers['retry-after']]).toEqual([429, '372']);
    expect(limited.body).toContain('Try again in 372 seconds');
    expect(limited.body).toContain(`href="${back}"`);
    const foreign = await submit({ url, headers: { 'sec-fetch-site': 'cross-site' } });
    expect(foreign.statusCode).toBe(403);
    expect(foreign.body).toContain(`href="${back}"`);
  });

  it('repeat nothing of a path that is no key', async () => {
    standing = usedUp('OPEN');
    const { body } = await submit({ url: '/secret/canary%22%3Ex' });
    expect(body).not.toContain('canary');
  });
});

describe('how many wrong passphrases delete the message', () => {
  it('is chosen in the form, and said on the created page and the receipt', async () => {
    expect((await app.inject('/')).body).toContain('name="passphrase_attempts"');
    const { headers } = await submit();
    expect(concealed).toMatchObject([{ guessesMax: 7, passphrase: TYPED.passphrase }]);
    for (const path of [String(headers.location), `/receipt/${METADATA_KEY}`])
      expect((await app.inject(path)).body).toContain('after 7 more wrong passphrases');
  });

  it.each(['', ' '])('is not limited when it is %j', async (passphrase_attempts) => {
    await submit({ payload: new URLSearchParams({ ...TYPED, passphrase_attempts }).toString() });
    expect(concealed).toMatchObject([{ guessesMax: null }]);
  });

  it.each([
    ['0', 'x'],
    ['101', 'x'],
    ['1.5', 'x'],
    ['-1', 'x'],
    ['many', 'x'],
    ['3', ''],
  ])('is refused when it is %j with the passphrase %j', async (passphrase_attempts, passphrase) => {
    const fields = { ...TYPED, passphrase_attempts, passphrase };
    const { statusCode, body } = await submit({ payload: new URLSearchParams(fields).toString() });
    expect(statusCode).toBe(400);
    expect(body).toMatch(/role="alert"[^<]*>[^<]*wrong/);
    expect(body).toContain(`value="${passphrase_attempts}"`);
    expect(body).toContain('typed &lt;b>');
    expect(concealed).toEqual([]);
  });
});
