import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Region } from '../../../src/config/region.js';
import type { RootKeys } from '../../../src/config/root-key.js';
import { diagnose } from '../../../src/domains/diagnosis/diagnose.js';
import type { DomainFacts, ObservedFacts } from '../../../src/domains/domain-facts.js';
import { DomainObserver } from '../../../src/domains/checks/domain-observer.js';
import type { ObservationRequest } from '../../../src/domains/domain-facts.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { HttpProbe } from '../../../src/domains/probe/http-probe.js';
import { answerProbe, parseProbePath } from '../../../src/domains/probe/probe-protocol.js';
import { DAY } from '../../../src/shared/durations.js';
import { TestDnsServer } from '../../support/dns-server.js';
import { MovableClock } from '../certificates/test-authority.js';

const eu = 'eu' as Region;
const rootKeys: RootKeys = [{ version: 1, bytes: randomBytes(32) }];
const NAME = 'secrets.acme.test';
const TARGET = 'k3v9q2m8x7c1b5n0.eu.ingress.onetime.test';
const CHALLENGE_NAME = `_onetime-challenge-a1b2c3d.${NAME}`;
const CHALLENGE = '0123456789abcdef0123456789abcdef';

const request: ObservationRequest = {
  hostname: NAME,
  zone: 'acme.test',
  relativeName: 'secrets',
  isApex: false,
  pairName: null,
  expected: {
    target: TARGET,
    ingressAddresses: ['127.0.0.1'],
    ingressSuffix: 'eu.ingress.onetime.test',
    otherIngressSuffixes: ['us.ingress.onetime.test'],
    ownHosts: ['eu.onetime.test', 'onetime.test'],
    otherHosts: ['us.onetime.test'],
    challengeName: CHALLENGE_NAME,
    challengeValue: CHALLENGE,
    needsCnameProof: false,
    delegation: {
      name: `_acme-challenge.${NAME}`,
      target: 'k3v9q2m8x7c1b5n0.acme.eu.onetime.test',
      isOffered: false,
    },
  },
  cas: [{ domain: 'letsencrypt.org', accountUri: null, methods: ['http-01'] }],
};

