import { outcomeOf } from '../support/v1-caller.js';
import { v1Scene } from '../support/v1-scene.js';

const NOT_FOUND = [404, { error: 'Not Found' }];
const NOT_AUTHORIZED = [404, { message: 'Not authorized' }];
const STATUS = { status: 'nominal', locale: 'en' };
const RECEIPT_NAMES = ['private', 'metadata', 'receipt'] as const;

const scene = v1Scene();

describe('status routes', () => {
  it('GET /status needs no account', async () => {
    expect(outcomeOf(await scene.anonymous.get('/status'))).toEqual([200, STATUS]);
    expect(outcomeOf(await scene.sender.get('/status'))).toEqual([200, STATUS]);
  });

  it('GET /authcheck needs an account', async () => {
    expect(outcomeOf(await scene.sender.get('/authcheck'))).toEqual([200, STATUS]);
    const refused = await scene.anonymous.get('/authcheck');
    expect(outcomeOf(refused)).toEqual(NOT_AUTHORIZED);
    expect(refused.headers['x-ots-intended-status']).toBe('401');
    expect(refused.headers).not.toHaveProperty('www-authenticate');
  });
});

describe('routes that create a secret', () => {
  it.each(['/share', '/create'])(
    'POST %s stores a value, with and without an account',
    async (path) => {
      for (const caller of [scene.anonymous, scene.sender]) {
        const answer = await caller.post(path, { secret: `stored by ${path}` });
        expect(answer.status).toBe(200);
        const revealed = await scene.anonymous.reveal(
          answer.json<{ secret_key: string }>().secret_key,
        );
        expect(revealed.json()).toMatchObject({ value: `stored by ${path}` });
      }
    },
  );

  it('POST /generate generates the value, with and without an account', async () => {
    for (const caller of [scene.anonymous, scene.sender]) {
      const { value, secret_key } = await caller.generate();
      expect((await scene.anonymous.reveal(secret_key)).json()).toMatchObject({ value });
    }
  });
});

describe('slashes too many', () => {
  const exchange = async (method: string, path: string, body?: string) => {
    const options = body === undefined ? {} : { body };
    return outcomeOf(await scene.gateway.call('eu', { method, path, ...options }));
  };

  it('reach the route', async () => {
    for (const path of ['//api/v1/status', '/api//v1///status//', '/api/v1/status/']) {
      expect(await exchange('GET', path)).toEqual([200, STATUS]);
    }
    const { secret_key, metadata_key } = await scene.anonymous.share('hello');
    const shared = await exchange('POST', '//api//v1///share', 'secret=hello');
    expect(shared).toMatchObject([200, { state: 'new' }]);
    const receipt = await exchange('GET', `/api//v1/private/${metadata_key}/`);
    expect(receipt).toMatchObject([200, { metadata_key }]);
    const revealed = await exchange('POST', `/api/v1//secret//${secret_key}/`);
    expect(revealed).toMatchObject([200, { value: 'hello' }]);
    expect(await exchange('GET', '//api//domains/')).toMatchObject([401, {}]);
  });

  it('do not hide a key, a verb or a permission', async () => {
    expect(await exchange('GET', '//api//v1//share/')).toEqual(NOT_FOUND);
    expect(await exchange('GET', '//api//v1//authcheck/')).toEqual(NOT_AUTHORIZED);
    expect(await exchange('POST', '//api/v1//secret//')).toEqual(NOT_FOUND);
  });
});

describe('routes with a key', () => {
  it('POST /secret/:key reveals', async () => {
    const { secret_key } = await scene.sender.share('hello');
    expect((await scene.anonymous.reveal(secret_key)).json()).toEqual({
      value: 'hello',
      secret_key,
      share_domain: `https://eu.onetime.localhost:${scene.gateway.ports.https}`,
    });
  });

  it.each(RECEIPT_NAMES)(
    'GET and POST /%s/:key show the receipt without an account',
    async (name) => {
      const { metadata_key } = await scene.sender.share('hello');
      for (const method of ['GET', 'POST']) {
        const answer = await scene.anonymous.send({ method, path: `/${name}/${metadata_key}` });
        expect(answer.status).toBe(200);
        expect(answer.json()).toMatchObject({ metadata_key });
      }
    },
  );

  it.each(RECEIPT_NAMES)('POST /%s/:key/burn burns without an account', async (name) => {
    const { metadata_key, secret_key } = await scene.sender.share('hello');
    const answer = await scene.anonymous.post(`/${name}/${metadata_key}/burn`);
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ state: { metadata_key, state: 'burned' } });
    expect((await scene.anonymous.reveal(secret_key)).status).toBe(404);
  });

  it.each(RECEIPT_NAMES)(
    'GET and POST /%s/recent list the receipts of an account',
    async (name) => {
      const { metadata_key } = await scene.sender.share('hello');
      for (const method of ['GET', 'POST']) {
        const answer = await scene.sender.send({ method, path: `/${name}/recent` });
        expect(answer.status).toBe(200);
        expect(answer.json<{ metadata_key: string }[]>()[0]).toMatchObject({ metadata_key });
        expect(outcomeOf(await scene.anonymous.send({ method, path: `/${name}/recent` }))).toEqual(
          NOT_AUTHORIZED,
        );
      }
    },
  );
});

