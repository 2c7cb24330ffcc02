import { once } from 'node:events';
import { GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { plainExchange, rawExchange, type RawAnswer } from '../support/raw-exchange.js';
import { plainConnection } from '../support/tls-client.js';

const EU = 'eu.onetime.localhost';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start();
});
afterAll(() => gateway.stop());

/** Targets that no browser sends. The answers differ; none may be a server error, and the process must live. */
const TARGETS = [
  '//',
  '///',
  '//[',
  '/\\',
  '\\',
  'http://[',
  'http://',
  'http:///',
  'http://a b/',
  'https://eu.onetime.localhost:99999/',
  'http://%/',
  'ftp://eu.onetime.localhost/',
  '*',
  '?',
  '#',
  '/%',
  '/%0',
  '/%zz',
  '/%00',
  '/%ff%fe',
  '/%c0%ae',
  '/secret/%',
  '/api/v1/secret/%',
  '/api/v1/secret/%zz',
  '/.well-known/acme-challenge/%',
  '/.well-known/acme-challenge//',
  '/?%',
  '/api/v1/status?%zz&&==&a[]=1&__proto__=1',
  '/__proto__',
  '/constructor',
  '/;/',
  '/..;/',
  '/../../etc/passwd',
  'eu.onetime.localhost:443',
  'javascript:alert(1)',
  '/a\u0000b',
  '/a\u0001b',
  '/a\tb',
  '/\u00ff\u00fe',
  `/${'a'.repeat(15_000)}`,
  `/${'%'.repeat(8000)}`,
  `/${'/'.repeat(8000)}`,
  `/?${'a=1&'.repeat(3500)}`,
  `/${'a'.repeat(40_000)}`,
] as const;

const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'CONNECT', 'TRACE', 'PUT', 'M-SEARCH', 'BREW'];

const LISTENERS: readonly [string, (text: string) => Promise<RawAnswer>][] = [
  ['https', (text) => rawExchange(gateway.target(EU), Buffer.from(text, 'latin1'))],
  ['http', (text) => plainExchange(gateway.ports.http, text)],
  ['ops', (text) => plainExchange(gateway.ports.ops, text)],
];

/** An answer to HEAD has a length and no body: the reader says that the connection closed after its head. */
async function statusOf(exchanged: Promise<RawAnswer>): Promise<number> {
  try {
    return (await exchanged).status;
  } catch (error) {
    return Number(/HTTP\/1\.1 (\d{3})/.exec((error as Error).message)?.[1] ?? 0);
  }
}

