import type { Answer } from '../support/https-client.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { Http2Client } from '../support/http2-client.js';
import { rawExchange, type RawAnswer } from '../support/raw-exchange.js';
import { handshake } from '../support/tls-client.js';

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await GatewayProcess.start();
});
afterAll(() => gateway.stop());

const EU = 'eu.onetime.localhost';
const US = 'us.onetime.localhost';

const share = async (region: string): Promise<{ secret_key: string; metadata_url: string }> =>
  (await gateway.call(region, { path: '/api/v1/share', body: { secret: 'a message' } })).json();

const reveal = (region: string, key: string): Promise<Answer> =>
  gateway.call(region, { method: 'POST', path: `/api/v1/secret/${key}` });

/** Sends a status request with exactly these header lines, on a connection for the eu host. */
const ask = (lines: string[], target = '/api/v1/status'): Promise<RawAnswer> =>
  rawExchange(
    gateway.target(EU),
    Buffer.from([`GET ${target} HTTP/1.1`, ...lines, '', ''].join('\r\n'), 'latin1'),
  );

describe('two regions on one port', () => {
  it.each([EU, US, 'onetime.localhost'])(
    'serves %s with a certificate for that name only',
    async (host) => {
      const socket = await handshake(gateway.ports.https, {
        servername: host,
        ca: gateway.ca,
        ALPNProtocols: ['h2', 'http/1.1'],
      });
      expect(socket.authorized).toBe(true);
      expect(socket.alpnProtocol).toBe('h2');
      expect(socket.getPeerCertificate().subjectaltname).toBe(`DNS:${host}`);
      socket.destroy();
    },
  );

  it('share no secrets: a link of one is unknown to the other, which does not consume the secret', async () => {
    const { secret_key: key } = await share('eu');
    const elsewhere = await reveal('us', key);
    expect(elsewhere.status).toBe(404);
    expect(elsewhere.json()).toEqual({ secret_key: key, message: 'Unknown secret' });
    expect((await reveal('eu', key)).json()['value']).toBe('a message');
  });

  it.each([
    ['eu', 'eu'],
    ['us', 'us'],
    ['', 'us'],
  ])('tell on the host %p how long the ciphertexts of %s are kept', async (host, region) => {
    const answer = await gateway.call(host, { path: '/.well-known/retention' });
    expect(answer.status).toBe(200);
    const retention = answer.json();
    expect(retention).toMatchObject({
      region,
      kept_at_most_seconds: 30 * 86_400,
      deleted_within_seconds: 60,
      oldest_ciphertext_seconds: expect.any(Number),
      oldest_expired_ciphertext_seconds: 0,
    });
    const purgedAt = Date.parse(String(retention['last_purge_at']));
    expect(Date.parse(String(retention['measured_at'])) - purgedAt).toBeLessThan(3_600_000);
    const unknown = await gateway.call(host, { path: '/.well-known/retention', auth: 'a@b.c:x' });
    expect([unknown.status, unknown.json()['message']]).toEqual([401, expect.any(String)]);
  });

  it('put their own host into their links', async () => {
    for (const region of ['eu', 'us']) {
      const { metadata_url: url } = await share(region);
      expect(new URL(url).host).toBe(`${region}.onetime.localhost:${gateway.ports.https}`);
    }
  });
});

