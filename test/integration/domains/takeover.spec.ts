import type { Account } from '../../../src/accounts/account.js';
import type { Domain } from '../../../src/domains/domain.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { anAccount, aName, aVerified, openRoom, eventTypesOf, type Room } from './support.js';

describe('a name that another account had', () => {
  let database: TestDatabase;
  let room: Room;
  let holder: Account;
  let rival: Account;

  beforeAll(async () => {
    database = await openTestDatabase();
    room = openRoom(database);
    holder = await anAccount(database);
    rival = await anAccount(database);
  });

  afterAll(() => database.close());

  async function stateOf(domain: Domain): Promise<string> {
    return (await room.domains.get(domain.accountId, domain.extid)).ownership;
  }

  async function verify(domain: Domain): Promise<string> {
    return (await room.domains.verify(domain.accountId, domain.extid)).ownership;
  }

  function shift(domain: Domain, column: string, interval: string): Promise<unknown> {
    return database.dataSource.query(
      `update domains set ${column} = ${column} - $2::interval where id = $1`,
      [domain.id, interval],
    );
  }

  /** Removes the proof and lets the claim lapse. */
  async function lapse(domain: Domain): Promise<void> {
    room.dns.clear(domain.hostname);
    expect(await verify(domain)).toBe('verified');
    await database.dataSource.query(
      `update domains set proof_missing_since = now() - interval '7 days', proof_misses = 20, proof_warnings = 3
       where id = $1`,
      [domain.id],
    );
    expect(await verify(domain)).toBe('lapsed');
  }

  it('is taken over by proof once the claim of its holder has lapsed, not before', async () => {
    const held = await aVerified(room, holder);
    const claim = await room.domains.claim(rival, held.hostname);
    room.dns.clear(held.hostname);
    room.dns.publishTxt(claim);
    room.dns.publishCname(claim);
    expect(await verify(claim)).toBe('conflict');

    await lapse(held);
    room.dns.publishTxt(claim);
    expect(await verify(claim)).toBe('conflict');
    room.dns.publishCname(claim);
    expect(await verify(claim)).toBe('verified');
    expect(await stateOf(held)).toBe('revoked');
    expect((await eventTypesOf(room, held)).slice(-2)).toEqual(['lapsed', 'lost']);

    // The proof of the previous holder does not take the name back.
    room.dns.publishTxt(held);
    expect(await verify(held)).toBe('revoked');
    const again = await room.domains.claim(holder, held.hostname);
    room.dns.publishTxt(again);
    expect(await verify(again)).toBe('conflict');
  });

  it('is taken over by one of two accounts that prove it at once', async () => {
    const held = await aVerified(room, holder);
    await lapse(held);
    const others = await Promise.all([anAccount(database), anAccount(database)]);
    const claims = await Promise.all(others.map((each) => room.domains.claim(each, held.hostname)));
    await database.dataSource.query(`update domains set is_apex = true where hostname = $1`, [
      held.hostname,
    ]);
    for (const claim of claims) room.dns.publishTxt(claim);
    const states = await Promise.all(claims.map((claim) => verify(claim)));
    expect(states.toSorted()).toEqual(['conflict', 'verified']);
    expect(await stateOf(held)).toBe('revoked');
  });

  it('needs TXT and CNAME for 30 days after its removal', async () => {
    const held = await aVerified(room, holder);
    const claim = await room.domains.claim(rival, held.hostname);
    await room.domains.remove(holder.id, held.extid);

    // The old CNAME record still exists, and the TXT record of the new claim.
    room.dns.publishTxt(claim);
    expect(await verify(claim)).toBe('pending');
    expect(room.domains.facts(await room.domains.get(rival.id, claim.extid))).toMatchObject({
      conflict: false,
      blocked: null,
      expected: { needsCnameProof: true },
    });
    room.dns.publishCname(claim);
    expect(await verify(claim)).toBe('verified');
  });

  it('needs the TXT record only at an apex, which can have no CNAME', async () => {
    const apex = aName().replace('secrets.', '');
    const held = await aVerified(room, holder, apex);
    await room.domains.remove(holder.id, held.extid);
    room.dns.clear(apex);
    const claim = await room.domains.claim(rival, apex);
    expect(claim).toMatchObject({ isApex: true, needsCnameProof: true });
    room.dns.publishCname(claim);
    expect(await verify(claim)).toBe('pending');
    room.dns.publishTxt(claim);
    expect(await verify(claim)).toBe('verified');
  });

  it('needs one record only after 30 days', async () => {
    const held = await aVerified(room, holder);
    await room.domains.remove(holder.id, held.extid);
    await shift(held, 'lost_at', '30 days');
    const claim = await room.domains.claim(rival, held.hostname);
    expect(claim.needsCnameProof).toBe(false);
    room.dns.publishTxt(claim);
    expect(await verify(claim)).toBe('verified');
  });

  it('is not in quarantine if it was never proven', async () => {
    const unproven = await room.domains.claim(holder, aName());
    await room.domains.remove(holder.id, unproven.extid);
    const claim = await room.domains.claim(rival, unproven.hostname);
    expect(claim.needsCnameProof).toBe(false);
  });
});