async function isUnharmed(): Promise<void> {
  expect(gateway.child.exitCode).toBeNull();
  expect((await gateway.ops('/livez')).status).toBe(200);
  expect((await gateway.call('eu', { path: '/api/v1/status' })).status).toBe(200);
  const metrics = await (await gateway.ops('/metrics')).text();
  expect(metrics).not.toMatch(/^gateway_handler_failures_total\{/m);
  expect(gateway.logs).not.toContain('uncaught');
}

it('a request to the server as a whole gets JSON, no page', async () => {
  const request = `OPTIONS * HTTP/1.1\r\nHost: ${EU}\r\nConnection: close\r\n\r\n`;
  const answer = await rawExchange(gateway.target(EU), Buffer.from(request));
  expect([answer.status, answer.headers['content-type']]).toEqual([
    404,
    'application/json; charset=utf-8',
  ]);
});

describe.each(LISTENERS)('the %s listener', (_name, exchange) => {
  it('answers every target, none with a server error', async () => {
    const failed: string[] = [];
    for (const target of TARGETS) {
      for (const method of target.length > 100 ? ['GET'] : METHODS) {
        const request = `${method} ${target} HTTP/1.1\r\nHost: ${EU}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
        const status = await statusOf(exchange(request));
        if (status < 200 || status >= 500)
          failed.push(`${method} ${target.slice(0, 60)}: ${status}`);
      }
    }
    expect(failed).toEqual([]);
    await isUnharmed();
  });

  it.each([
    ['an absolute target and another Host', `GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n`],
    ['no Host', 'GET // HTTP/1.1\r\n\r\n'],
    ['an empty Host', 'GET // HTTP/1.1\r\nHost:\r\n\r\n'],
    ['a Host of brackets', 'GET // HTTP/1.1\r\nHost: [\r\n\r\n'],
    ['an upgrade', `GET // HTTP/1.1\r\nHost: ${EU}\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n`],
    ['h2c', `GET / HTTP/1.1\r\nHost: ${EU}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n`],
    ['an expectation', `GET // HTTP/1.1\r\nHost: ${EU}\r\nExpect: x\r\n\r\n`],
    ['HTTP/1.0', `GET // HTTP/1.0\r\nHost: ${EU}\r\n\r\n`],
    ['HTTP/0.9', `GET / HTTP/0.9\r\nHost: ${EU}\r\n\r\n`],
    ['HTTP/0.9 with a body', `POST /x HTTP/0.9\r\nHost: ${EU}\r\nContent-Length: 5\r\n\r\nabcde`],
    ['HTTP/1.2', `GET / HTTP/1.2\r\nHost: ${EU}\r\n\r\n`],
    ['HTTP/2.0', `GET / HTTP/2.0\r\nHost: ${EU}\r\nConnection: close\r\n\r\n`],
    [
      'HTTP/2.0 with a body',
      `POST /api/v1/share HTTP/2.0\r\nHost: ${EU}\r\nConnection: close\r\nContent-Length: 5\r\n\r\nabcde`,
    ],
    ['HTTP/9.9', `GET / HTTP/9.9\r\nHost: ${EU}\r\n\r\n`],
    ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a header without a name', `GET // HTTP/1.1\r\nHost: ${EU}\r\n: x\r\n\r\n`],
    ['two lengths', `POST // HTTP/1.1\r\nHost: ${EU}\r\nContent-Length: 1, 2\r\n\r\nab`],
    ['noise', '\u0000\u0001\u0002\u00ff\r\n\r\n'],
  ])('survives %s', async (_what, request) => {
    const { status } = await exchange(request);
    expect(status).toBeGreaterThanOrEqual(200);
    expect(status).toBeLessThan(500);
    await isUnharmed();
  });
});

describe.each<[string, () => number]>([
  ['http', () => gateway.ports.http],
  ['ops', () => gateway.ports.ops],
])('the %s listener', (_name, port) => {
  it.each([
    ['CONNECT', `CONNECT x:1 HTTP/1.1\r\nHost: ${EU}\r\n\r\n${'x'.repeat(200_000)}`],
    ['CONNECT without more', `CONNECT x:1 HTTP/1.1\r\nHost: ${EU}\r\n\r\n`],
    ['an upgrade', `GET / HTTP/1.1\r\nHost: ${EU}\r\nUpgrade: x\r\n\r\n${'x'.repeat(200_000)}`],
  ])('survives clients that reset the connection after %s', async (_what, text) => {
    for (let client = 0; client < 20; client += 1) {
      const socket = await plainConnection(port());
      const closed = once(socket, 'close');
      socket.on('error', () => undefined);
      if (client % 2 === 1) socket.once('data', () => socket.resetAndDestroy());
      socket.write(text, () => client % 2 === 0 && socket.resetAndDestroy());
      await closed;
    }
    await isUnharmed();
  });
});

it('answers every target over HTTP/2', async () => {
  const client = await Http2Client.connect(gateway.target(EU));
  const failed: string[] = [];
  for (const path of TARGETS.filter((target) => /^[\x20-\x7e]{1,15001}$/.test(target))) {
    for (const method of METHODS.filter((name) => name !== 'CONNECT')) {
      const answer = await client
        .request({ ':method': method, ':path': path, ':authority': EU })
        .catch((error: unknown) => ({ status: 0, error }));
      // A stream error is an answer too: the protocol forbids some of these.
      if (answer.status >= 500) failed.push(`${method} ${path.slice(0, 60)}: ${answer.status}`);
    }
  }
  expect(failed).toEqual([]);
  await isUnharmed();
});
