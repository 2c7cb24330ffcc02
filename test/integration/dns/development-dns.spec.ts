import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, type Config } from '../../../src/config/config.js';
import { DnsRecordsFile } from '../../../src/dns/dns-records-file.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import type { RunningDnsServer } from '../../../src/dns/dns-server.js';
import { startDevelopmentDns } from '../../../src/gateway/development-dns.js';
import { BASE, LABEL, NameserverScene, ZONE } from '../nameserver/nameserver-scene.js';

const fail = (_: string, error: unknown): never => {
  throw error;
};

describe(startDevelopmentDns.name, () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'development-dns-'));
  let server: RunningDnsServer | null;
  let resolver: DnsResolver;

  beforeAll(async () => {
    server = await startDevelopmentDns(configOf({}), fail);
    resolver = new DnsResolver({ servers: [server?.address ?? 'none'] });
  });

  afterAll(async () => {
    await server?.close();
    rmSync(dataDir, { recursive: true });
  });

  function configOf(environment: Record<string, string>): Config {
    return readConfig({ GATEWAY_DATA_DIR: dataDir, ...environment });
  }

  it('resolves the region hosts and every CNAME target', async () => {
    for (const name of ['eu.onetime.localhost', 'abc123.us.ingress.onetime.localhost']) {
      const { answer } = await resolver.lookup(name, 'A');
      expect(answer).toMatchObject({ status: 'ok', values: ['127.0.0.1'] });
    }
  });

  it('answers with records that were written after it started', async () => {
    const file = new DnsRecordsFile(dataDir);
    const zone = file.read();
    zone.set('_proof.secrets.acme.test', 'TXT', ['one', 'two']);
    zone.set('secrets.acme.test', 'CNAME', ['abc.eu.ingress.onetime.localhost']);
    file.write(zone);

    const { answer } = await resolver.lookup('_proof.secrets.acme.test', 'TXT');
    expect(answer).toMatchObject({ status: 'ok', values: ['one', 'two'] });
    const routed = await resolver.lookup('secrets.acme.test', 'A');
    expect(routed).toMatchObject({
      answer: { values: ['127.0.0.1'] },
      chain: ['abc.eu.ingress.onetime.localhost'],
    });
  });

  it('asks the name server of the gateway about delegated challenges, and says SERVFAIL without it', async () => {
    const scene = await NameserverScene.open(['127.0.0.1'], false);
    scene.eu.values = (label) => Promise.resolve(label === LABEL ? ['the value'] : []);
    const development = await startDevelopmentDns(
      configOf({
        GATEWAY_BASE_DOMAIN: BASE,
        GATEWAY_NAMESERVERS_EU: `ns1.${BASE}`,
        GATEWAY_NAMESERVER_PORT: String(scene.port),
      }),
      fail,
    );
    const file = new DnsRecordsFile(dataDir);
    const zone = file.read();
    zone.set('_acme-challenge.secrets.acme.test', 'CNAME', [`${LABEL}.${ZONE}`]);
    file.write(zone);
    const local = new DnsResolver({ servers: [development?.address ?? 'none'] });
    const lookUp = (type: 'TXT' | 'A') => local.lookup('_acme-challenge.secrets.acme.test', type);
    expect(await lookUp('TXT')).toMatchObject({
      answer: { values: ['the value'] },
      chain: [`${LABEL}.${ZONE}`],
    });
    expect((await lookUp('A')).answer).toEqual({ status: 'nodata' });
    expect((await local.lookup(`nobody.${ZONE}`, 'TXT')).answer).toEqual({ status: 'nxdomain' });
    expect((await local.lookup(ZONE, 'NS')).answer).toMatchObject({ values: [`ns1.${BASE}`] });
    await scene.close();
    expect((await lookUp('TXT')).answer).toEqual({ status: 'servfail' });
    await development?.close();
  });

  it('does not start when DNS servers or a database are configured', async () => {
    const key = 'q83vEjRWeJC6mHZUMhD+3LqYdlQyEP7cuph2VDIQ/tw=';
    const external = {
      GATEWAY_DATABASE_URL_EU: 'postgres://127.0.0.1/eu',
      GATEWAY_ROOT_KEY_EU: key,
    };
    expect(await startDevelopmentDns(configOf(external), fail)).toBeNull();
    const named = configOf({ GATEWAY_DNS_SERVERS: '127.0.0.1:5353' });
    expect(await startDevelopmentDns(named, fail)).toBeNull();
  });
});
