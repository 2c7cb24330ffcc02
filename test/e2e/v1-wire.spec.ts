import { gzipSync } from 'node:zlib';
import { GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { readRawAnswer, secureConnection } from '../support/raw-exchange.js';

const EU = 'eu.onetime.localhost';
const KEY = '0123456789abcdefghijklmnopqrstu';

let gateway: GatewayProcess;
let client: Http2Client;
let auth: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  client = await Http2Client.connect(gateway.target(EU));
  ({ auth } = await gateway.account('eu', 'sender@example.com'));
});

afterAll(async () => {
  client.close();
  await gateway.stop();
});

interface Request {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

async function overHttp1({ method, path, headers = {}, body }: Request): Promise<Outcome> {
  return gateway.call('eu', {
    method: method ?? 'GET',
    path,
    headers: { host: EU, 'content-length': Buffer.byteLength(body ?? ''), ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

function overHttp2({ method = 'GET', path, headers = {}, body }: Request): Promise<Outcome> {
  const pseudo = { ':method': method, ':path': path, ':authority': EU };
  return client.request({ ...pseudo, ...headers }, body);
}

/** What must not depend on the version: all but the connection's own headers and what is new in each answer. */
function comparable({ status, headers, text }: Outcome) {
  const own =
    /^(?::status|connection|keep-alive|date|x-request-id|content-length|transfer-encoding)$/;
  const kept = Object.entries(headers).filter(([name]) => !own.test(name));
  const steady = text
    .replace(/[0-9a-z]{31}/g, 'KEY')
    // A page's form has a nonce of its own.
    .replace(/name="press" value="[^"]+"/, 'name="press"')
    .replace(/"request_id":"[^"]+"/, '"request_id":"ID"')
    .replace(/"(created|updated)":\d+/g, '"$1":0');
  return { status, headers: Object.fromEntries(kept), text: steady };
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const SHARE = { method: 'POST', path: '/api/v1/share', body: 'secret=hello&ttl=3600' } as const;

describe('the same request over HTTP/1.1 and HTTP/2', () => {
  const requests: readonly (readonly [string, number, Request])[] = [
    ['status', 200, { path: '/api/v1/status' }],
    ['HEAD', 200, { method: 'HEAD', path: '/api/v1/status' }],
    ['a preflight', 204, { method: 'OPTIONS', path: '/api/v1/share' }],
    ['slashes too many', 200, { path: '//api//v1///status/' }],
    ['an unknown path', 404, { path: '/api/v1/nope' }],
    ['a path that does not decode', 404, { method: 'POST', path: '/api/v1/secret/%zz' }],
    ['an unknown method', 404, { method: 'PROPFIND', path: '/api/v1/status' }],
    ['an unknown key', 404, { method: 'POST', path: `/api/v1/secret/${KEY}` }],
    ['share', 200, { ...SHARE, headers: FORM }],
    ['share without a type', 200, SHARE],
    ['share with an empty type', 200, { ...SHARE, headers: { 'content-type': '' } }],
    ['share with an invalid type', 200, { ...SHARE, headers: { 'content-type': 'x; y' } }],
    [
      'share with every kind of token',
      200,
      { ...SHARE, headers: { 'content-type': 'a!#$&^_.+-/b*\'`|~%; x="a\\"b;c"' } },
    ],
    ['share by the query', 200, { method: 'POST', path: '/api/v1/share?secret=hello&ttl=3600' }],
    [
      'JSON',
      200,
      {
        ...SHARE,
        body: '{"secret":"hello","ttl":3600}',
        headers: { 'content-type': 'application/json;charset="utf-8"' },
      },
    ],
    [
      'broken JSON',
      404,
      { ...SHARE, body: '{"secret":', headers: { 'content-type': 'application/json' } },
    ],
    ['nothing to share', 404, { method: 'POST', path: '/api/v1/share' }],
    ['bytes that are not UTF-8', 404, { ...SHARE, body: Buffer.from([0x73, 0xff]) }],
    ['more than 1 MiB', 413, { ...SHARE, body: Buffer.alloc(1_100_000, 's') }],
    ['gzip', 415, { ...SHARE, headers: { 'content-encoding': 'gzip' } }],
    ['identity', 200, { ...SHARE, headers: { 'content-encoding': 'Identity, ,' } }],
    ['credentials', 200, { path: '/api/v1/authcheck', headers: { authorization: '@' } }],
    [
      'credentials after spaces',
      200,
      { path: '/api/v1/authcheck', headers: { authorization: 'bASIC   @' } },
    ],
    [
      'credentials that end early',
      404,
      { path: '/api/v1/status', headers: { authorization: 'Basic' } },
    ],
    [
      'wrong credentials',
      404,
      { path: '/api/v1/status', headers: { authorization: basic('a:b') } },
    ],
    ['two credentials in one', 404, { path: '/api/v1/status', headers: { authorization: '@, @' } }],
    ['another scheme', 404, { path: '/api/v1/status', headers: { authorization: 'Bearer x' } }],
    ['a typed API without an account', 401, { path: '/api/domains' }],
    [
      'an idempotency key that is empty',
      422,
      {
        method: 'POST',
        path: '/api/domains',
        body: '{}',
        headers: { authorization: '@', 'idempotency-key': '' },
      },
    ],
    ['an expectation', 417, { ...SHARE, headers: { expect: 'tea' } }],
    [
      'an expectation that looks like the known one',
      417,
      { ...SHARE, headers: { expect: 'x-100-continue' } },
    ],
    ['the known expectation in capitals', 200, { ...SHARE, headers: { expect: '100-Continue' } }],
    ['a page', 200, { path: '/' }],
    ['an unknown page', 404, { path: '/nope' }],
    [
      'a form from another site',
      403,
      { method: 'POST', path: '/', body: 'secret=x', headers: { origin: 'https://other.example' } },
    ],
    ['a form from no site', 403, { method: 'POST', path: '/', body: 'secret=x' }],
    [
      'a form that is not UTF-8',
      400,
      {
        method: 'POST',
        path: '/',
        body: 'secret=%ff',
        headers: { 'sec-fetch-site': 'same-origin' },
      },
    ],
    [
      'a compressed form',
      415,
      {
        method: 'POST',
        path: '/',
        body: 'secret=x',
        headers: { 'sec-fetch-site': 'same-origin', 'content-encoding': 'br' },
      },
    ],
  ];

  it.each(requests)('%s gets the same answer, %i', async (_name, status, request) => {
    const headers = Object.fromEntries(
      Object.entries(request.headers ?? {}).map(([name, value]) => {
        const credentials =
          value.includes('asic') || value.includes('ASIC') ? basic(auth).slice(6) : basic(auth);
        return [name, value.replaceAll('@', credentials)];
      }),
    );
    const [first, second] = [
      await overHttp1({ ...request, headers }),
      await overHttp2({ ...request, headers }),
    ];
    expect([first.status, second.status]).toEqual([status, status]);
    expect(comparable(second)).toEqual(comparable(first));
  });
});

describe('an encoded body', () => {
  const zipped = gzipSync('secret=hello');

  it.each([
    'gzip',
    'GZIP',
    'deflate',
    'br',
    'zstd',
    'x-gzip',
    'aes128gcm',
    'identity, gzip',
    'gzip;q=1',
  ])('in %j is refused with what is accepted, on every surface', async (coding) => {
    const headers = {
      'content-encoding': coding,
      'sec-fetch-site': 'same-origin',
      authorization: basic(auth),
    };
    for (const path of [
      '/api/v1/share',
      '/api/v1/generate',
      `/api/v1/secret/${KEY}`,
      '/api/domains',
      '/',
      `/secret/${KEY}`,
    ]) {
      const answer = await overHttp1({ method: 'POST', path, headers, body: zipped });
      expect([path, answer.status, answer.headers['accept-encoding']]).toEqual([
        path,
        415,
        'identity',
      ]);
      const type = path.startsWith('/api') ? /^application\/json/ : /^text\/html/;
      expect(answer.headers['content-type']).toMatch(type);
    }
  });

  it('that is empty has nothing to decode', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const path = '/api/v1/share?secret=hello';
    expect((await overHttp1({ method: 'POST', path, headers })).status).toBe(200);
    expect((await overHttp2({ method: 'POST', path, headers })).status).toBe(200);
  });

  it.each([
    ['gzip, chunked', 415],
    ['identity, chunked', 200],
    ['Chunked', 200],
    ['gzip', 400],
  ])('by Transfer-Encoding %s is never read as text: %i', async (coding, status) => {
    const socket = await secureConnection(gateway.target(EU));
    const lines = ['POST /api/v1/share HTTP/1.1', `Host: ${EU}`, `Transfer-Encoding: ${coding}`];
    socket.write(`${lines.join('\r\n')}\r\n\r\n8\r\nsecret=x\r\n0\r\n\r\n`);
    expect((await readRawAnswer(socket)).status).toBe(status);
    socket.destroy();
  });
});

describe('Expect: 100-continue', () => {
  const head = (path: string, ...fields: string[]): string =>
    [`POST ${path} HTTP/1.1`, `Host: ${EU}`, ...fields, 'Expect: 100-continue', '', ''].join(
      '\r\n',
    );

  it('is answered by 100, and the connection stays', async () => {
    const socket = await secureConnection(gateway.target(EU));
    for (const expected of [200, 200]) {
      socket.write(head('/api/v1/share', 'Content-Length: 8'));
      expect((await readRawAnswer(socket)).status).toBe(100);
      const answer = readRawAnswer(socket);
      socket.write('secret=x');
      expect((await answer).status).toBe(expected);
    }
    socket.destroy();
  });

  it.each([
    ['an encoded body', 415, head('/api/v1/share', 'Content-Length: 8', 'Content-Encoding: gzip')],
    [
      'an encoded body in chunks',
      415,
      head('/api/v1/share', 'Transfer-Encoding: chunked', 'Content-Encoding: br'),
    ],
    ['another host', 421, head('/api/v1/share', 'Content-Length: 8').replace(EU, 'nobody.example')],
    [
      'too much on a page',
      413,
      head('/', 'Content-Length: 1048577', 'Sec-Fetch-Site: same-origin'),
    ],
    ['a page of another origin', 403, head('/', 'Content-Length: 1048577')],
  ])('is answered by the final status for %s: %i', async (_what, status, request) => {
    const socket = await secureConnection(gateway.target(EU));
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.write(request);
    const answer = await readRawAnswer(socket);
    expect([answer.status, answer.headers['connection']]).toEqual([status, 'close']);
    await closed;
  });

  it('over HTTP/2 is answered by the final status too', async () => {
    const headers = { expect: '100-continue', 'content-length': '2000000' };
    const pseudo = { ':method': 'POST', ':path': '/api/v1/share', ':authority': EU };
    const { answer, stream } = client.open({ ...pseudo, ...headers });
    let asked = 0;
    stream.on('continue', () => (asked += 1));
    await new Promise((resolve) => stream.once('response', resolve));
    stream.close();
    expect([(await answer).status, asked]).toEqual([413, 0]);
    const small = client.open({ ...pseudo, expect: '100-continue' });
    await new Promise((resolve) => small.stream.once('continue', resolve));
    small.stream.end('secret=x');
    expect((await small.answer).status).toBe(200);
  });
});
