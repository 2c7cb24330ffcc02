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
import type { ConcealSecret } from '../../secrets/receipt.js';
import type { RecentReceipt } from '../../secrets/recent-receipts.js';
import { AppError } from '../../shared/app-error.js';
import { V1ReceiptsController } from './v1-receipts.controller.js';
import { V1SecretsController } from './v1-secrets.controller.js';

const gone = (): AppError => new AppError('secret_gone', 'gone');

/** The services, holding one secret. */
class FakeServices {
  readonly concealed: ConcealSecret[] = [];
  readonly viewed: boolean[] = [];

  readonly secrets = {
    conceal: async (_caller: unknown, command: ConcealSecret) => {
      if (command.value === '') throw new AppError('invalid_request', 'nothing to share');
      this.concealed.push(command);
      return aReceipt({ kind: command.kind, hasPassphrase: command.passphrase !== null });
    },
    reveal: async (_caller: unknown, key: string, passphrase: string | null) => {
      if (key !== SECRET_KEY || passphrase === 'wrong') throw gone();
      return aRevealedSecret();
    },
  };

  readonly receipts = {
    show: async (_caller: unknown, key: string, { markViewed }: { markViewed: boolean }) => {
      if (key !== METADATA_KEY) throw gone();
      this.viewed.push(markViewed);
      return aReceipt();
    },
    burn: async (_caller: unknown, key: string, passphrase: string | null) => {
      if (key !== METADATA_KEY) throw gone();
      if (passphrase === 'wrong') throw new AppError('wrong_passphrase', 'wrong');
      return { receipt: aReceipt({ state: 'burned' }), secretShortKey: 'abcdef' };
    },
    recent: async (_account: unknown, _domain: unknown, show: (receipt: RecentReceipt) => void) =>
      show(aReceipt()),
  };
}

let services: FakeServices;
let app: NestFastifyApplication;

beforeEach(async () => {
  services = new FakeServices();
  app = await startInMemoryApp({
    controllers: [V1SecretsController, V1ReceiptsController],
    secrets: services.secrets,
    receipts: services.receipts,
    tenant: TENANT,
    account: ACCOUNT,
  });
});

afterEach(() => app.close());

const SIGNED_IN = { authorization: 'Basic eDp5' };

interface Shot {
  readonly headers?: Record<string, string>;
  readonly payload?: string;
}

function send(method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS' | 'PUT', path: string, shot: Shot = {}) {
  return app.inject({ method, url: `/api/v1${path}`, ...shot });
}

function expectHarmlessJson({ headers }: Awaited<ReturnType<typeof send>>): void {
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers).not.toHaveProperty('set-cookie');
  expect(headers).not.toHaveProperty('www-authenticate');
}

describe('creating a secret', () => {
  it.each(['share', 'create'])('%s answers 200 with both keys', async (route) => {
    const answer = await send('POST', `/${route}?ttl=60`, { payload: 'secret=s3&passphrase=' });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ secret_key: SECRET_KEY, metadata_key: METADATA_KEY });
    expect(services.concealed).toMatchObject([
      { kind: 'share', value: 's3', ttlSeconds: 60, passphrase: null },
    ]);
    expectHarmlessJson(answer);
  });

  it('generate answers with the value that it concealed', async () => {
    const answer = await send('POST', '/generate?length=20');
    const value: unknown = services.concealed[0]?.value;
    expect(value).toHaveLength(20);
    expect(answer.json()).toMatchObject({ value, passphrase_required: false });
    expect(answer.statusCode).toBe(200);
  });

  it('has the reason of a refusal', async () => {
    const answer = await send('POST', '/share');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers['x-ots-intended-status']).toBe('400');
    expect(answer.json()).toEqual({ message: 'nothing to share' });
    expectHarmlessJson(answer);
  });
});

