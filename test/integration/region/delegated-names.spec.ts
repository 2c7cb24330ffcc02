import type { Account } from '../../../src/accounts/account.js';
import { acmeZone, NoDelegation } from '../../../src/dns/delegation-offer.js';
import type { Domain } from '../../../src/domains/domain.js';
import { DomainSettings } from '../../../src/domains/domain-settings.js';
import { DnsRoutingGate, ProvenClaims } from '../../../src/region/dns-gates.js';
import {
  aName,
  anAccount,
  aVerified,
  eventTypesOf,
  openRoom,
  settings as ofRegion,
  type Room,
} from '../domains/support.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';

class TestOffer extends NoDelegation {
  isReached = true;

  override isOffered(): boolean {
    return this.isReached;
  }
}

describe('a name whose challenges are delegated', () => {
  let database: TestDatabase;
  let account: Account;
  const delegation = new TestOffer(acmeZone(ofRegion.region, ofRegion.baseDomain));
  const settings = Object.assign(new DomainSettings(), ofRegion, { delegation });
  let room: Room;
  let gate: DnsRoutingGate;

  beforeAll(async () => {
    database = await openTestDatabase();
    account = await anAccount(database);
  });
  beforeEach(() => {
    delegation.isReached = true;
    room = openRoom(database, { settings });
    gate = new DnsRoutingGate(new ProvenClaims(database.dataSource), room.dns, settings);
  });
  afterAll(() => database.close());

  const change = (domain: Domain, set: string) =>
    database.dataSource.query(`update domains set ${set} where id = $1`, [domain.id]);
  const verify = (domain: Domain) => room.domains.verify(account.id, domain.extid);
  /** So that the gate looks for itself. */
  const forget = (domain: Domain) => change(domain, `checked_at = now() - interval '1 minute'`);

  /** Proven by its TXT record alone, so it leads nowhere. */
  async function aPrepared(): Promise<Domain> {
    const domain = await room.domains.claim(account, aName());
    room.dns.publishTxt(domain);
    room.dns.publishDelegation(domain);
    return verify(domain);
  }

  it('is seen, told of, and announced for its certificate', async () => {
    const domain = await aPrepared();
    expect(domain).toMatchObject({
      ownership: 'verified',
      delegation: 'ready',
      delegatedAt: expect.any(Date),
      pointedAt: null,
    });
    expect(await eventTypesOf(room, domain)).toContain('delegation_ready');
    const announced = () =>
      database.dataSource.query<unknown[]>('select 1 from domain_changes where hostname = $1', [
        domain.hostname,
      ]);
    const before = (await announced()).length;
    room.dns.clear(domain.hostname);
    room.dns.publishTxt(domain);
    expect(await verify(domain)).toMatchObject({ delegation: 'none', delegatedAt: null });
    expect((await announced()).length).toBe(before + 1);
    expect(await eventTypesOf(room, domain)).toContain('delegation_gone');
  });

  it('stays delegated while nobody answers', async () => {
    const domain = await aPrepared();
    room.dns.isSilent = true;
    expect(await verify(domain)).toMatchObject({ delegation: 'ready' });
    delegation.isReached = false;
    room.dns.isSilent = false;
    expect(await verify(domain)).toMatchObject({ delegation: 'ready' });
  });

  it('is ready to switch after a check by a process that has just started', async () => {
    const domain = await aPrepared();
    const seen = domain.facts?.acmeChallenge;
    expect(seen?.cname.status).toBe('ok');
    delegation.isReached = false;
    const checked = await verify(domain);
    expect(checked.facts?.acmeChallenge).toEqual(seen);
    // It was not looked at.
    expect(checked.delegatedAt).toEqual(domain.delegatedAt);
    delegation.isReached = true;
    room.dns.clear(domain.hostname);
    room.dns.publishTxt(domain);
    expect((await verify(domain)).facts?.acmeChallenge.cname).toEqual({ status: 'nodata' });
  });

  it('proves nothing: a claim with the delegation alone is not verified', async () => {
    const domain = await room.domains.claim(account, aName());
    room.dns.publishDelegation(domain);
    expect(await verify(domain)).toMatchObject({ ownership: 'pending', delegation: 'ready' });
  });

  it('starts anew with the labels of a claim that is made again after its end', async () => {
    const domain = await room.domains.claim(account, aName());
    room.dns.publishDelegation(domain);
    expect(await verify(domain)).toMatchObject({ delegation: 'ready' });
    await change(domain, `ownership = 'revoked'`);
    const again = await room.domains.claim(account, domain.hostname);
    expect(again).toMatchObject({ delegation: 'unknown', delegatedAt: null });
    expect(await verify(again)).toMatchObject({ delegation: 'elsewhere' });
  });

  it('may order by dns-01 wherever it leads, by the look that has just found it', async () => {
    const domain = await aPrepared();
    const { observations } = room.dns;
    expect(await gate.check(domain.hostname)).toMatchObject({
      kind: 'delegated',
      challengeTypes: ['dns-01'],
    });
    expect(room.dns.observations).toBe(observations);
  });

  it('takes dns-01 first, and has the other ways, when it leads here', async () => {
    const domain = await aVerified(room, account);
    expect(await gate.check(domain.hostname)).toMatchObject({
      kind: 'pointed',
      challengeTypes: ['http-01', 'tls-alpn-01'],
    });
    room.dns.publishDelegation(domain);
    await forget(domain);
    expect(await gate.check(domain.hostname)).toEqual({
      kind: 'pointed',
      challengeTypes: ['dns-01', 'http-01', 'tls-alpn-01'],
      isUncertain: false,
    });
  });

  it('may not order by the label of another claim, nor after the delegation is gone', async () => {
    const domain = await aPrepared();
    for (const target of [`aaaaaaaaaaaaaaaa.${delegation.zone}`, 'x.cdn.example', null]) {
      room.dns.clear(domain.hostname);
      room.dns.publishTxt(domain);
      if (target !== null) room.dns.publishDelegation(domain, target);
      await forget(domain);
      expect(await gate.check(domain.hostname)).toMatchObject({ kind: 'elsewhere' });
    }
  });

  it('waits, and is not refused, while the world does not reach our name server', async () => {
    const domain = await aPrepared();
    delegation.isReached = false;
    expect(await gate.check(domain.hostname)).toEqual({ kind: 'unknown' });
  });

  it('goes by what was seen last while its delegation cannot be looked up', async () => {
    const domain = await aPrepared();
    room.dns.isSilent = true;
    await forget(domain);
    expect(await gate.check(domain.hostname)).toMatchObject({ kind: 'delegated' });
  });

  it.each([
    ['proven a month ago', `verified_at = now() - interval '31 days'`, 'elsewhere'],
    ['proven 29 days ago', `verified_at = now() - interval '29 days'`, 'delegated'],
  ])('may order for 30 days: %s', async (_, set, kind) => {
    const domain = await aPrepared();
    await change(domain, `${set}, routing_since = now() - interval '31 days'`);
    expect(await gate.check(domain.hostname)).toMatchObject({ kind });
  });

  it('has 30 days to come back from the last change of where it leads', async () => {
    const domain = await aPrepared();
    await change(
      domain,
      `verified_at = now() - interval '1 year', routing_since = now() - interval '29 days'`,
    );
    expect(await gate.check(domain.hostname)).toMatchObject({ kind: 'delegated' });
    // It led here at its last check: it has only just left.
    await change(
      domain,
      `routing = 'pointed', routing_since = now() - interval '1 year', pointed_at = now()`,
    );
    expect(await gate.check(domain.hostname)).toMatchObject({ kind: 'delegated' });
  });

  it('gives nothing by the claim of another account, or of one that has ended', async () => {
    const domain = await aPrepared();
    await change(domain, 'removed_at = now()');
    expect(await gate.check(domain.hostname)).toMatchObject({ kind: 'elsewhere' });
  });
});
