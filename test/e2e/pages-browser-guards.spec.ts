import type { OutgoingHttpHeaders } from 'node:http';
import { PagesModule } from '../../src/pages/pages.module.js';
import { browserSession } from '../support/browser-session.js';
import { GatewayProcess } from '../support/gateway-process.js';
import type { Answer } from '../support/https-client.js';
import { confirmedIn } from '../support/person.js';
import { routesOf } from '../support/route-table.js';
import { V1Caller, type Metadata } from '../support/v1-caller.js';

const FROM_OUR_PAGE = { 'sec-fetch-site': 'same-origin' };

let gateway: GatewayProcess;
let anonymous: V1Caller;
let origin: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  anonymous = new V1Caller(gateway, 'eu');
  origin = `https://eu.onetime.localhost:${gateway.ports.https}`;
});

afterAll(() => gateway.stop());

const look = (path: string, method = 'GET'): Promise<Answer> =>
  gateway.call('eu', { path, method });

/** The press of a person, with these headers. */
async function post(path: string, headers: OutgoingHttpHeaders, body = {}): Promise<Answer> {
  const { text } = await look(path.replace(/\/(?:burn|value)$/, ''));
  return gateway.call('eu', { path, headers, body: { ...confirmedIn(text, path), ...body } });
}

/** Each POST route of the pages, with a body that it accepts. */
const POSTS: readonly (readonly [
  name: string,
  pathOf: (made: Metadata) => string,
  body: object,
])[] = [
  ['create', () => '/', { secret: 'hello' }],
  ['open', ({ secret_key }) => `/secret/${secret_key}`, {}],
  ['burn', ({ metadata_key }) => `/receipt/${metadata_key}/burn`, {}],
  ['show the value', ({ metadata_key }) => `/receipt/${metadata_key}/value`, {}],
];

describe('a POST that is not from a page of the same origin', () => {
  const foreign: Readonly<Record<string, () => OutgoingHttpHeaders>> = {
    'another site': () => ({ origin: 'https://evil.example' }),
    'an opaque origin': () => ({ origin: 'null' }),
    'the same host over HTTP': () => ({ origin: origin.replace('https', 'http') }),
    'the same host on another port': () => ({ origin: 'https://eu.onetime.localhost' }),
    'the other region': () => ({ origin: origin.replace('eu.', 'us.') }),
    'a host that begins like the origin': () => ({ origin: `${origin}.evil.example` }),
    'another site, by Sec-Fetch-Site': () => ({ origin, 'sec-fetch-site': 'cross-site' }),
    'another host of the same site, by Sec-Fetch-Site': () => ({
      origin,
      'sec-fetch-site': 'same-site',
    }),
    'another site, with the Referer of a page': () => ({
      origin: 'https://evil.example',
      referer: `${origin}/`,
    }),
    'a client without Origin': () => ({}),
  };

  it.each(Object.keys(foreign))('but from %s is refused and changes nothing', async (name) => {
    const made = await anonymous.generate();
    for (const [, pathOf, body] of POSTS) {
      const answer = await post(pathOf(made), foreign[name]?.() ?? {}, body);
      expect([answer.status, answer.headers['content-type']]).toEqual([
        403,
        'text/html; charset=utf-8',
      ]);
      expect(answer.text).not.toContain(String(made['value']));
      // A refused press of the message's own page leads back to it; no other answer knows a link.
      const links = answer.text.replaceAll(`/secret/${made.secret_key}`, '');
      expect(pathOf(made).startsWith('/secret/') ? links : answer.text).not.toContain('/secret/');
    }
    // As before: the answer to `generate` counts as a look at the receipt.
    expect((await anonymous.metadata(made.metadata_key)).state).toBe('viewed');
    const value = await post(`/receipt/${made.metadata_key}/value`, FROM_OUR_PAGE);
    expect(value.text).toContain(String(made['value']));
    expect((await anonymous.reveal(made.secret_key)).json()).toMatchObject({
      value: made['value'],
    });
  });

  it.each<readonly [string, () => OutgoingHttpHeaders]>([
    ['Sec-Fetch-Site is same-origin', () => FROM_OUR_PAGE],
    ['its Origin is the page’s', () => ({ origin })],
    ['both are so', () => ({ ...FROM_OUR_PAGE, origin })],
  ])('is accepted when %s', async (_name, headers) => {
    expect((await post('/', headers(), { secret: 'hello' })).status).toBe(303);
    const { secret_key } = await anonymous.share('hello');
    expect((await post(`/secret/${secret_key}`, headers())).status).toBe(200);
  });
});

