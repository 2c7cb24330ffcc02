import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { lookUpAcmeChallenge } from '../../../src/domains/checks/acme-challenge.js';
import { viewDelegation } from '../../../src/domains/diagnosis/delegation-view.js';
import type { AcmeChallengeFacts, ObservationRequest } from '../../../src/domains/domain-facts.js';
import { TestDnsServer } from '../../support/dns-server.js';
import { REQUEST } from './observed-name.js';

const { hostname, zone } = REQUEST;
const { name, target } = REQUEST.expected.delegation;
const OFFERED: ObservationRequest = {
  ...REQUEST,
  expected: { ...REQUEST.expected, delegation: { name, target, isOffered: true } },
};

describe(lookUpAcmeChallenge, () => {
  let dns: TestDnsServer;
  beforeEach(async () => {
    dns = await TestDnsServer.start();
  });
  afterEach(() => dns.stop());

  async function look(request = OFFERED): Promise<AcmeChallengeFacts & { state: string }> {
    const resolver = new DnsResolver({ servers: [dns.address], timeoutMs: 20_000 });
    const signal = AbortSignal.timeout(30_000);
    const acmeChallenge = await lookUpAcmeChallenge(request, (each, type) =>
      resolver.lookup(each, type, signal),
    );
    return { ...acmeChallenge, state: viewDelegation({ ...request, acmeChallenge }).state };
  }

  it('asks nothing while the region does not offer it', async () => {
    expect((await look(REQUEST)).state).toBe('unknown');
    expect(dns.asked).toEqual([]);
  });

  it('finds the record by two questions, none of them for the TXT records that a CA will ask for', async () => {
    dns.zone.set(name, 'CNAME', [target]);
    expect(await look()).toMatchObject({ state: 'ready', cname: { values: [target] } });
    expect(new Set(dns.asked.map((asked) => `${asked.name} ${asked.type}`))).toEqual(
      new Set([`${name} CNAME`, `${name} A`]),
    );
    expect(dns.asked).toHaveLength(2);
  });

  it('finds it by way of a name of the zone, and while the name at its end fails', async () => {
    dns.zone.set(name, 'CNAME', [`acme.${zone}`]);
    dns.zone.set(`acme.${zone}`, 'CNAME', [target]);
    expect((await look()).state).toBe('ready');
    dns.zone.set(name, 'CNAME', []);
    dns.zone.set(name, 'CNAME', [target]);
    dns.fault(name, 'servfail', 'A');
    expect((await look()).state).toBe('ready');
  });

  it('asks for no TXT records of an alias that leads elsewhere either', async () => {
    dns.zone.set(name, 'CNAME', [`www.${zone}`]);
    expect(await look()).toMatchObject({ state: 'elsewhere', txt: { status: 'unasked' } });
    expect(dns.asked.filter(({ type }) => type === 'TXT').map((asked) => asked.name)).not.toContain(
      name,
    );
  });

  it('concludes nothing from silence', async () => {
    dns.fault(name, 'servfail');
    expect(await look()).toMatchObject({ state: 'unknown', foundAt: null });
  });

  it.each<[string, () => void, object]>([
    ['nothing', () => {}, { state: 'none', wildcard: false }],
    [
      'the label of another claim',
      () => dns.zone.set(name, 'CNAME', ['aaaaaaaaaaaaaaaa.acme.eu.onetime.test']),
      { state: 'elsewhere', wildcard: false },
    ],
    [
      'a TXT record',
      () => dns.zone.set(name, 'TXT', ['left by another service']),
      { state: 'blocked', wildcard: false },
    ],
    [
      'a wildcard CNAME record below the name',
      () => dns.zone.set(`*.${hostname}`, 'CNAME', [`www.${zone}`]),
      { state: 'none', wildcard: true },
    ],
    [
      'a wildcard TXT record below the name',
      () => dns.zone.set(`*.${hostname}`, 'TXT', ['v=spf1 -all']),
      { state: 'none', wildcard: true },
    ],
    [
      'the record with the zone in its name twice',
      () => dns.zone.set(`${name}.${zone}`, 'CNAME', [target]),
      { state: 'none', foundAt: `${name}.${zone}` },
    ],
  ])('of %s', async (_, publish, seen) => {
    publish();
    expect(await look()).toMatchObject(seen);
  });
});