describe('revealing', () => {
  it('answers with the value, the key and the origin', async () => {
    const answer = await send('POST', `/secret/${SECRET_KEY}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      value: 'the value',
      secret_key: SECRET_KEY,
      share_domain: TENANT.origin,
    });
  });

  it('ignores characters that keys never contain', async () => {
    expect((await send('POST', `/secret/${SECRET_KEY}%20.`)).statusCode).toBe(200);
  });

  it('answers every kind of gone with the same bytes, except the echoed key', async () => {
    const wrong = await send('POST', `/secret/${SECRET_KEY}`, { payload: 'passphrase=wrong' });
    const unknown = await send('POST', `/secret/${'x'.repeat(31)}`);
    expect(wrong.statusCode).toBe(404);
    expect(wrong.body.replace(SECRET_KEY, 'x'.repeat(31))).toBe(unknown.body);
    const names = [wrong, unknown].map(({ headers }) => ({ ...headers, date: '' }));
    expect(names[0]).toEqual(names[1]);
    expect(unknown.body).toBe(`{"secret_key":"${'x'.repeat(31)}","message":"Unknown secret"}`);
  });

  it.each([
    ['%zz', 'zz'],
    ['a%20b', 'ab'],
    ['k'.repeat(500), 'k'.repeat(100)],
  ])('answers the malformed key %j like any other that is gone', async (key, echo) => {
    const answer = await send('POST', `/secret/${key}`);
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toBe(`{"secret_key":"${echo}","message":"Unknown secret"}`);
  });

  it('has no GET', async () => {
    const answer = await send('GET', `/secret/${SECRET_KEY}`);
    expect([answer.statusCode, answer.body]).toEqual([404, '{"error":"Not Found"}']);
  });
});

describe('the receipt', () => {
  it.each(['private', 'metadata', 'receipt'])('is at %s by GET and by POST', async (name) => {
    for (const method of ['GET', 'POST'] as const) {
      const answer = await send(method, `/${name}/${METADATA_KEY}`);
      expect(answer.statusCode).toBe(200);
      expect(answer.json()).toMatchObject({ metadata_key: METADATA_KEY, state: 'new' });
    }
    expect(services.viewed).toEqual([true, true]);
  });

  it('is not marked as viewed by HEAD', async () => {
    const answer = await send('HEAD', `/private/${METADATA_KEY}`);
    expect([answer.statusCode, answer.body]).toEqual([200, '']);
    expect(services.viewed).toEqual([false]);
  });

  it.each(['private', 'metadata', 'receipt'])('burns at %s', async (name) => {
    const answer = await send('POST', `/${name}/${METADATA_KEY}/burn`);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      state: { state: 'burned', secret_ttl: null },
      secret_shortkey: 'abcdef',
    });
  });

  it('distinguishes a wrong passphrase from gone on burn, and echoes the metadata key', async () => {
    const payload = 'passphrase=wrong';
    const wrong = await send('POST', `/private/${METADATA_KEY}/burn`, { payload });
    expect(wrong.json()).toEqual({ message: 'Double check that passphrase' });
    expect(wrong.headers['x-ots-intended-status']).toBe('400');
    const unknown = await send('POST', '/private/nobody/burn');
    expect(unknown.json()).toEqual({ secret_key: 'nobody', message: 'Unknown secret' });
    expect(unknown.headers).not.toHaveProperty('x-ots-intended-status');
  });
});

describe('what needs an account', () => {
  const routes = [
    ['GET', '/authcheck'],
    ...['private', 'metadata', 'receipt'].flatMap((name) => [
      ['GET', `/${name}/recent`],
      ['POST', `/${name}/recent`],
    ]),
  ] as ['GET' | 'POST', string][];

  it.each(routes)('%s %s is refused without one, and answers with one', async (method, path) => {
    const refused = await send(method, path);
    expect([refused.statusCode, refused.body]).toEqual([404, '{"message":"Not authorized"}']);
    expect(refused.headers['x-ots-intended-status']).toBe('401');
    expectHarmlessJson(refused);
    expect((await send(method, path, { headers: SIGNED_IN })).statusCode).toBe(200);
  });

  it('has a bare array at recent and the status body at authcheck', async () => {
    const recent = await send('GET', '/private/recent', { headers: SIGNED_IN });
    expect(recent.json()).toMatchObject([{ custid: ACCOUNT.email, secret_ttl: null }]);
    expect(recent.body).not.toContain(SECRET_KEY);
    const { body } = await send('GET', '/authcheck', { headers: SIGNED_IN });
    expect(body).toBe('{"status":"nominal","locale":"en"}');
  });
});

describe('other origins', () => {
  it.each(['status', 'share', 'create', 'generate', `secret/${SECRET_KEY}`])(
    'get an answer to a preflight of %s',
    async (route) => {
      const { statusCode, headers } = await send('OPTIONS', `/${route}`);
      expect(statusCode).toBe(204);
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'Content-Type, Authorization',
        'access-control-max-age': '86400',
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    },
  );

  it('may read answers and errors of these routes, and no receipts', async () => {
    const allowed = [
      await send('POST', '/share', { payload: 'secret=x' }),
      await send('POST', '/share'),
      await send('POST', '/generate'),
      await send('POST', `/secret/${SECRET_KEY}`),
      await send('POST', '/secret/nobody'),
    ];
    for (const { headers } of allowed) expect(headers['access-control-allow-origin']).toBe('*');
    const receipt = await send('GET', `/private/${METADATA_KEY}`);
    expect(receipt.headers).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('everything else below /api', () => {
  it.each(['/api', '/api/', '/api?x=1', '/api/v1', '/api/v9/x', '/%61pi/v9', '/api/v1/share'])(
    'is JSON at %s',
    async (url) => {
      const answer = await app.inject({ method: 'GET', url });
      expect([answer.statusCode, answer.body]).toEqual([404, '{"error":"Not Found"}']);
      expectHarmlessJson(answer);
    },
  );

  it('is JSON after an unexpected error, without its message', async () => {
    services.receipts.show = () => Promise.reject(new Error('hunter2'));
    const answer = await send('GET', `/private/${METADATA_KEY}`);
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ error: 'Internal Server Error' });
    expect(answer.body).not.toContain('hunter2');
    expectHarmlessJson(answer);
  });

  it('is an outage and not "gone" while the database is unavailable', async () => {
    const away = new AppError('unavailable', 'away', { retryAfterSeconds: 7 });
    services.secrets.reveal = () => Promise.reject(away);
    const answer = await send('POST', `/secret/${SECRET_KEY}`);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('7');
    expect(answer.headers['access-control-allow-origin']).toBe('*');
  });
});
