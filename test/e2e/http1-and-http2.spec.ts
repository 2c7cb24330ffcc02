import type { OutgoingHttpHeaders } from 'node:http';
import { Agent } from 'node:https';
import { gzipSync } from 'node:zlib';
import { ApiModule } from '../../src/api/api.module.js';
import { PagesModule } from '../../src/pages/pages.module.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { routesOf, type Route } from '../support/route-table.js';
import { until } from '../support/until.js';

const HOST = 'eu.onetime.localhost';
const ROUTES = routesOf([ApiModule, PagesModule]);
const FORM = 'application/x-www-form-urlencoded';

const agent = new Agent({ keepAlive: true });
let gateway: GatewayProcess;
let client: Http2Client;
let auth: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start();
  const email = 'sender@example.com';
  const first = await gateway.account('eu', email);
  // One of the routes replaces the account's first token.
  const made = await gateway.call('eu', {
    path: '/api/account/tokens',
    auth: first.auth,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from('{"name":"other","scopes":["read","create","domains","account"]}'),
  });
  auth = `${email}:${made.json<{ record: { token: string } }>().record.token}`;
  // It is written after the answer, some seconds later: lists differ before and after.
  await until('the day of the first use of both tokens', async () => {
    const { records } = (
      await gateway.call('eu', { path: '/api/account/tokens', auth })
    ).json<Tokens>();
    return records.every((token) => token.last_used_on !== null);
  });
  client = await Http2Client.connect(gateway.target(HOST));
});
afterAll(async () => {
  client.close();
  agent.destroy();
  await gateway.stop();
});

interface Tokens {
  readonly records: readonly { readonly last_used_on: string | null }[];
}

/** A request without its route. */
interface Shape {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly query?: string;
  readonly body?: string | Buffer;
}

interface Comparable {
  readonly status: number;
  readonly headers: unknown;
  readonly text: string;
}

// What belongs to the connection, or to the moment.
const OF_CONNECTION = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  ':status',
];
const OF_MOMENT = ['date', 'x-request-id', 'ratelimit', 'etag'];

function comparable(
  status: number,
  headers: Readonly<Record<string, unknown>>,
  text: string,
): Comparable {
  const kept = Object.entries(headers).filter(
    ([name]) => ![...OF_CONNECTION, ...OF_MOMENT].includes(name),
  );
  const sorted = kept.toSorted(([a], [b]) => a.localeCompare(b));
  return { status, headers: JSON.parse(stable(JSON.stringify(sorted))), text: stable(text) };
}

/** Keys, nonces, instants and generated values differ between two answers. */
function stable(text: string): string {
  return (
    text
      .replaceAll(/name="press" value="[\w-]+"/g, 'name="press"')
      .replaceAll(/"challenge":"[\w-]+"/g, '"challenge"')
      .replaceAll(/"[0-9a-f]{40}"/g, '"TOKEN"')
      // An export has the lines of those before it, and of one that runs beside it.
      .replaceAll(/\{[^{}]*"action":"account\.exported","subject":\{\}[^{}]*\},?\n?/g, '')
      .replaceAll(/(?<![0-9a-z])[0-9a-z]{31}/g, 'KEY')
      .replaceAll(
        /"(?:created|updated|received|since|now|timestamp|expiration\w*|current_expiration|secret_realttl|secret_ttl|metadata_ttl|receipt_ttl)":[\d.]+/g,
        '"N"',
      )
      .replaceAll(
        /"(?:value|secret_value|secret_shortkey|secret_shortid|shortid|request_id|id)":"[^"]*"/g,
        '"V"',
      )
      .replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z| UTC)/g, 'INSTANT')
      // The QR code of a link.
      .replaceAll(/<path d="[^"]*" fill="#000"/g, '<path')
      .replaceAll(/Try again in \d+ seconds/g, 'Try again')
  );
}

interface Made {
  readonly secret_key: string;
  readonly metadata_key: string;
}

/** The path of a route; each time with keys of a secret that no request has seen. */
async function pathOf({ path }: Route): Promise<string> {
  if (!path.includes(':')) return path;
  const body = { secret: 'hello', ttl: '3600' };
  const made = (
    await gateway.call('eu', { path: '/api/v1/share', body, auth, agent })
  ).json<Made>();
  const key = /\/secret\//.test(path) ? made.secret_key : made.metadata_key;
  return path.replace(':key', key).replace(':id', 'cd0000000000000000000');
}

