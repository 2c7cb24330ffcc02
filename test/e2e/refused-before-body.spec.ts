import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http2';
import { ApiModule } from '../../src/api/api.module.js';
import { PagesModule } from '../../src/pages/pages.module.js';
import { browserSession } from '../support/browser-session.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { readRawAnswer, secureConnection } from '../support/raw-exchange.js';
import { routesOf, type Route } from '../support/route-table.js';

const EU = 'eu.onetime.localhost';
const KEY = '1234567890abcdefghijklmnopqrstu';
const REQUESTS = 5;
/** Below the limit of a body, so that its size alone refuses nothing. */
const ANNOUNCED = 900_000;
/** The create form is given back as it was typed, so its body is read, except for one that is too large anyway. */
const TOO_LARGE = 2_000_000;

const WITH_BODY = routesOf([ApiModule, PagesModule]).filter(
  ({ method }) => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS',
);
// Mail programs unsubscribe from anywhere.
const PAGES = WITH_BODY.filter(
  ({ path }) => !path.startsWith('/api') && !path.startsWith('/unsubscribe'),
);
const LIMITED = WITH_BODY.filter(({ path }) => path !== '/api/v1/status');

let gateway: GatewayProcess;
/** The address whose limit is used up. */
let busy: string;
/** Of a browser that is signed in. */
let cookie: string;
let addresses = 0;

beforeAll(async () => {
  gateway = await GatewayProcess.start({
    environment: {
      GATEWAY_LIMITS: 'on',
      GATEWAY_LIMIT_REQUESTS: `${REQUESTS}/600`,
      // Each request comes from a network of its own, by X-Forwarded-For.
      GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
    },
  });
  busy = newAddress();
  for (let count = 0; count < REQUESTS; count += 1)
    await gateway.call('eu', { path: '/', headers: { 'x-forwarded-for': busy } });
  const { host, port } = gateway.target(EU);
  await gateway.account('eu', 'signed-in@example.com');
  const session = await browserSession(gateway, 'signed-in@example.com', `https://${host}:${port}`);
  cookie = String(session['cookie']);
});
afterAll(() => gateway.stop());

type Headers = Readonly<Record<string, string>>;
interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

function newAddress(): string {
  addresses += 1;
  return `10.0.${addresses >> 8}.${addresses & 255}`;
}

/** Announces a body and sends none of it. */
async function announce(version: string, route: Route, more: Headers): Promise<Answer> {
  const path = route.path.replace(':key', KEY).replace(':id', 'cd0000000000000000000');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': String(path === '/' ? TOO_LARGE : ANNOUNCED),
    'x-forwarded-for': newAddress(),
    ...more,
  };
  if (version === 'HTTP/2')
    return overHttp2({ ':method': route.method, ':path': path, ':authority': EU, ...headers });
  const socket = await secureConnection(gateway.target(EU));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const answer = readRawAnswer(socket);
  socket.write(`${route.method} ${path} HTTP/1.1\r\nhost: ${EU}\r\n${lines.join('')}\r\n`);
  return answer.finally(() => socket.destroy());
}

async function overHttp2(headers: OutgoingHttpHeaders): Promise<Answer> {
  const client = await Http2Client.connect(gateway.target(EU));
  const { answer, stream } = client.open(headers);
  answer.catch(() => undefined);
  const [received] = (await once(stream, 'response')) as [Record<string, unknown>];
  client.close();
  return { status: Number(received[':status']), headers: received };
}

/** API v1 answers 404 to old clients and states the status beside it. */
function statusOf({ status, headers }: Answer): number {
  return Number(headers['x-ots-intended-status'] ?? status);
}

const names = (routes: readonly Route[]): [string, Route][] =>
  routes.map((route) => [`${route.method} ${route.path}`, route]);

// Whoever waits for the body answers 408 after ten seconds, so the status alone shows that nobody did.
describe.each(['HTTP/1.1', 'HTTP/2'])('over %s, before its body is read', (version) => {
  it.each(names(WITH_BODY))('%s refuses wrong credentials', async (_name, route) => {
    const login = `nobody${addresses}@example.com:${'0'.repeat(40)}`;
    const authorization = `Basic ${Buffer.from(login).toString('base64')}`;
    const answer = await announce(version, route, { authorization });
    expect([401, 404]).toContain(statusOf(answer));
  });

  it.each(names(PAGES))('%s refuses a form of another site', async (_name, route) => {
    // Pages of an account are refused to everybody else already.
    const answer = await announce(version, route, { cookie, 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
  });

  it.each(names(LIMITED))('%s refuses a network that asks too much', async (_name, route) => {
    const answer = await announce(version, route, { 'x-forwarded-for': busy });
    expect(statusOf(answer)).toBe(429);
  });
});

it('knows routes of the API and pages that take a body', () => {
  expect([PAGES.length, WITH_BODY.length - PAGES.length].every((count) => count >= 4)).toBe(true);
});
