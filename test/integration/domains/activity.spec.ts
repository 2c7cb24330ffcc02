import type { Account } from '../../../src/accounts/account.js';
import type { Actor } from '../../../src/accounts/activity/activity.js';
import { AccountStore } from '../../../src/accounts/account.store.js';
import { AccountsService } from '../../../src/accounts/accounts.service.js';
import { ActivityStore } from '../../../src/accounts/activity/activity.store.js';
import { TokenStore } from '../../../src/accounts/tokens/token.store.js';
import { TokensService } from '../../../src/accounts/tokens/tokens.service.js';
import type { DomainAdministrationService } from '../../../src/certificates/domain-administration.service.js';
import { CertificateReportStore } from '../../../src/certificates/stores/certificate-report.store.js';
import { domainAdministrationIn } from '../../../src/cli/domain-administration.js';
import { Statements } from '../../../src/database/statements.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { Network } from '../../../src/shared/network.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aName, anAccount, aVerified, openRoom, settings, type Room } from './support.js';

const NETWORK = '198.51.100.0/24' as Network;
const OWNER: Actor = { kind: 'token', name: 'deploy', tokenId: null, network: NETWORK };
const OPERATOR: Actor = { kind: 'operator', name: 'support', tokenId: null, network: NETWORK };

describe('the activity of an account about its domains', () => {
  let database: TestDatabase;
  let room: Room;
  let operator: DomainAdministrationService;
  let ann: Account;
  let bob: Account;

  beforeAll(async () => {
    database = await openTestDatabase();
    const { dataSource } = database;
    room = openRoom(database);
    const statements = new Statements(dataSource);
    const accounts = new AccountsService(
      new AccountStore(statements, dataSource),
      new TokensService(new TokenStore(dataSource)),
    );
    const reports = new CertificateReportStore(statements);
    operator = domainAdministrationIn(dataSource, accounts, reports, settings);
  });
  beforeEach(async () => {
    ann = await anAccount(database);
    bob = await anAccount(database);
  });
  afterAll(() => database.close());

  /** Oldest first, as `actor action`. */
  async function linesOf(account: Account): Promise<string[]> {
    const entries = await entriesOf(account);
    return entries.map(({ actor, actorName, action }) => `${actorName ?? actor} ${action}`);
  }

  async function entriesOf({ id }: Account) {
    const store = new ActivityStore(database.dataSource);
    return (await store.page(id, { limit: 100, cursor: null })).entries.toReversed();
  }

  const check = async (domain: Domain, actor?: Actor): Promise<string> =>
    (await room.domains.verify(domain.accountId, domain.extid, actor)).ownership;

  it('says who claimed, proved, configured and removed a name, and from where', async () => {
    const { extid, hostname, ...domain } = await room.domains.claim(ann, aName(), OWNER);
    const claim = { extid, hostname, ...domain };
    room.dns.publishTxt(claim);
    room.dns.publishCname(claim);
    await check(claim, OWNER);
    await check(claim, OWNER);
    await room.domains.configure(ann.id, extid, { apiEnabled: true }, OWNER);
    await room.domains.remove(ann.id, extid, OWNER);
    expect(await linesOf(ann)).toEqual([
      'deploy domain.claimed',
      'deploy domain.verified',
      'deploy domain.configured',
      'deploy domain.released',
    ]);
    const subject = { id: extid, domain: hostname };
    for (const entry of await entriesOf(ann))
      expect(entry).toMatchObject({ network: NETWORK, subject });
  });

  it('has a new challenge, and no line of a refused claim', async () => {
    const { hostname } = await room.domains.claim(ann, aName(), OWNER);
    await room.domains.claim(ann, hostname, OWNER);
    await aVerified(room, ann);
    const lines = (await linesOf(ann)).length;
    await expect(room.domains.claim(ann, 'a b', OWNER)).rejects.toThrow();
    expect((await linesOf(ann)).slice(0, 2)).toEqual([
      'deploy domain.claimed',
      'deploy domain.challenge_rotated',
    ]);
    expect(await linesOf(ann)).toHaveLength(lines);
  });

  it('tells a takeover to both accounts, and neither who the other is', async () => {
    const held = await aVerified(room, ann);
    room.dns.clear(held.hostname);
    await check(held, OWNER);
    await database.dataSource.query(
      `update domains set proof_missing_since = now() - interval '7 days', proof_misses = 20, proof_warnings = 3
       where id = $1`,
      [held.id],
    );
    expect(await check(held, OWNER)).toBe('lapsed');
    const claim = await room.domains.claim(bob, held.hostname, OWNER);
    room.dns.publishTxt(claim);
    room.dns.publishCname(claim);
    expect(await check(claim, OWNER)).toBe('verified');
    expect((await linesOf(bob)).at(-1)).toBe('deploy domain.verified');
    // Nobody lapses a name: the check found it.
    expect((await linesOf(ann)).slice(-2)).toEqual([
      'gateway domain.lapsed',
      'gateway domain.lost',
    ]);
    const [, lost] = (await entriesOf(ann)).slice(-2);
    expect(lost).toMatchObject({ network: null, tokenId: null });
    expect(JSON.stringify(lost)).not.toContain(bob.id);
  });

  it('has what the operator does, by the name of the key', async () => {
    const domain = await aVerified(room, ann);
    await database.dataSource.query(
      `insert into issuances (hostname, registrable_domain, domain_id, state)
       values ($1, $2, $3, 'active')`,
      [domain.hostname, domain.registrableDomain, domain.id],
    );
    await operator.block(domain.hostname, 'a copy of a bank', OPERATOR);
    await operator.unblock(domain.hostname, OPERATOR);
    await operator.reissue(domain.hostname, OPERATOR);
    await operator.transfer(domain.hostname, bob.email, OPERATOR);
    await operator.release(domain.hostname, OPERATOR);
    expect((await linesOf(ann)).slice(2)).toEqual([
      'support domain.blocked',
      'support domain.unblocked',
      'support certificate.reissue_requested',
      'support domain.transferred',
    ]);
    expect(await linesOf(bob)).toEqual(['support domain.received', 'support domain.released']);
    expect((await entriesOf(ann))[2]?.subject).toMatchObject({ reason: 'a copy of a bank' });
  });

  it('has what the command line does, in every account that claims the name', async () => {
    const domain = await aVerified(room, ann);
    await room.domains.claim(bob, domain.hostname, OWNER);
    await operator.block(domain.hostname, 'a copy of a bank');
    expect((await linesOf(ann)).at(-1)).toBe('command line domain.blocked');
    expect((await linesOf(bob)).at(-1)).toBe('command line domain.blocked');
  });

  it('is written with the change or not at all', async () => {
    const claim = await room.domains.claim(ann, aName(), OWNER);
    await database.dataSource.query(
      `create function refuse() returns trigger language plpgsql as 'begin raise ''refused''; end'`,
    );
    await database.dataSource.query(
      `create trigger refuse before insert on account_activity for each row execute function refuse()`,
    );
    try {
      await expect(room.domains.remove(ann.id, claim.extid, OWNER)).rejects.toThrow('refused');
      expect((await room.domains.get(ann.id, claim.extid)).removedAt).toBeNull();
    } finally {
      await database.dataSource.query('drop trigger refuse on account_activity');
    }
  });

  it('does not keep the domains of a deleted account from being released', async () => {
    const domain = await aVerified(room, ann);
    await database.dataSource.query('delete from accounts where id = $1', [ann.id]);
    while (await room.accountChanges.round());
    const [row] = await database.dataSource.query<{ removed: boolean }[]>(
      'select removed_at is not null as removed from domains where id = $1',
      [domain.id],
    );
    expect(row?.removed).toBe(true);
  });
});