describe(DomainObserver.name, () => {
  const clock = new MovableClock();
  let dns: TestDnsServer;
  let gateway: Server;

  beforeEach(async () => {
    dns = await TestDnsServer.start();
    dns.zone.set('*.eu.ingress.onetime.test', 'A', ['127.0.0.1']);
    gateway = createServer((asked, response) => {
      const question = parseProbePath(asked.url ?? '');
      const hostname = (asked.headers.host ?? '').replace(/:\d+$/, '');
      response.end(question && answerProbe(rootKeys, eu, hostname, question.nonce));
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    gateway.closeAllConnections();
    await Promise.all([dns.stop(), new Promise((resolve) => gateway.close(resolve))]);
  });

  function observer(deadlineMs?: number, servers = [dns]): DomainObserver {
    const { port: httpPort } = gateway.address() as AddressInfo;
    return new DomainObserver(
      new DnsResolver({ servers: servers.map(({ address }) => address), timeoutMs: 20_000 }),
      new HttpProbe({ region: eu, rootKeys, httpPort, deadlineMs: 20_000 }),
      clock,
      deadlineMs ?? 30_000,
    );
  }

  function asPending(facts: ObservedFacts): DomainFacts {
    const ownership = { state: 'pending', provenAt: null, missingSince: null };
    const delegation = { state: 'unknown', isPointed: false, windowEndsAt: null } as const;
    return {
      ...facts,
      conflict: false,
      blocked: null,
      delegation,
      ownership,
      certificate: null,
      setup: null,
      isPairClaimed: true,
    };
  }

  async function observe(changes: Partial<ObservationRequest> = {}) {
    const facts = await observer().observe({ ...request, ...changes });
    const { issues, routing, ownershipProof } = diagnose(asPending(facts));
    return { facts, codes: issues.map(({ code }) => code), routing, ownershipProof };
  }

  it('reports no issue of the right records', async () => {
    dns.zone.set(NAME, 'CNAME', [TARGET], 300);
    dns.zone.set(CHALLENGE_NAME, 'TXT', ['other', CHALLENGE], 120);
    const { facts, codes, routing, ownershipProof } = await observe();
    expect([codes, routing, ownershipProof]).toEqual([[], 'pointed', 'present']);
    expect(facts).toMatchObject({
      cname: { status: 'ok', values: [TARGET], ttlSeconds: 300 },
      a: { status: 'ok', values: ['127.0.0.1'] },
      txt: { status: 'ok', values: ['other', CHALLENGE], ttlSeconds: 120 },
      txtDoubled: { status: 'nxdomain' },
      caa: { status: 'ok', foundAt: null, records: [] },
      zoneStatus: 'exists',
      wildcard: false,
      disagreement: false,
      probe: { status: 'ours', address: '127.0.0.1' },
    });
  });

  it('dates what it saw by the clock of the region, not of the host', async () => {
    clock.forward(-DAY);
    expect((await observe()).facts.observedAt).toBe(clock.now().toISOString());
  });

  it('reports no issue once the advised records exist', async () => {
    const { facts, codes } = await observe();
    expect(codes).toEqual(['TXT_MISSING', 'NO_RECORDS']);
    for (const { fqdn, type, desired } of diagnose(asPending(facts)).records) {
      dns.zone.set(fqdn, type as 'TXT' | 'CNAME', desired);
    }
    expect((await observe()).codes).toEqual([]);
  });

  it('finds the TXT record at wrong names and with quotation marks', async () => {
    dns.zone.set(NAME, 'A', ['127.0.0.1']);
    dns.zone.set(`${CHALLENGE_NAME}.acme.test`, 'TXT', [CHALLENGE]);
    expect((await observe()).codes).toContain('TXT_DOUBLE_LABEL');
    dns.zone.clear(`${CHALLENGE_NAME}.acme.test`);
    dns.zone.set(NAME, 'TXT', [CHALLENGE]);
    expect((await observe()).codes).toContain('TXT_AT_NAME');
    dns.zone.set(CHALLENGE_NAME, 'TXT', [`"${CHALLENGE}"`]);
    const quoted = await observe();
    expect([quoted.codes[0], quoted.ownershipProof]).toEqual(['TXT_QUOTED', 'present']);
  });

  it('detects a wildcard by a random sibling name', async () => {
    dns.zone.set('*.acme.test', 'CNAME', ['shop.example.net']);
    dns.zone.set('shop.example.net', 'A', ['198.51.100.7']);
    const { facts, codes } = await observe();
    expect(facts.wildcard).toBe(true);
    expect(codes).toContain('WILDCARD_SHADOW');
    dns.zone.set(NAME, 'CNAME', ['other.example.net']);
    dns.zone.set('other.example.net', 'A', ['198.51.100.8']);
    expect((await observe()).facts.wildcard).toBe(false);
  });

  it('reports records beside a CNAME record', async () => {
    dns.zone.set(NAME, 'CNAME', [TARGET]);
    dns.zone.set(NAME, 'A', ['198.51.100.7']);
    expect((await observe()).facts.cnameSiblings).toEqual(['A']);
  });

  it('never probes a private address', async () => {
    dns.zone.set(NAME, 'A', ['127.0.0.2']);
    const { facts, codes } = await observe();
    expect(facts.probe).toMatchObject({ status: 'private_address', address: '127.0.0.2' });
    expect(codes).toContain('PRIVATE_ADDRESS');
  });

  it('accepts address records at an apex', async () => {
    const expected = { ...request.expected, challengeName: '_onetime-challenge-a1b2c3d.acme.test' };
    const apex = { hostname: 'acme.test', relativeName: '@', isApex: true, expected };
    dns.zone.set('acme.test', 'A', ['127.0.0.1']);
    dns.zone.set(expected.challengeName, 'TXT', [CHALLENGE]);
    const { codes, routing, ownershipProof } = await observe(apex);
    expect([codes, routing, ownershipProof]).toEqual([[], 'pointed', 'present']);
  });

  it('finds how the other name of a pair leads here: by IPv6 alone, or by CNAME records', async () => {
    const apex = { hostname: 'acme.test', relativeName: '@', isApex: true };
    const pair = { ...apex, pairName: 'www.acme.test' };
    const of = async () => {
      const { pairAddresses, pairChain } = (await observe(pair)).facts;
      return { pairAddresses, pairChain };
    };
    expect(await of()).toMatchObject({ pairAddresses: { status: 'nxdomain' }, pairChain: [] });
    dns.zone.set('www.acme.test', 'AAAA', ['::1']);
    expect(await of()).toMatchObject({ pairAddresses: { values: ['::1'] }, pairChain: [] });
    dns.zone.clear('www.acme.test');
    dns.zone.set('acme.test', 'A', ['127.0.0.1']);
    dns.zone.set('www.acme.test', 'CNAME', ['acme.test']);
    expect(await of()).toMatchObject({
      pairAddresses: { values: ['127.0.0.1'] },
      pairChain: ['acme.test'],
    });
  });

  it('distinguishes a missing zone, a failing zone and bogus signatures', async () => {
    dns.fault('*', 'nxdomain');
    expect((await observe()).codes).toEqual(['ZONE_NXDOMAIN']);
    dns.fault('*', 'servfail');
    const failing = await observe();
    expect(failing.codes).toEqual(['ZONE_SERVFAIL']);
    expect([failing.routing, failing.ownershipProof]).toEqual(['unknown', 'unknown']);
    dns.fault('*', 'bogus');
    dns.zone.set(NAME, 'CNAME', [TARGET]);
    expect((await observe()).codes).toContain('DNSSEC_BOGUS');
  });

  it('needs no NS or SOA query', async () => {
    dns.zone.set(NAME, 'CNAME', [TARGET]);
    dns.zone.set(CHALLENGE_NAME, 'TXT', [CHALLENGE]);
    dns.fault('*', 'notimp', 'NS');
    dns.fault('*', 'notimp', 'SOA');
    expect((await observe()).codes).toEqual([]);
  });

  it('accepts as proof only what most of the servers that answer have', async () => {
    const others = await Promise.all([TestDnsServer.start(), TestDnsServer.start()]);
    const servers = [dns, ...others];
    for (const { zone } of servers) zone.set('*.eu.ingress.onetime.test', 'A', ['127.0.0.1']);
    const look = async () =>
      diagnose(asPending(await observer(undefined, servers).observe(request)));
    // One server lies, or was lied to.
    dns.zone.set(NAME, 'CNAME', [TARGET]);
    dns.zone.set(CHALLENGE_NAME, 'TXT', [CHALLENGE]);
    const poisoned = await look();
    expect(poisoned.ownershipProof).toBe('absent');
    expect(poisoned.issues.map(({ code }) => code)).toEqual([
      'PROOF_SPREADING',
      'DNS_DISAGREEMENT',
    ]);
    // One of the two others does not answer: one against one.
    others[0]?.fault('*', 'servfail');
    expect((await look()).ownershipProof).toBe('unknown');
    others[1]?.fault('*', 'servfail');
    expect((await look()).ownershipProof).toBe('present');
    for (const each of others) each.fault('*', null);
    others[1]?.zone.set(CHALLENGE_NAME, 'TXT', [CHALLENGE]);
    expect((await look()).ownershipProof).toBe('present');
    await Promise.all(others.map((each) => each.stop()));
  });

  it('returns at its deadline when no server answers, and concludes nothing', async () => {
    dns.fault('*', 'silent');
    const facts = await observer(300).observe(request);
    const { issues, routing, ownershipProof } = diagnose(asPending(facts));
    expect(issues.map(({ code }) => code)).toEqual(['DNS_UNREACHABLE']);
    expect([routing, ownershipProof]).toEqual(['unknown', 'unknown']);
    expect(facts.probe.status).toBe('not_tried');
  });
});
