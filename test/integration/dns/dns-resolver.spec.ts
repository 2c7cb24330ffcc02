import { createSocket, type Socket } from 'node:dgram';
import packet from 'dns-packet';
import { lookupCaa } from '../../../src/dns/caa-lookup.js';
import { DnsResolver } from '../../../src/dns/dns-resolver.js';
import { TestDnsServer } from '../../support/dns-server.js';

const NAME = 'secrets.example.test';

describe(DnsResolver.name, () => {
  let server: TestDnsServer;
  let other: TestDnsServer;
  /** With a short timeout, for tests of a server that does not answer. */
  const hasty = (...servers: TestDnsServer[]) =>
    new DnsResolver({ servers: servers.map(({ address }) => address), timeoutMs: 150, tries: 2 });
  const resolver = (...servers: TestDnsServer[]) =>
    new DnsResolver({ servers: servers.map(({ address }) => address), timeoutMs: 20_000 });

  beforeEach(async () => {
    [server, other] = await Promise.all([TestDnsServer.start(), TestDnsServer.start()]);
  });
  afterEach(async () => {
    await Promise.all([server.stop(), other.stop()]);
  });

  it('returns addresses with the shortest TTL, and the whole CNAME chain', async () => {
    server.zone.set(NAME, 'CNAME', ['alias.example.test'], 300);
    server.zone.set('alias.example.test', 'CNAME', ['target.ingress.test']);
    server.zone.set('*.ingress.test', 'A', ['192.0.2.1', '192.0.2.2'], 30);
    const found = await resolver(server).lookup(`${NAME.toUpperCase()}.`, 'A');
    expect(found.answer).toEqual({
      status: 'ok',
      values: ['192.0.2.1', '192.0.2.2'],
      ttlSeconds: 30,
    });
    expect(found.chain).toEqual(['alias.example.test', 'target.ingress.test']);
    const { answer } = await resolver(server).lookup(NAME, 'CNAME');
    expect(answer).toEqual({ status: 'ok', values: ['alias.example.test'], ttlSeconds: 300 });
  });

  it('follows CNAME records itself if the server does not', async () => {
    server.fault('*', 'authoritative');
    server.zone.set(NAME, 'CNAME', ['a.one.test']);
    server.zone.set('a.one.test', 'CNAME', ['a.two.test']);
    server.zone.set('a.two.test', 'AAAA', ['2001:db8::1']);
    const found = await resolver(server).lookup(NAME, 'AAAA');
    expect(found.chain).toEqual(['a.one.test', 'a.two.test']);
    expect(found.answer).toMatchObject({ status: 'ok', values: ['2001:db8::1'] });
    server.zone.set('a.two.test', 'CNAME', [NAME]);
    expect((await resolver(server).lookup(NAME, 'A')).chain.length).toBeLessThanOrEqual(17);
  });

  it('joins the strings of each TXT record and keeps quotation marks', async () => {
    const long = `"${'x'.repeat(300)}"`;
    server.zone.set(NAME, 'TXT', [long, 'second']);
    const { answer } = await resolver(server).lookup(NAME, 'TXT');
    expect(answer).toMatchObject({ status: 'ok', values: [long, 'second'] });
  });

  it('asks again over TCP when the response is truncated', async () => {
    const values = Array.from({ length: 60 }, (_, at) => `value ${at} of a long answer`);
    server.zone.set(NAME, 'TXT', values);
    const { answer } = await resolver(server).lookup(NAME, 'TXT');
    expect(answer).toMatchObject({ status: 'ok', values });
    expect(server.asked.map(({ transport }) => transport)).toEqual(['udp', 'tcp']);
  });

  it.each([
    ['nxdomain', 'nxdomain'],
    ['servfail', 'servfail'],
    ['refused', 'refused'],
    ['notimp', 'error'],
  ] as const)('reports %s as %s', async (fault, status) => {
    server.fault(NAME, fault);
    expect((await resolver(server).lookup(NAME, 'A')).answer).toEqual({ status });
  });

  it('reports a missing record as nodata and a missing name as nxdomain', async () => {
    server.zone.set(NAME, 'TXT', ['x']);
    expect((await resolver(server).lookup(NAME, 'A')).answer).toEqual({ status: 'nodata' });
    const beside = await resolver(server).lookup('beside.example.test', 'A');
    expect(beside.answer).toEqual({ status: 'nxdomain' });
  });

  it('reports a timeout after the configured number of tries', async () => {
    server.fault(NAME, 'silent');
    expect((await hasty(server).lookup(NAME, 'A')).answer).toEqual({ status: 'timeout' });
    expect(server.asked).toHaveLength(2);
  });

  it('reports a closed port as an error or a timeout and does not throw', async () => {
    const { address } = other;
    await other.stop();
    const { answer } = await new DnsResolver({ servers: [address], timeoutMs: 500 }).lookup(
      NAME,
      'A',
    );
    expect(['error', 'timeout']).toContain(answer.status);
    other = await TestDnsServer.start();
  });

  it('returns immediately when the caller aborts', async () => {
    server.fault(NAME, 'silent');
    const ended = AbortSignal.abort();
    expect((await resolver(server).lookup(NAME, 'A', ended)).answer.status).toBe('timeout');
    const ending = new AbortController();
    const lookup = resolver(server).lookup(NAME, 'A', ending.signal);
    ending.abort();
    expect((await lookup).answer.status).toBe('timeout');
  });

  it('reports dnssecBogus when the query succeeds only without signature checks', async () => {
    server.zone.set(NAME, 'A', ['192.0.2.1']);
    server.fault(NAME, 'bogus');
    const found = await resolver(server).lookup(NAME, 'A');
    expect(found).toMatchObject({ answer: { status: 'servfail' }, dnssecBogus: true });
    server.fault(NAME, 'servfail');
    expect((await resolver(server).lookup(NAME, 'A')).dnssecBogus).toBe(false);
  });

  it('reports the types of records beside a CNAME record', async () => {
    server.zone.set(NAME, 'CNAME', ['target.ingress.test']);
    server.zone.set(NAME, 'A', ['198.51.100.1']);
    server.zone.set('target.ingress.test', 'A', ['192.0.2.1']);
    const found = await resolver(server).lookup(NAME, 'A');
    expect(found.siblings).toEqual(['A']);
    expect(found.answer).toMatchObject({ values: ['192.0.2.1'] });
  });

  describe('with two servers', () => {
    it('prefers an answer to a failure', async () => {
      server.zone.set(NAME, 'A', ['192.0.2.1']);
      other.fault('*', 'servfail');
      const found = await resolver(server, other).lookup(NAME, 'A');
      expect(found).toMatchObject({ answer: { values: ['192.0.2.1'] }, disagreement: false });
    });

    it('prefers nxdomain to a failure', async () => {
      other.fault('*', 'refused');
      const found = await resolver(server, other).lookup(NAME, 'A');
      expect(found).toMatchObject({ answer: { status: 'nxdomain' }, disagreement: false });
    });

    it('merges different answers and reports the disagreement', async () => {
      server.zone.set(NAME, 'A', ['192.0.2.1']);
      other.zone.set(NAME, 'A', ['192.0.2.2']);
      const found = await resolver(server, other).lookup(NAME, 'A');
      expect(found).toMatchObject({
        answer: { values: ['192.0.2.1', '192.0.2.2'] },
        disagreement: true,
      });
    });

    it('finds a record that only one server has', async () => {
      server.zone.set(NAME, 'TXT', ['proof']);
      const found = await resolver(server, other).lookup(NAME, 'TXT');
      expect(found).toMatchObject({ answer: { values: ['proof'] }, disagreement: true });
    });
  });

  describe('with forged responses', () => {
    let forger: Socket;
    beforeEach(() => {
      forger = createSocket('udp4');
    });
    afterEach(() => {
      forger.close();
    });

    /** A server that sends the made answers to each query. */
    async function answeringWith(
      makeAnswers: (query: packet.DecodedPacket) => Buffer[],
      timeoutMs = 20_000,
    ): Promise<DnsResolver> {
      forger.on('message', (bytes, peer) => {
        for (const made of makeAnswers(packet.decode(bytes))) {
          forger.send(made, peer.port, peer.address);
        }
      });
      await new Promise<void>((resolve) => forger.bind(0, '127.0.0.1', resolve));
      const servers = [`127.0.0.1:${forger.address().port}`];
      return new DnsResolver({ servers, timeoutMs, tries: 1 });
    }

    function answer(query: packet.DecodedPacket, address: string, changes = {}): Buffer {
      return packet.encode({
        type: 'response',
        id: query.id ?? 0,
        questions: query.questions ?? [],
        answers: [{ name: NAME, type: 'A', ttl: 1, data: address }],
        ...changes,
      });
    }

    it('ignores responses with another id or another question, and malformed ones', async () => {
      const client = await answeringWith((query) => [
        Buffer.from('garbage'),
        answer(query, '203.0.113.1', { id: ((query.id ?? 0) + 1) % 65_536 }),
        answer(query, '203.0.113.2', { questions: [{ name: 'other.test', type: 'A' }] }),
        answer(query, '203.0.113.3', { type: 'query' }),
        Buffer.concat([answer(query, '203.0.113.4'), Buffer.alloc(8000)]),
        answer(query, '192.0.2.1'),
      ]);
      const found = await client.lookup(NAME, 'A');
      expect(found.answer).toMatchObject({ status: 'ok', values: ['192.0.2.1'] });
    });

    it('ignores responses of another server', async () => {
      const stranger = createSocket('udp4');
      const client = await answeringWith(() => [], 400);
      forger.on('message', (bytes, peer) => {
        stranger.send(answer(packet.decode(bytes), '203.0.113.1'), peer.port, peer.address);
      });
      expect((await client.lookup(NAME, 'A')).answer).toEqual({ status: 'timeout' });
      stranger.close();
    });

    it('ignores records of names that it did not ask for', async () => {
      const client = await answeringWith((query) => [
        answer(query, '', {
          answers: [{ name: 'victim.test', type: 'A', ttl: 1, data: '203.0.113.1' }],
        }),
      ]);
      expect((await client.lookup(NAME, 'A')).answer).toEqual({ status: 'nodata' });
    });
  });

  describe(lookupCaa.name, () => {
    const caa = (name = NAME) => lookupCaa(resolver(server), name);

    it('returns the records of the closest name that has any', async () => {
      server.zone.set('example.test', 'CAA', ['0 issue "letsencrypt.org"', '128 tbs "x"']);
      expect(await caa()).toEqual({
        status: 'ok',
        foundAt: 'example.test',
        records: [
          { critical: false, tag: 'issue', value: 'letsencrypt.org' },
          { critical: true, tag: 'tbs', value: 'x' },
        ],
      });
      server.zone.set(NAME, 'CAA', ['1 issue ";"']);
      expect(await caa()).toEqual({
        status: 'ok',
        foundAt: NAME,
        records: [{ critical: true, tag: 'issue', value: ';' }],
      });
    });

    it('follows a CNAME record and reports the name that has the records', async () => {
      server.zone.set(NAME, 'CNAME', ['t.ingress.test']);
      server.zone.set('t.ingress.test', 'CAA', ['0 issue "pki.example"']);
      server.zone.set('example.test', 'CAA', ['0 issue "letsencrypt.org"']);
      expect(await caa()).toMatchObject({
        foundAt: 't.ingress.test',
        records: [{ value: 'pki.example' }],
      });
    });

    it('returns no records when no name has any', async () => {
      expect(await caa()).toEqual({ status: 'ok', foundAt: null, records: [] });
    });

    it('is unanswerable after a failure below the name with the records, not above it', async () => {
      server.zone.set('example.test', 'CAA', ['0 issue "letsencrypt.org"']);
      server.fault(NAME, 'servfail', 'CAA');
      expect((await caa()).status).toBe('unanswerable');
      server.fault(NAME, null, 'CAA');
      server.fault('test', 'servfail', 'CAA');
      expect(await caa()).toMatchObject({ status: 'ok', foundAt: 'example.test' });
      server.zone.clear('example.test');
      expect((await caa()).status).toBe('unanswerable');
    });
  });
});
