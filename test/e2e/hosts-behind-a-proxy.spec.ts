import { Agent } from 'node:https';
import { get } from 'node:http';
import { GatewayProcess } from '../support/gateway-process.js';
import { call, type Answer, type Call } from '../support/https-client.js';
import { rawExchange } from '../support/raw-exchange.js';
import { until } from '../support/until.js';

// One region of a fleet of two, under an internationalized base domain, behind a proxy at 127.0.0.2.
const BASE = 'xn--mnchen-3ya.localhost';
const EU = `eu.${BASE}`;
const PROXY = '127.0.0.2';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start({
    environment: {
      GATEWAY_BASE_DOMAIN: 'münchen.localhost',
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_PUBLIC_HTTPS_PORT: '443',
      GATEWAY_TRUSTED_PROXIES: `${PROXY},2001:db8::/32`,
    },
  });
});
afterAll(() => gateway.stop());

const ask = (request: Partial<Call>, from = '127.0.0.1', host = EU): Promise<Answer> =>
  call(gateway.target(host), {
    path: '/api/v1/status',
    agent: new Agent({ localAddress: from }),
    ...request,
  });

describe('an internationalized base domain', () => {
  it.each([
    ['its A-label', EU],
    ['its A-label in upper case', EU.toUpperCase()],
    ['its U-label in UTF-8', Buffer.from('eu.MÜNCHEN.localhost').toString('latin1')],
  ])('is found by %s', async (_, host) => {
    const request = `GET /api/v1/status HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const answer = await rawExchange(gateway.target(EU), Buffer.from(request, 'latin1'));
    expect(answer.status).toBe(200);
  });
});

describe('a region that another process of the fleet serves', () => {
  it.each([`us.${BASE}`, BASE])('gets 421 with its base URL on %s', async (host) => {
    const answer = await ask({}, '127.0.0.1', host);
    expect(answer.status).toBe(421);
    expect(answer.json()).toEqual({
      message: 'This host is not served here',
      url: `https://us.${BASE}/api`,
    });
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d+/);
  });
});

describe('forwarded headers', () => {
  const forwarded = (host: string | string[]): Partial<Call> => ({
    headers: { host: 'backend.internal', 'x-forwarded-host': host },
    servername: EU,
  });

  it('set the host when a trusted proxy sends them', async () => {
    expect((await ask(forwarded(`${EU.toUpperCase()}.:443`), PROXY)).status).toBe(200);
  });

  it('are ignored when an untrusted client sends them', async () => {
    const answer = await ask(forwarded(EU));
    expect([answer.status, answer.json()]).toEqual([
      421,
      { message: 'This host is not served here' },
    ]);
  });

  it.each([[['a.example', 'b.example']], [`${EU}, ${EU}`], ['127.0.0.1'], ['']])(
    'are refused with 400 when a trusted proxy sends the host %j',
    async (host) => {
      expect((await ask(forwarded(host), PROXY)).status).toBe(400);
    },
  );

  it('let plain HTTP count as HTTPS only when a trusted proxy sends them', async () => {
    expect(await plainStatus(PROXY)).toBe(200);
    expect(await plainStatus('127.0.0.1')).toBe(403);
  });

  it('set the network of the client only when a trusted proxy sends them', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9, 2001:db8::1' };
    await ask({ headers: { ...headers, host: EU, 'x-request-id': 'by-the-proxy' } }, PROXY);
    await ask({ headers: { ...headers, host: EU, 'x-request-id': 'by-a-stranger' } });
    expect(await networkOf('by-the-proxy')).toBe('203.0.113.0/24');
    expect(await networkOf('by-a-stranger')).toBe('127.0.0.0/24');
  });
});

function plainStatus(from: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: gateway.ports.http,
      path: '/api/v1/status',
      localAddress: from,
      headers: { host: EU, 'x-forwarded-proto': 'https' },
      agent: false,
    } as const;
    get(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', reject);
  });
}

function networkOf(requestId: string): Promise<string> {
  return until(`the log line of ${requestId}`, () => {
    const line = gateway.lines.find((text) => text.includes(`"${requestId}"`));
    return line === undefined ? null : (JSON.parse(line) as { network: string }).network;
  });
}
