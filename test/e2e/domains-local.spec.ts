import { Agent, request as plainRequest, type IncomingMessage } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { DomainClient, recordsToMake, type DomainRecord } from '../support/domain-client.js';
import { TestDnsServer } from '../support/dns-server.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { call, type Call } from '../support/https-client.js';
import { handshake } from '../support/tls-client.js';
import { until } from '../support/until.js';

const A = 'secrets.acme.test';
const B = 'vault.other.test';

let dns: TestDnsServer;
const KEY = 'k'.repeat(31);
let gateway: GatewayProcess;
let acme: DomainClient;
let other: DomainClient;
let ofA: DomainRecord;

beforeAll(async () => {
  dns = await TestDnsServer.start();
  // The operator's own zone.
  dns.zone.set('*.eu.ingress.onetime.localhost', 'A', ['127.0.0.1']);
  gateway = await GatewayProcess.start({ environment: { GATEWAY_DNS_SERVERS: dns.address } });
  acme = await customer('owner@acme.test');
  other = await customer('owner@other.test');
});
afterAll(async () => {
  await gateway.stop();
  await dns.stop();
});

async function customer(email: string): Promise<DomainClient> {
  const { auth } = await gateway.account('eu', email, 'identity_plus');
  return new DomainClient(() => gateway.target('eu.onetime.localhost'), auth);
}

/** Claims a name, publishes exactly the records of the answer, and waits until it serves. */
async function setUp(client: DomainClient, name: string): Promise<DomainRecord> {
  const claimed = await client.claim(name);
  publish(claimed);
  await client.verify(claimed.id);
  return client.serving(claimed.id);
}

function publish(record: DomainRecord): void {
  for (const { fqdn, type, desired } of recordsToMake(record))
    dns.zone.set(fqdn, type as 'TXT', desired);
}

const on = (name: string, request: Call) => call(gateway.target(name), request);

/** The subject alternative names of the served certificate. */
async function certificateOf(name: string): Promise<string | undefined> {
  const { ca, port } = gateway.target(name);
  const socket = await handshake(port, { servername: name, ca });
  const { subjectaltname } = socket.getPeerCertificate();
  socket.destroy();
  return subjectaltname;
}

function plain(name: string, path: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { host: name };
    const agent = new Agent();
    plainRequest({ host: '127.0.0.1', port: gateway.ports.http, path, headers, agent }, (answer) =>
      resolve(answer.resume()),
    )
      .on('error', reject)
      .end();
  });
}

const ask = async (name: string): Promise<number> =>
  (await gateway.ops(`/api/internal/caddy/ask?domain=${name}`)).status;