describe('everything else', () => {
  it.each([
    ['GET', '/share'],
    ['GET', '/create'],
    ['GET', '/generate'],
    ['PUT', '/share'],
    ['DELETE', '/share'],
    ['PATCH', '/generate'],
    ['POST', '/status'],
    ['POST', '/authcheck'],
    ['GET', '/secret/0123456789012345678901234567890'],
    ['DELETE', '/secret/0123456789012345678901234567890'],
    ['POST', '/secret'],
    ['POST', '/secret/a/b'],
    ['GET', '/private'],
    ['GET', '/private/a/burn'],
    ['DELETE', '/private/0123456789012345678901234567890'],
    ['GET', '/receipt/a/b/c'],
    ['GET', '/nothing'],
    ['POST', '/Share'],
    ['GET', ''],
  ])('%s %s is not found', async (method, path) => {
    expect(outcomeOf(await scene.anonymous.send({ method, path }))).toEqual(NOT_FOUND);
  });

  it.each(['/api', '/api/', '/api/v9/status', '/api/v1', '/api//v9/status'])(
    'nor is %s',
    async (path) => {
      const answer = await scene.gateway.call('eu', { path });
      expect(outcomeOf(answer)).toEqual(NOT_FOUND);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    },
  );

  it('does not reveal by GET or HEAD', async () => {
    const { secret_key } = await scene.anonymous.share('hello');
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']) {
      await scene.anonymous.send({ method, path: `/secret/${secret_key}` });
    }
    expect((await scene.anonymous.reveal(secret_key)).status).toBe(200);
  });
});

describe('headers', () => {
  it('are the same on success, refusal and 404', async () => {
    const answers = await Promise.all([
      scene.anonymous.get('/status'),
      scene.anonymous.get('/authcheck'),
      scene.anonymous.post('/share', { secret: 'hello' }),
      scene.anonymous.post('/share', {}),
      scene.anonymous.reveal('0123456789012345678901234567890'),
      scene.anonymous.get('/nothing'),
    ]);
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'cross-origin-resource-policy': 'same-origin',
        'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
        'x-request-id': expect.stringMatching(/^\S+$/),
      });
      expect(headers).not.toHaveProperty('set-cookie');
      expect(headers).not.toHaveProperty('deprecation');
    }
  });

  it.each(['/status', '/share', '/create', '/generate', '/secret/0123456789012345678901234567890'])(
    'let other origins call %s',
    async (path) => {
      const preflight = await scene.anonymous.send({
        method: 'OPTIONS',
        path,
        headers: { origin: 'https://other.example', 'access-control-request-method': 'POST' },
      });
      expect([200, 204]).toContain(preflight.status);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers': 'Content-Type, Authorization',
        'access-control-max-age': '86400',
      });
      const method = path === '/status' ? 'GET' : 'POST';
      const answer = await scene.anonymous.send({
        method,
        path,
        headers: { origin: 'https://other.example' },
      });
      expect(answer.headers['access-control-allow-origin']).toBe('*');
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
    },
  );

  it.each(['/authcheck', '/private/recent', '/private/0123456789012345678901234567890'])(
    'do not let other origins call %s',
    async (path) => {
      const answer = await scene.sender.send({
        path,
        headers: { origin: 'https://other.example' },
      });
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});

describe('HEAD', () => {
  it('answers like GET without a body, and leaves a new secret new', async () => {
    const { metadata_key } = await scene.anonymous.share('hello');
    const head = await scene.anonymous.send({ method: 'HEAD', path: `/private/${metadata_key}` });
    expect([head.status, head.text]).toEqual([200, '']);
    expect((await scene.anonymous.metadata(metadata_key)).state).toBe('new');
    expect((await scene.anonymous.metadata(metadata_key)).state).toBe('viewed');
  });
});
