import type { Account } from '../../../src/accounts/account.js';
import type { CaIdentity } from '../../../src/dns/caa-record.js';
import type { DnsResolver } from '../../../src/dns/dns-resolver.js';
import type { DomainObserver } from '../../../src/domains/checks/domain-observer.js';
import {
  NOT_PROBED,
  type ObservationRequest,
  type ProbeFacts,
} from '../../../src/domains/domain-facts.js';
import { DnsCaaGate, DnsRoutingGate, ProvenClaims } from '../../../src/region/dns-gates.js';
import { anAccount, aVerified, openRoom, settings, type Room } from '../domains/support.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

const CA: CaIdentity = { domain: 'ca.example', accountUri: null, methods: ['http-01'] };

describe('the permit to order', () => {
  let database: TestDatabase;
  let room: Room;
  let account: Account;
  let routing: DnsRoutingGate;
  let caa: DnsCaaGate;
  let caaLookups: number;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    account = await anAccount(database);
    const claims = new ProvenClaims(database.dataSource);
    routing = new DnsRoutingGate(claims, room.dns, settings);
    const lookup = (): Promise<unknown> => {
      caaLookups += 1;
      const answer = { status: 'timeout' };
      return Promise.resolve({ answer, chain: [], siblings: [] });
    };
    caa = new DnsCaaGate({ lookup } as unknown as DnsResolver, claims);
  });
  beforeEach(() => {
    caaLookups = 0;
  });
  afterAll(() => database.close());

  function age(seconds: number): Promise<unknown> {
    return database.dataSource.query(
      `update domains set checked_at = now() - make_interval(secs => $1)`,
      [seconds],
    );
  }

  it('is given by the observation that has just proven the name', async () => {
    const { hostname } = await aVerified(room, account);
    const { observations } = room.dns;
    expect(await routing.check(hostname)).toMatchObject({ kind: 'pointed' });
    expect(await caa.check(hostname, CA)).toMatchObject({ kind: 'permitted' });
    expect([room.dns.observations, caaLookups]).toEqual([observations, 0]);
  });

  it('needs a new observation when the last one is a minute old', async () => {
    const { hostname } = await aVerified(room, account);
    await age(60);
    const { observations } = room.dns;
    room.dns.clear(hostname);
    expect(await routing.check(hostname)).toMatchObject({ kind: 'elsewhere' });
    expect(room.dns.observations).toBe(observations + 1);
    expect(await caa.check(hostname, CA)).toMatchObject({ kind: 'unanswerable' });
    expect(caaLookups).toBeGreaterThan(0);
  });

  it('is not refused by an old observation when the records are there now', async () => {
    const domain = await aVerified(room, account);
    room.dns.clear(domain.hostname);
    room.dns.publishTxt(domain);
    const seen = await room.domains.verify(account.id, domain.extid);
    expect(seen.pointedAt).toBeNull();
    room.dns.publishCname(domain);
    expect(await routing.check(domain.hostname)).toMatchObject({ kind: 'pointed' });
  });

  describe('for a name that moves here and leads to the other region', () => {
    const verdict = async (status: ProbeFacts['status'], isVouched = true) => {
      const domain = await aVerified(room, account);
      room.dns.pointTo(domain.hostname, `abc.us.ingress.${settings.baseDomain}`);
      if (isVouched)
        await database.dataSource.query(
          `update domains set vouched_until = now() + interval '1 day' where id = $1`,
          [domain.id],
        );
      await age(60);
      const observer = {
        observe: async (request: ObservationRequest) => ({
          ...(await room.dns.observe(request)),
          probe: { ...NOT_PROBED, status },
        }),
      };
      const claims = new ProvenClaims(database.dataSource);
      const gate = new DnsRoutingGate(claims, observer as unknown as DomainObserver, settings);
      return gate.check(domain.hostname);
    };

    // A private address is not probed: regions in one private network.
    it.each(['other_region', 'ours', 'private_address'] as const)(
      'is for http-01 alone when the probe says %s',
      async (status) => {
        expect(await verdict(status)).toEqual({
          kind: 'pointed',
          challengeTypes: ['http-01'],
          isUncertain: false,
        });
      },
    );

    it.each(['timeout', 'refused', 'html', 'redirected'] as const)(
      'is not given when the probe says %s: nobody would send the CA on',
      async (status) => {
        expect(await verdict(status)).toMatchObject({ kind: 'elsewhere' });
      },
    );

    it('is not given without the word of the other region', async () => {
      expect(await verdict('other_region', false)).toMatchObject({ kind: 'elsewhere' });
    });
  });
});
