import { GatewayProcess } from '../support/gateway-process.js';
import type { OutgoingHttpHeaders } from 'node:http';
import { Http2Client } from '../support/http2-client.js';
import { rawExchange, secureConnection, type RawAnswer } from '../support/raw-exchange.js';
import { readToEnd } from '../support/tls-client.js';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start();
});
afterAll(() => gateway.stop());

const EU = 'eu.onetime.localhost';
const JSON_TYPE = 'application/json; charset=utf-8';
/** The request line and the Host header. */
const head = (line: string): string => `${line} HTTP/1.1\r\nHost: ${EU}\r\n`;
const send = (text: string): Promise<RawAnswer> => rawExchange(gateway.target(EU), text);

function expectJson(answer: RawAnswer, status: number): void {
  expect([answer.status, answer.headers['content-type']]).toEqual([status, JSON_TYPE]);
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  expect(typeof (body['message'] ?? body['error'])).toBe('string');
  expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
  expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  expectSafe(answer.headers);
}

/** The headers of every answer, and no cookie. */
function expectSafe(headers: Readonly<Record<string, unknown>>): void {
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
  });
  expect(headers['set-cookie']).toBeUndefined();
}

describe('below /api, in JSON', () => {
  it.each([
    'GET /api',
    'GET /api/',
    'POST /api',
    'GET /api/v1',
    'GET /api/v1/',
    'GET /api/v9/status',
    'GET /api/v1/nope',
    'GET /API/v1/status',
    'GET /api;x/v1/status',
    'GET /api%2Fv1%2Fstatus',
    'GET //api//v9/',
    'GET /v1/status',
    'GET /api/v1/share',
    'GET /api/v1/secret/0123456789abcdefghijklmnopqrstu',
    'PUT /api/v1/share',
    'PATCH /api/v1/share',
    'DELETE /api/v1/status',
    'DELETE /api/v1/private/0123456789abcdefghijklmnopqrstu',
    'PROPFIND /api/v1/status',
    'TRACE /api/v1/status',
    'GET /api/..%2f..%2fetc/passwd',
    'GET /%61pi/nope',
  ])('%s is not found', async (line) => {
    const answer = await send(`${head(line)}\r\n`);
    expectJson(answer, 404);
    expect(JSON.parse(answer.body)).toEqual({ error: 'Not Found' });
  });

  it.each([
    ['a path that does not decode', 'POST /api/v1/secret/%zz'],
    ['a path that does not decode to UTF-8', 'POST /api/v1/secret/%c3%28'],
    ['a zero byte', 'POST /api/v1/secret/%00'],
    ['a key of 12,000 characters', `POST /api/v1/secret/${'k'.repeat(12_000)}`],
  ])('%s is an unknown key', async (_, line) => {
    const answer = await send(`${head(line)}Content-Length: 0\r\n\r\n`);
    expectJson(answer, 404);
    expect(JSON.parse(answer.body)).toMatchObject({ message: 'Unknown secret' });
  });

  it.each([
    ['outside a key', 'GET /api/v1/%zz'],
    ['after a key', 'POST /api/v1/private/%zz/%zz'],
  ])('a bad escape %s is not found', async (_, line) => {
    expectJson(await send(`${head(line)}Content-Length: 0\r\n\r\n`), 404);
  });

  it.each([
    ['broken JSON', 'application/json', '{"secret":'],
    ['a multipart body without an end', 'multipart/form-data; boundary=x', '--x\r\n'],
    ['an empty type', '', 'ttl=5'],
    ['an invalid type', 'x; y', 'ttl=5'],
    ['a compressed type', 'application/gzip', '\u001f\u0001'],
  ])('%s is an error of the caller', async (_, type, body) => {
    const fields = `Content-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    expectJson(await send(`${head('POST /api/v1/share')}${fields}`), 404);
  });
});

describe('an invalid request is answered in JSON', () => {
  const status = 'GET /api/v1/status';
  const share = 'POST /api/v1/share';
  it.each<[number, string, string]>([
    [400, 'no HTTP', 'no http at all\r\n\r\n'],
    [400, 'an unknown method', `${head('BREW /api/v1/status')}\r\n`],
    [400, 'an unknown version', `GET /api/v1/status HTTP/7.3\r\nHost: ${EU}\r\n\r\n`],
    [400, 'HTTP/1.0 without a Host', `${status} HTTP/1.0\r\n\r\n`],
    [400, 'a header without a colon', `${head(status)}nonsense\r\n\r\n`],
    [400, 'a space before a colon', `${head(status)}X : y\r\n\r\n`],
    [400, 'a zero byte in a header', `${head(status)}X: \u0000\r\n\r\n`],
    [400, 'two lengths', `${head(share)}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`],
    [
      400,
      'a length and chunked encoding',
      `${head(share)}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    [400, 'a negative length', `${head(share)}Content-Length: -1\r\n\r\n`],
    [400, 'a bad chunk', `${head(share)}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`],
    [417, 'an expectation', `${head(share)}Expect: tea\r\nContent-Length: 0\r\n\r\n`],
    [431, 'a header of 20 KB', `${head(status)}X: ${'x'.repeat(20_000)}\r\n\r\n`],
    [431, 'a URL of 20 KB', `${head(`GET /api/v1/${'x'.repeat(20_000)}`)}\r\n`],
    [431, 'a header of 1 MB', `${head(status)}X: ${'x'.repeat(1_000_000)}\r\n\r\n`],
  ])('%i: %s', async (code, _, text) => {
    expectJson(await send(text), code);
  });

  it('400: a body that ends too early', async () => {
    const socket = await secureConnection(gateway.target(EU));
    const everything = readToEnd(socket);
    socket.end(`${head(share)}Content-Length: 100\r\n\r\nsecret=half`);
    expect((await everything).toString()).toMatch(/^HTTP\/1\.1 400 [^]*\r\n\r\n\{"message":/);
  });

  it('the gateway keeps running', async () => {
    expect((await gateway.call('eu', { path: '/api/v1/status' })).status).toBe(200);
    expect(gateway.child.exitCode).toBeNull();
  });
});

describe('over HTTP/2', () => {
  it.each<[number, OutgoingHttpHeaders]>([
    [404, { ':path': '/api/v1/nope' }],
    [404, { ':path': '/api/v1/%zz' }],
    [404, { ':path': `/api/v1/${'x'.repeat(12_000)}` }],
    [404, { ':method': 'DELETE', ':path': '/api/v1/share' }],
    [417, { ':path': '/api/v1/status', expect: 'tea' }],
  ])('%i', async (status, headers) => {
    const client = await Http2Client.connect(gateway.target(EU));
    const answer = await client.request({ ':authority': EU, ...headers });
    expect([answer.status, answer.headers['content-type']]).toEqual([status, JSON_TYPE]);
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
    expectSafe(answer.headers);
    expect(() => JSON.parse(answer.text) as unknown).not.toThrow();
    expect(client.isOpen).toBe(true);
    client.close();
  });
});

describe('pages', () => {
  it.each(['/', '/secret/none', '/receipt/none', '/nope', '/style.css', '/robots.txt', '/%zz'])(
    '%s sets no cookie and has the common headers',
    async (path) => {
      const { headers } = await gateway.call('eu', { path });
      expect(headers['set-cookie']).toBeUndefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['strict-transport-security']).toMatch(/^max-age=\d{7,}/);
      expect(headers['x-request-id']).toBeTruthy();
    },
  );
});

describe('x-request-id', () => {
  const ask = async (id: string): Promise<unknown> => {
    const headers = { 'x-request-id': id };
    const answer = await gateway.call('eu', { path: '/api/v1/status', headers });
    return answer.headers['x-request-id'];
  };

  it.each(['a', '~!"#$%&', 'k'.repeat(200)])('is echoed: %s', async (id) => {
    expect(await ask(id)).toBe(id);
  });

  it.each(['', 'k'.repeat(201), 'ü', 'a\tb'])('is replaced when it is %j', async (id) => {
    expect(await ask(id)).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is echoed by the edge too', async () => {
    const request = 'GET / HTTP/1.1\r\nHost: nobody.example\r\nX-Request-Id: mine\r\n\r\n';
    expect((await send(request)).headers['x-request-id']).toBe('mine');
  });
});
