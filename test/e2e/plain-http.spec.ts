import { GatewayProcess } from '../support/gateway-process.js';
import { plainExchange, type RawAnswer } from '../support/raw-exchange.js';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start({ environment: { GATEWAY_PUBLIC_HTTPS_PORT: '9443' } });
});
afterAll(() => gateway.stop());

const EU = 'eu.onetime.localhost';

const send = (line: string, { host = EU, body = '' } = {}): Promise<RawAnswer> =>
  plainExchange(
    gateway.ports.http,
    `${line} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );

describe('plain HTTP', () => {
  it.each([
    '/secret/abcdef',
    '/secret/ABC-d%zz?x=1',
    `/receipt/${'k'.repeat(30)}`,
    '/private/x/burn',
  ])('keeps the link %s, which has no whole key, as it was typed', async (path) => {
    const { status, headers } = await send(`GET ${path}`);
    expect([status, headers['location']]).toEqual([308, `https://${EU}:9443${path}`]);
  });

  it('repairs a link that has a key', async () => {
    const key = 'k'.repeat(31);
    const { headers } = await send(`GET //Secret/${key}&fbclid=x`);
    expect(headers['location']).toBe(`https://${EU}:9443/secret/${key}`);
  });

  it.each(['/', `/secret/${'k'.repeat(31)}?x=1`, '//elsewhere.example/', '/style.css', '/apiary'])(
    'redirects the page %s to HTTPS on the public port',
    async (path) => {
      for (const method of ['GET', 'POST']) {
        const { status, headers } = await send(`${method} ${path}`);
        expect(status).toBe(308);
        expect(headers['location']).toBe(`https://${EU}:9443${path}`);
      }
    },
  );

  it('keeps the base domain as the host of the redirect', async () => {
    const { headers } = await send('GET /', { host: 'ONETIME.localhost.:8080' });
    expect(headers['location']).toBe('https://onetime.localhost:9443/');
  });

  it.each([
    'GET /api',
    'GET /api/',
    'GET /api/v1/status',
    'POST /api/v1/share',
    'OPTIONS /api/v1/share',
    'DELETE /api/nope',
    'GET /api?x',
    'GET /%61pi/v1/status',
    `GET http://${EU}/api/v1/status`,
  ])('refuses the API call %s', async (line) => {
    const { status, headers, body } = await send(line);
    expect(status).toBe(403);
    expect(JSON.parse(body)).toEqual({ message: 'HTTPS is required' });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['location']).toBeUndefined();
  });

  it('processes nothing: a secret still exists after reveal and burn are refused', async () => {
    const made = await gateway.call('eu', { path: '/api/v1/share', body: { secret: 'kept' } });
    const { secret_key: key, metadata_key: receipt } = made.json<Record<string, string>>();
    expect((await send(`POST /api/v1/secret/${key}`)).status).toBe(403);
    expect((await send(`POST /api/v1/private/${receipt}/burn`)).status).toBe(403);
    expect((await send(`POST /secret/${key}`)).status).toBe(308);
    const revealed = await gateway.call('eu', { method: 'POST', path: `/api/v1/secret/${key}` });
    expect(revealed.json()['value']).toBe('kept');
  });

  it('refuses an unknown host and a request without a host name', async () => {
    for (const line of ['GET /', 'GET /api/v1/status']) {
      expect((await send(line, { host: 'nobody.example' })).status).toBe(421);
      expect((await send(line, { host: '127.0.0.1' })).status).toBe(400);
    }
  });

  it('answers bytes that are not HTTP with JSON', async () => {
    const { status, body } = await plainExchange(gateway.ports.http, 'no http at all\r\n\r\n');
    expect([status, JSON.parse(body)]).toEqual([400, { message: expect.any(String) }]);
  });

  it('sends no HSTS and no cookie', async () => {
    for (const line of ['GET /', 'GET /api/v1/status']) {
      const { headers } = await send(line);
      expect(headers['strict-transport-security']).toBeUndefined();
      expect(headers['set-cookie']).toBeUndefined();
    }
  });
});
