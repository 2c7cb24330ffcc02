import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithCaddy, startCaddy } from '../support/caddy.js';
import { DomainClient, recordsToMake, type DomainRecord } from '../support/domain-client.js';
import { TestDnsServer } from '../support/dns-server.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { call, type Answer } from '../support/https-client.js';
import type { RunningProgram } from '../support/pebble-program.js';

const NAME = 'secrets.acme.test';
const CADDY = '127.91.80.43';

describeWithCaddy('behind Caddy with its defaults', () => {
  const folder = mkdtempSync(join(tmpdir(), 'caddy-e2e-'));
  let dns: TestDnsServer;
  let gateway: GatewayProcess;
  let caddy: RunningProgram;
  let client: DomainClient;
  let claimed: DomainRecord;

  beforeAll(async () => {
    dns = await TestDnsServer.start();
    // The operator's own zone leads to Caddy.
    dns.zone.set('*.eu.ingress.onetime.localhost', 'A', [CADDY]);
    gateway = await GatewayProcess.start({
      environment: {
        GATEWAY_SERVE_REGIONS: 'eu',
        GATEWAY_DNS_SERVERS: dns.address,
        GATEWAY_INGRESS_IPS_EU: CADDY,
        GATEWAY_PROBE_HTTP_PORT: '80',
        GATEWAY_PUBLIC_HTTPS_PORT: '443',
        GATEWAY_TRUSTED_PROXIES: '127.0.0.1',
      },
    });
    caddy = await startCaddy({
      address: CADDY,
      folder,
      ask: `http://127.0.0.1:${gateway.ports.ops}/api/internal/caddy/ask`,
      upstream: `127.0.0.1:${gateway.ports.http}`,
    });
    const { auth } = await gateway.account('eu', 'owner@acme.test', 'identity_plus');
    client = new DomainClient(() => gateway.target('eu.onetime.localhost'), auth);
    claimed = await client.claim(NAME);
  });
  afterAll(async () => {
    await caddy.stop();
    await gateway.stop();
    await dns.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = async (name: string): Promise<number> =>
    (await gateway.ops(`/api/internal/caddy/ask?domain=${name}`)).status;

  const rootOfCaddy = (): string =>
    readFileSync(join(folder, 'caddy/pki/authorities/local/root.crt'), 'utf8');

  const throughCaddy = (path: string): Promise<Answer> =>
    call({ host: NAME, port: 443, address: CADDY, ca: rootOfCaddy() }, { path });

  it('a name gets no certificate before it is proven, although its DNS leads to Caddy', async () => {
    const [cname] = claimed.records.filter(({ type }) => type === 'CNAME');
    dns.zone.set('alias.other.test', 'CNAME', [...(cname?.desired ?? [])]);
    dns.zone.set(NAME, 'CNAME', ['alias.other.test']);
    expect((await client.verify(claimed.id)).ownership.state).toBe('pending');
    expect(await ask(NAME)).toBe(403);
    await expect(throughCaddy('/api/v1/status')).rejects.toThrow();
  });

  it('a proven name whose DNS leads to Caddy gets a certificate and serves', async () => {
    for (const { fqdn, type, desired } of recordsToMake(claimed))
      dns.zone.set(fqdn, type as 'TXT', desired);
    // The probe of this check follows Caddy's redirect to a handshake that Caddy refuses: the name was not proven yet.
    const verified = await client.verify(claimed.id);
    expect(verified.ownership.state).toBe('verified');
    expect(await ask(NAME)).toBe(200);
    // The next checks come by themselves. Their probes make Caddy ask again.
    expect(await client.serving(claimed.id)).toMatchObject({ routing: { state: 'pointed' } });
    const status = await throughCaddy('/api/v1/status');
    expect([status.status, status.json()]).toMatchObject([200, { status: 'nominal' }]);
  });

  it('a proven name whose DNS leads elsewhere gets none', async () => {
    dns.zone.set(NAME, 'CNAME', ['shop.example.test']);
    dns.zone.set('shop.example.test', 'A', ['198.51.100.7']);
    const other = await client.claim('vault.acme.test');
    const [txt] = other.records.filter(({ type }) => type === 'TXT');
    dns.zone.set(txt?.fqdn ?? '', 'TXT', [...(txt?.desired ?? [])]);
    dns.zone.set('vault.acme.test', 'A', ['198.51.100.7']);
    expect((await client.verify(other.id)).ownership.state).toBe('verified');
    expect(await ask('vault.acme.test')).toBe(403);
  });
});
