import { createServer, type Server } from 'node:net';
import { requireHostname } from '../../../src/shared/hostname.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { DiscoveryRequest } from '../../../src/domains/connect/discovery-request.js';
import { ProviderDiscovery } from '../../../src/domains/connect/provider-discovery.js';
import { templatesOf } from '../../../src/domains/connect/templates.js';
import type { Region } from '../../../src/config/region.js';
import { TestDnsServer } from '../../support/dns-server.js';
import { DnsProvider, PROVIDER_HOST, type SettingsMode } from '../../support/dns-provider.js';

const ZONE = 'acme.test';
const SERVICE = 'custom-domain-basic';
const BASE = requireHostname('onetime.localhost');
// Loaded machines are slow; what must be bounded has a bound of its own in the test.
const LONG = 60_000;

describe('the discovery of a DNS provider', () => {
  let dns: TestDnsServer;
  let provider: DnsProvider;
  const listeners: Server[] = [];
  /** Connections to addresses that must not be connected to. */
  let intruded = 0;

  beforeAll(async () => {
    dns = await TestDnsServer.start();
    provider = await DnsProvider.start(dns, [ZONE]);
    const region = { region: 'eu' as Region, ingressAddresses: ['127.0.0.1'], isDelegable: false };
    const settings = {
      baseDomain: BASE,
      providerId: BASE,
      publicKeyDomain: BASE,
      name: 'Onetime',
      version: 1,
      hosts: [`eu.${BASE}`],
    };
    provider.onboard(templatesOf(settings, [region]));
    for (const address of ['127.0.0.2', '::1']) {
      const listener = createServer((socket) => {
        intruded += 1;
        socket.destroy();
      });
      await new Promise<void>((resolve) => listener.listen(provider.port, address, resolve));
      listeners.push(listener);
    }
  });
  afterAll(async () => {
    for (const listener of listeners) listener.close();
    await provider.stop();
    await dns.stop();
  });
  beforeEach(() => {
    intruded = 0;
    provider.asked.splice(0);
    const rest = { hasTemplate: true, failsFor: null, apiHost: PROVIDER_HOST };
    Object.assign(provider.modes, { settings: 'right', ...rest });
    dns.zone.set(PROVIDER_HOST, 'A', ['127.0.0.1']);
    dns.zone.set(`_domainconnect.${ZONE}`, 'TXT', [PROVIDER_HOST]);
  });

  function discover({
    ownAddresses = ['127.0.0.1'],
    providers = null as readonly string[] | null,
    deadline = LONG,
    roots = provider.ca as string | null,
    pairServiceId = null as string | null,
  } = {}) {
    const resolver = new DnsResolver({ servers: [dns.address], timeoutMs: LONG });
    const reach = { port: provider.port, roots, ownAddresses, reachesOwn: true };
    const rules = { baseDomain: BASE, providerId: BASE, providers };
    const requests = new DiscoveryRequest(resolver, reach);
    const discovery = new ProviderDiscovery(resolver, requests, rules);
    const services = { serviceId: SERVICE, pairServiceId };
    return discovery.discover(ZONE, services, AbortSignal.timeout(deadline));
  }

  it('finds a provider that has our template', async () => {
    expect(await discover()).toEqual({
      state: 'available',
      zone: ZONE,
      serviceId: SERVICE,
      provider: { id: 'dns-provider.test', name: 'DNS Provider' },
      syncUrl: `https://${PROVIDER_HOST}/connect`,
      controlPanel: `https://${PROVIDER_HOST}/?domain=${ZONE}`,
      window: { width: 800, height: 600 },
    });
    expect(provider.asked).toEqual([
      `GET /v2/${ZONE}/settings`,
      `GET /v2/domainTemplates/providers/${BASE}/services/${SERVICE}`,
    ]);
  });

  it('asks an apex also for the template of the pair', async () => {
    const pairServiceId = 'custom-domain-apex-www-eu-basic';
    expect(await discover({ pairServiceId })).toMatchObject({ hasPairTemplate: true });
    const unknown = await discover({ pairServiceId: 'custom-domain-apex-www-us-basic' });
    expect(unknown).toMatchObject({ state: 'available' });
    expect(unknown).not.toHaveProperty('hasPairTemplate');
    provider.modes.failsFor = pairServiceId;
    expect(await discover({ pairServiceId })).toMatchObject({
      state: 'available',
      hasPairTemplate: null,
    });
    provider.modes.hasTemplate = false;
    expect(await discover({ pairServiceId })).not.toHaveProperty('hasPairTemplate');
  });

  it('says of a provider that does not know us how to get to its panel', async () => {
    provider.modes.hasTemplate = false;
    expect(await discover()).toMatchObject({
      state: 'no_template',
      controlPanel: `https://${PROVIDER_HOST}/?domain=${ZONE}`,
    });
  });

  it.each<[SettingsMode, string | undefined]>([
    ['not found', 'unsupported'],
    ['page', 'unsupported'],
    ['redirect', 'unsupported'],
    ['no sync', 'unsupported'],
    ['failing', undefined],
    ['huge', undefined],
  ])('of settings that are %s concludes %s', async (mode, state) => {
    provider.modes.settings = mode;
    provider.modes.redirectTo = `https://127.0.0.2:${provider.port}/`;
    expect((await discover())?.state).toBe(state);
    expect(intruded).toBe(0);
  });

  it('does not wait for a provider that is silent', async () => {
    provider.modes.settings = 'silent';
    expect(await discover({ deadline: 500 })).toBeNull();
  });

  it('takes no value of a wildcard record for a provider, and finds the right one among others', async () => {
    dns.zone.set(`_domainconnect.${ZONE}`, 'TXT', ['paddle-verification=1', 'v=spf1 -all']);
    expect(await discover()).toMatchObject({ state: 'unsupported', provider: null });
    expect(provider.asked).toEqual([]);
    dns.zone.set(`_domainconnect.${ZONE}`, 'TXT', ['v=spf1 -all', PROVIDER_HOST]);
    expect(await discover()).toMatchObject({ state: 'available' });
  });

  it('trusts those providers only that the operator names', async () => {
    expect(await discover({ providers: ['godaddy.com'] })).toMatchObject({
      state: 'unsupported',
      provider: null,
      controlPanel: null,
    });
    expect(await discover({ providers: ['dns-provider.test'] })).toMatchObject({
      state: 'available',
    });
  });

  it('concludes nothing from name servers that do not answer', async () => {
    dns.fault(`_domainconnect.${ZONE}`, 'servfail');
    expect(await discover()).toBeNull();
    dns.fault(`_domainconnect.${ZONE}`, null);
  });

  it('verifies the certificate', async () => {
    expect(await discover({ roots: null })).toBeNull();
    dns.zone.set('other.dns-provider.test', 'A', ['127.0.0.1']);
    dns.zone.set(`_domainconnect.${ZONE}`, 'TXT', ['other.dns-provider.test']);
    expect(await discover()).toBeNull();
    expect(provider.asked).toEqual([]);
  });

  describe('connects to no address that is not public', () => {
    it.each([
      ['an address', '127.0.0.2'],
      ['an IPv6 address', '[::1]'],
      ['a port', 'x.attacker.test:22'],
      ['localhost', 'localhost'],
      ['a user', 'user@x.attacker.test'],
      ['our own host', `eu.${BASE}`],
    ])('by %s in the TXT record', async (_, value) => {
      dns.zone.set(`eu.${BASE}`, 'A', ['127.0.0.2']);
      dns.zone.set(`_domainconnect.${ZONE}`, 'TXT', [value]);
      expect(await discover()).toMatchObject({ state: 'unsupported' });
      expect([intruded, provider.asked.length]).toEqual([0, 0]);
    });

    it.each([
      ['a name', ['127.0.0.2'], []],
      ['a name that has a good one too', ['127.0.0.1', '127.0.0.2'], []],
      ['an IPv6 address of a name', ['127.0.0.1'], ['::1']],
      ['an IPv4 address in IPv6', [], ['::ffff:127.0.0.2']],
      ['the address of a cloud’s metadata', ['169.254.169.254'], []],
    ])('by %s', async (_, a, aaaa) => {
      dns.zone.set('x.attacker.test', 'A', a);
      dns.zone.set('x.attacker.test', 'AAAA', aaaa);
      dns.zone.set(`_domainconnect.${ZONE}`, 'TXT', ['x.attacker.test']);
      expect(await discover()).toBeNull();
      expect([intruded, provider.asked.length]).toEqual([0, 0]);
      dns.zone.clear('x.attacker.test');
    });

    it('by the address of the interface', async () => {
      dns.zone.set('api.attacker.test', 'A', ['127.0.0.2']);
      provider.modes.apiHost = 'api.attacker.test';
      expect(await discover()).toBeNull();
      provider.modes.apiHost = `127.0.0.2:${provider.port}`;
      expect(await discover()).toMatchObject({ state: 'unsupported' });
      provider.modes.apiHost = `eu.${BASE}`;
      expect(await discover()).toMatchObject({ state: 'unsupported' });
      expect(intruded).toBe(0);
    });

    it('by a name whose address has changed since it was looked up', async () => {
      const found = discover();
      provider.onSettings = () => dns.zone.set(PROVIDER_HOST, 'A', ['127.0.0.2']);
      expect(await found).toBeNull();
      expect(provider.asked).toEqual([`GET /v2/${ZONE}/settings`]);
      expect(intruded).toBe(0);
      provider.onSettings = () => undefined;
    });

    it('not even of the gateway itself, but in tests', async () => {
      expect(await discover({ ownAddresses: [] })).toBeNull();
      expect(provider.asked).toEqual([]);
    });
  });

  it('has a listener where nothing was to be seen', async () => {
    expect(listeners[0]?.address()).toMatchObject({ port: provider.port });
    expect(listeners.every(({ listening }) => listening)).toBe(true);
  });
});