describe('the Host header', () => {
  it.each([
    [EU],
    ['eu.onetime.localhost:8443'],
    ['EU.OneTime.LocalHost'],
    ['eu.onetime.localhost.'],
    ['EU.ONETIME.LOCALHOST.:1'],
  ])('selects the eu host with the value %s', async (host) => {
    const { status, body } = await ask([`Host: ${host}`]);
    expect([status, JSON.parse(body)]).toEqual([200, { status: 'nominal', locale: 'en' }]);
  });

  it.each<[string, string[]]>([
    ['an IPv4 address', ['Host: 127.0.0.1']],
    ['an IPv4 address with a port', ['Host: 127.0.0.1:8443']],
    ['a short form of an IPv4 address', ['Host: 127.1']],
    ['an IPv6 address', ['Host: [::1]:8443']],
    ['no Host', []],
    ['an empty Host', ['Host:']],
    ['the same Host twice', [`Host: ${EU}`, `Host: ${EU}`]],
    ['two Hosts', [`Host: ${EU}`, `host: ${US}`]],
    ['a list', [`Host: ${EU}, ${US}`]],
    ['a path', [`Host: ${EU}/x`]],
    ['user information', [`Host: a@${EU}`]],
    ['a port that is not a number', [`Host: ${EU}:https`]],
    ['two trailing dots', [`Host: ${EU}..`]],
    ['an underscore', ['Host: a_b.example']],
    ['one label', ['Host: localhost']],
    ['an escape', ['Host: eu%2eonetime.localhost']],
    ['bytes that are not UTF-8', ['Host: \u00ff\u00fe.example']],
    ['a label of 64 characters', [`Host: ${'a'.repeat(64)}.onetime.localhost`]],
    ['a name of 300 characters', [`Host: ${'a.'.repeat(150)}example`]],
    ['a name of 8,000 characters', [`Host: ${'a'.repeat(8000)}`]],
  ])('gets 400 for %s', async (_, lines) => {
    const { status, headers, body } = await ask(lines);
    expect(status).toBe(400);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toEqual({ message: expect.any(String) });
  });

  it.each(['nobody.example', 'onetime.example', 'x.eu.onetime.localhost', 'nz.onetime.localhost'])(
    'gets 421 without a URL for the unknown name %s',
    async (host) => {
      const { status, body } = await ask([`Host: ${host}`]);
      expect(status).toBe(421);
      expect(JSON.parse(body)).toEqual({ message: 'This host is not served here' });
    },
  );

  it('is not replaced by the X-Forwarded-Host of an untrusted client', async () => {
    const headers = {
      'x-forwarded-host': US,
      'x-forwarded-proto': 'http',
      'x-original-host': US,
      'apx-incoming-host': US,
      forwarded: `host=${US}`,
    };
    const body = { secret: 'a message' };
    const made = await gateway.call('eu', { path: '/api/v1/share', headers, body });
    const { secret_key: key, metadata_url: url } = made.json<Record<string, string>>();
    expect(new URL(url ?? '').hostname).toBe(EU);
    expect((await reveal('eu', key ?? '')).status).toBe(200);
  });
});

describe('a request target in absolute form', () => {
  it('is accepted when it has the host of the Host header', async () => {
    const { status, body } = await ask([`Host: ${EU}`], `https://${EU}/api/v1/status`);
    expect([status, JSON.parse(body)]).toEqual([200, { status: 'nominal', locale: 'en' }]);
  });

  it('gets its errors in JSON below /api', async () => {
    const { status, headers, body } = await ask([`Host: ${EU}`], `https://${EU}:8443/api/nope?a=b`);
    expect(status).toBe(404);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toEqual({ error: 'Not Found' });
  });

  it.each([
    `https://${US}/api/v1/status`,
    'https://nobody.example/',
    'ftp://eu.onetime.localhost/',
    'x',
  ])('is refused when it is %s', async (target) => {
    const { status, body } = await ask([`Host: ${EU}`], target);
    expect([status, JSON.parse(body)]).toEqual([400, { message: expect.any(String) }]);
  });
});

describe('a Host that differs from the SNI of its connection', () => {
  it('gets 421 with the right URL over HTTP/1.1, and the request is not processed', async () => {
    const { secret_key: key } = await share('us');
    const head = `POST /api/v1/secret/${key} HTTP/1.1\r\nHost: ${US}\r\nContent-Length: 0\r\n\r\n`;
    const { status, headers, body } = await rawExchange(gateway.target(EU), head);
    expect(status).toBe(421);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body)).toEqual({
      message: 'This host is not served here',
      url: `https://${US}:${gateway.ports.https}/api`,
    });
    expect((await reveal('us', key)).status).toBe(200);
  });

  it('gets 421 over HTTP/2, and the connection stays usable for its own name', async () => {
    const { secret_key: key } = await share('us');
    const client = await Http2Client.connect(gateway.target(EU));
    const misdirected = await client.request({
      ':method': 'POST',
      ':path': `/api/v1/secret/${key}`,
      ':authority': US,
    });
    expect(misdirected.status).toBe(421);
    expect(JSON.parse(misdirected.text)).toMatchObject({ url: expect.stringContaining(US) });
    const own = await client.request({ ':path': '/api/v1/status', ':authority': `${EU}:1` });
    expect([own.status, JSON.parse(own.text)]).toEqual([200, { status: 'nominal', locale: 'en' }]);
    client.close();
    expect((await reveal('us', key)).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['an :authority with an IP address', { ':authority': '127.0.0.1:8443' }],
    ['an :authority and a different Host', { ':authority': EU, host: US }],
    ['a malformed :authority', { ':authority': 'a_b.example' }],
  ])('gets 400 over HTTP/2 for %s', async (_, headers) => {
    const client = await Http2Client.connect(gateway.target(EU));
    const answer = await client.request({ ':path': '/api/v1/status', ...headers });
    client.close();
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      400,
      { message: expect.any(String) },
    ]);
  });
});