// Mail programs unsubscribe from anywhere, and the page of a set-up link ignores the session.
const forms = routesOf([PagesModule]).filter(
  ({ method, path }) => method === 'POST' && !/^\/(?:unsubscribe|setup)\//.test(path),
);
it('no form is taken with a session but without its token, or from elsewhere', async () => {
  const email = 'guarded@example.com';
  await gateway.account('eu', email);
  const { cookie = '', 'x-csrf-token': csrf = '' } = await browserSession(gateway, email, origin);
  const call = async (path: string, headers: Record<string, string>, token: string) =>
    (
      await gateway.call('eu', {
        method: 'POST',
        path,
        headers,
        body: { name: 'x', csrf: token },
      })
    ).status;
  const taken: string[] = [];
  for (const { path } of forms) {
    const real = path.replace(':id', '5b1c1f0a-7f0c-4f0e-9d0e-2f4f5b0b7c11');
    const statuses = [
      await call(real, { cookie, 'sec-fetch-site': 'same-origin' }, ''),
      await call(real, { cookie, origin }, `${csrf}x`),
      await call(real, { cookie, 'sec-fetch-site': 'cross-site' }, csrf),
      await call(real, { cookie, origin: 'https://evil.example' }, csrf),
      await call(real, { cookie }, csrf),
    ];
    if (statuses.some((status) => status !== 403)) taken.push(`${path} ${statuses.join(' ')}`);
  }
  expect(taken).toEqual([]);
  expect(forms.length).toBeGreaterThan(25);
});

describe('GET and HEAD', () => {
  it('change nothing, twenty times each', async () => {
    const value = 'looked at forty times';
    const { secret_key, metadata_key } = await anonymous.share(value);
    const paths = [`/secret/${secret_key}`, `/receipt/${metadata_key}`, `/private/${metadata_key}`];
    for (const path of paths) {
      for (let times = 0; times < 20; times += 1) {
        const [seen, head] = await Promise.all([look(path), look(path, 'HEAD')]);
        expect([seen.status, head.status, head.text]).toEqual([200, 200, '']);
        expect(seen.text).not.toContain(value);
      }
    }
    expect((await anonymous.metadata(metadata_key)).state).toBe('new');
    expect((await anonymous.reveal(secret_key)).json()).toMatchObject({ value });
  });

  it.each(['burn', 'value'])('find no page at /receipt/KEY/%s', async (word) => {
    const { metadata_key, secret_key } = await anonymous.generate();
    expect((await look(`/receipt/${metadata_key}/${word}`)).status).toBe(404);
    expect((await anonymous.reveal(secret_key)).status).toBe(200);
  });

  it('show neither the metadata key nor the value at the link', async () => {
    const { secret_key, metadata_key } = await anonymous.share('hello');
    const { text } = await look(`/secret/${secret_key}`);
    expect(text).not.toContain(metadata_key);
    expect(text).not.toContain('hello');
  });
});

describe('every page', () => {
  const pages: Readonly<Record<string, () => Promise<Answer>>> = {
    create: () => look('/'),
    redirect: () => post('/', FROM_OUR_PAGE, { secret: 'hello' }),
    created: async () => {
      const { headers } = await post('/', FROM_OUR_PAGE, { secret: 'hello' });
      return look(String(headers.location));
    },
    'a refused form': () => post('/', FROM_OUR_PAGE, {}),
    envelope: async () => look(`/secret/${(await anonymous.share('hello')).secret_key}`),
    revealed: async () =>
      post(`/secret/${(await anonymous.share('hello')).secret_key}`, FROM_OUR_PAGE),
    gone: () => look('/secret/nothing'),
    receipt: async () => look(`/receipt/${(await anonymous.share('hello')).metadata_key}`),
    burned: async () =>
      post(`/receipt/${(await anonymous.share('hello')).metadata_key}/burn`, FROM_OUR_PAGE),
    'no receipt': () => look('/receipt/nothing'),
    'not found': () => look('/nothing/here'),
    refused: () => post('/', { origin: 'null' }),
  };

  it.each(Object.keys(pages))('%s has all headers of a page', async (name) => {
    const answer = await pages[name]?.();
    expect(answer?.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex, nofollow, noarchive',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('clipboard-write=(self)'),
      'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
      'x-request-id': expect.stringMatching(/^\S+$/),
    });
    const policy = String(answer?.headers['content-security-policy']).split('; ');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        expect.stringMatching(/^script-src 'sha256-[\w+/]{43}='$/),
        "require-trusted-types-for 'script'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy.join()).not.toContain('unsafe');
    expect(answer?.headers).not.toHaveProperty('set-cookie');
  });

  it('revealed clears the browser’s cache', async () => {
    const answer = await pages['revealed']?.();
    expect(answer?.headers['clear-site-data']).toBe('"cache"');
  });

  it('links a stylesheet that browsers may cache', async () => {
    const [, path = ''] =
      /<link rel="stylesheet" href="([^"]+)"/.exec((await look('/')).text) ?? [];
    const { status, headers } = await look(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
    expect(headers['cache-control']).toContain('immutable');
  });

  it('opens under the host of its link only', async () => {
    const { secret_key } = await anonymous.share('hello');
    expect((await gateway.call('us', { path: `/secret/${secret_key}` })).status).toBe(404);
    const elsewhere = { path: `/secret/${secret_key}`, headers: FROM_OUR_PAGE, method: 'POST' };
    expect((await gateway.call('us', elsewhere)).status).toBe(404);
    expect((await anonymous.reveal(secret_key)).status).toBe(200);
  });
});