describe('a custom domain', () => {
  it('does not serve before it is proven', async () => {
    await expect(certificateOf(A)).rejects.toThrow(/unrecognized name/i);
    expect(await ask(A)).toBe(403);
    expect((await plain(A, '/')).statusCode).toBe(421);
  });

  it('serves with a certificate for exactly its name once the records of the answer exist', async () => {
    ofA = await setUp(acme, A);
    expect(ofA).toMatchObject({
      ownership: { state: 'verified' },
      routing: { state: 'pointed' },
      certificate: { state: 'active' },
    });
    // It was asked for before, and not served: the process hears by the change feed that it is now.
    const names = await until('it is served', () => certificateOf(A).catch(() => null));
    expect(names).toBe(`DNS:${A}`);
    const status = await on(A, { path: '/api/v1/status' });
    expect([status.status, status.json()]).toMatchObject([200, { status: 'nominal' }]);
    expect(status.headers['strict-transport-security']).toBeUndefined();
    expect(await ask(A)).toBe(200);
  });

  it('conceals and reveals secrets, with links to its own host only', async () => {
    const shared = await on(A, {
      path: '/api/v1/share',
      auth: acme.auth,
      body: { secret: 'swan' },
    });
    expect(shared.json()).toMatchObject({ share_domain: A });
    const { secret_key: key, secret_url: url } = shared.json<Record<string, string>>();
    expect(url ?? `https://${A}`).toContain(`https://${A}`);
    const revealed = await on(A, { path: `/api/v1/secret/${key}`, method: 'POST' });
    expect(revealed.json()).toMatchObject({ value: 'swan' });
    expect(shared.text).not.toContain('onetime.localhost');
  });

  it('tells how long ciphertexts are kept', async () => {
    const answer = await on(A, { path: '/.well-known/retention' });
    expect(answer.json()).toMatchObject({ region: 'eu', deleted_within_seconds: 60 });
  });

  it('redirects the second name of a pair, with its own certificate, while the main name serves', async () => {
    const [apex, www] = ['pair.test', 'www.pair.test'];
    const claimed = await acme.send('POST', '', { domain: apex, pair: true });
    expect(claimed.json()).toMatchObject({ record: { role: 'serve', pair: { hostname: www } } });
    const { id } = claimed.json<{ record: DomainRecord & { pair: { id: string } } }>().record;
    const second = claimed.json<{ record: { pair: { id: string } } }>().record.pair.id;
    publish(await acme.get(second));
    await acme.verify(second);
    expect(await acme.serving(second)).toMatchObject({ role: 'redirect', redirects_to: apex });
    // The main name does not serve yet, so the second one does.
    expect((await on(www, { path: '/api/v1/status' })).status).toBe(200);

    publish(await acme.get(id));
    await acme.verify(id);
    await acme.serving(id);
    expect(await certificateOf(www)).toBe(`DNS:${www}`);
    const at = (path: string) => `https://${apex}:${gateway.ports.https}${path}`;
    await until('it redirects', async () => (await on(www, { path: '/' })).status !== 200);
    for (const path of [`/secret/${KEY}`, '/api/v1/status', '/?a=b']) {
      const answer = await on(www, { path });
      expect([answer.status, answer.headers.location]).toEqual([308, at(path)]);
    }
    const posted = await on(www, { path: '/api/v1/share', body: { secret: 'swan' } });
    expect([posted.status, posted.headers.location]).toEqual([308, at('/api/v1/share')]);
    const page = await plain(www, `/secret/${KEY}`);
    expect([page.statusCode, page.headers.location]).toEqual([308, at(`/secret/${KEY}`)]);
    expect((await on(apex, { path: '/api/v1/status' })).status).toBe(200);

    await acme.send('DELETE', `/${id}`);
    for (const name of [apex, www])
      await until(`${name} is not served any more`, async () =>
        certificateOf(name).then(
          () => false,
          () => true,
        ),
      );
  });

  it('redirects pages from plain HTTP and refuses the API there', async () => {
    const page = await plain(A, `/secret/${KEY}`);
    expect([page.statusCode, page.headers.location]).toEqual([
      308,
      `https://${A}:${gateway.ports.https}/secret/${KEY}`,
    ]);
    expect((await plain(A, '/api/v1/status')).statusCode).toBe(403);
    expect((await plain('nobody.test', '/')).statusCode).toBe(421);
  });

  it('does not serve operator endpoints or the domains API', async () => {
    for (const path of ['/metrics', '/readyz', '/api/internal/caddy/ask?domain=x'])
      expect((await on(A, { path })).status).toBe(404);
    expect((await on(A, { path: '/api/domains', auth: acme.auth })).status).toBe(404);
  });
});

describe('a custom domain beside another one', () => {
  beforeAll(async () => {
    await setUp(other, B);
  });

  it('answers 421 to a Host that differs from the server name of the connection', async () => {
    for (const [host, servername] of [
      [A, B],
      [B, A],
      [A, 'eu.onetime.localhost'],
    ] as const) {
      const answer = await on(host, { path: '/api/v1/status', servername });
      expect([answer.status, answer.json()]).toEqual([
        421,
        { message: 'This host is not served here' },
      ]);
    }
  });

  it('does not accept the token of another account', async () => {
    const check = await on(A, { path: '/api/v1/authcheck', auth: other.auth });
    expect([check.status, check.json()]).toMatchObject([404, { message: 'Not authorized' }]);
    const share = await on(A, {
      path: '/api/v1/share',
      auth: other.auth,
      body: { secret: 'cuckoo' },
    });
    expect(share.json()).toMatchObject({
      message: `You do not have permission to use domain: ${A}`,
    });
  });

  it('accepts its name in any letter case and with a trailing dot', async () => {
    const answer = await on(A, {
      path: '/api/v1/status',
      headers: { host: `Secrets.ACME.test.:${gateway.ports.https}` },
    });
    expect(answer.status).toBe(200);
  });
});

describe('a removed domain', () => {
  it('stops serving at once, on open connections too', async () => {
    const agent = new SecureAgent({ keepAlive: true, maxSockets: 1 });
    const before = await on(A, { path: '/api/v1/status', agent });
    expect(before.status).toBe(200);
    expect((await acme.send('DELETE', `/${ofA.id}`)).status).toBe(200);
    await until('the open connection is misdirected', async () => {
      const { status } = await on(A, { path: '/api/v1/status', agent });
      return status === 421;
    });
    agent.destroy();
    await expect(certificateOf(A)).rejects.toThrow(/unrecognized name/i);
    expect(await ask(A)).toBe(403);
    expect((await on(B, { path: '/api/v1/status' })).status).toBe(200);
  });
});