async function overHttp1(path: string, shape: Shape, method: string): Promise<Comparable> {
  const { headers = {}, body } = shape;
  const answer = await gateway.call('eu', {
    method,
    path,
    agent,
    headers: headers as OutgoingHttpHeaders,
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  return comparable(answer.status, answer.headers, answer.text);
}

async function overHttp2(path: string, shape: Shape, method: string): Promise<Comparable> {
  const { headers = {}, body } = shape;
  const authority = `${HOST}:${gateway.ports.https}`;
  const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
  const pseudo = { ':method': method, ':path': path, ':authority': authority };
  const answer = await client.request(
    { ...pseudo, ...length, ...headers } as OutgoingHttpHeaders,
    body,
  );
  return comparable(answer.status, answer.headers, answer.text);
}

const OURS = { 'sec-fetch-site': 'same-origin' };
const basic = (pair: string) => ({
  authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
});

/** What clients and browsers send to any route, and what they should not. */
const SHAPES: readonly (readonly [string, () => Shape])[] = [
  ['nothing', () => ({})],
  ['credentials', () => ({ headers: basic(auth) })],
  ['wrong credentials', () => ({ headers: basic('nobody@example.com:x') })],
  ['an empty pair', () => ({ headers: { authorization: 'Basic Og==' } })],
  ['another scheme', () => ({ headers: { authorization: 'Bearer x' } })],
  ['HEAD', () => ({ method: 'HEAD' })],
  ['OPTIONS', () => ({ method: 'OPTIONS', headers: { origin: 'https://a.example' } })],
  ['PUT', () => ({ method: 'PUT', body: 'x' })],
  ['TRACE', () => ({ method: 'TRACE' })],
  ['a method of its own', () => ({ method: 'M-SEARCH' })],
  [
    'a form',
    () => ({ headers: { ...OURS, 'content-type': FORM }, body: 'secret=hello&passphrase=&ttl=' }),
  ],
  [
    'a form from elsewhere',
    () => ({ headers: { 'sec-fetch-site': 'cross-site' }, body: 'secret=x' }),
  ],
  ['a form that is no UTF-8', () => ({ headers: OURS, body: 'secret=%ff&kind=share' })],
  [
    'JSON',
    () => ({ headers: { ...OURS, 'content-type': 'application/json' }, body: '{"secret":"x"}' }),
  ],
  ['broken JSON', () => ({ headers: { 'content-type': 'application/json' }, body: '{"secret":' })],
  [
    'a type that is none',
    () => ({ headers: { ...OURS, 'content-type': 'a/b/c;;=' }, body: 'secret=x' }),
  ],
  [
    'gzip',
    () => ({ headers: { ...OURS, 'content-encoding': 'gzip' }, body: gzipSync('secret=x') }),
  ],
  [
    'identity',
    () => ({ headers: { ...OURS, 'content-encoding': ' , Identity,' }, body: 'secret=x' }),
  ],
  ['an expectation', () => ({ headers: { ...OURS, expect: '100-continue' }, body: 'secret=x' })],
  [
    'an expectation that nobody meets',
    () => ({ headers: { ...OURS, expect: 'tea' }, body: 'secret=x' }),
  ],
  [
    'a body without an end',
    () => ({
      headers: { ...OURS, 'content-type': 'multipart/form-data; boundary=a' },
      body: '--a\r\nContent-Disposition: form-data; name="secret"\r\n\r\nx',
    }),
  ],
  ['a query', () => ({ query: '?secret=x&ttl=60&value=y' })],
  ['a query that is no UTF-8', () => ({ query: '?secret=%ff' })],
  ['an encoded query', () => ({ query: '?%73ecret=x%26y&recipient[]=' })],
  ['a trailer in the path', () => ({ query: '/' })],
  ['what a mail program adds', () => ({ query: '&fbclid=x' })],
  ['a client’s request id', () => ({ headers: { 'x-request-id': 'mine-1' } })],
  ['two forwarded hosts', () => ({ headers: { 'x-forwarded-host': ['a.example', 'b.example'] } })],
  ['a range and a condition', () => ({ headers: { range: 'bytes=0-1', 'if-none-match': '*' } })],
  ['a large body', () => ({ headers: OURS, body: `secret=${'x'.repeat(20_000)}` })],
  ['too large a body', () => ({ headers: OURS, body: `secret=${'x'.repeat(1_100_000)}` })],
];

describe.each(SHAPES)('with %s', (_name, shapeOf) => {
  it('each route answers over HTTP/2 as over HTTP/1.1', async () => {
    const shape = shapeOf();
    const differences: unknown[] = [];
    for (const route of ROUTES) {
      const method = shape.method ?? route.method;
      if (method === 'GET' && shape.body !== undefined) continue;
      const { query = '' } = shape;
      const paths = [`${await pathOf(route)}${query}`, `${await pathOf(route)}${query}`] as const;
      const [one, two] = await Promise.all([
        overHttp1(paths[0], shape, method),
        overHttp2(paths[1], shape, method),
      ]);
      if (JSON.stringify(one) !== JSON.stringify(two)) differences.push({ route, one, two });
    }
    expect(differences).toEqual([]);
  });
});

it('drives routes with and without keys', () => {
  expect(ROUTES.length).toBeGreaterThan(30);
});
