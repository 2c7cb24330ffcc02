import type { Account } from '../../../src/accounts/account.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { DomainTransfer } from '../../../src/domains/claims/domain-transfer.js';
import { SetupLinks } from '../../../src/domains/claims/setup-links.js';
import type { Domain } from '../../../src/domains/domain.js';
import { SETUP_LINKS_MAX } from '../../../src/domains/setup-link.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { aName, anAccount, aVerified, openRoom, type Room } from './support.js';

let database: TestDatabase;
let room: Room;
let links: SetupLinks;
let owner: Account;
beforeAll(async () => {
  database = await openTestDatabase();
  room = openRoom(database);
  links = new SetupLinks(database.dataSource);
  owner = await anAccount(database);
});
afterAll(() => database.close());

const make = async ({ extid }: Domain, account = owner) =>
  links.create(account.id, extid, COMMAND_LINE);

describe('a link to the set-up of a claim', () => {
  it('opens that claim for 14 days, in either letter case, and only a hash of it is stored', async () => {
    const domain = await room.domains.claim(owner, aName());
    const { link, token } = await make(domain);
    for (const text of [token, token.toUpperCase()])
      expect(await links.open(text)).toMatchObject({
        linkId: link.id,
        ownerPlan: 'identity_plus',
        domain: { id: domain.id, hostname: domain.hostname },
      });
    const days = (link.expiresAt.getTime() - link.createdAt.getTime()) / 86_400_000;
    expect(days).toBeCloseTo(14, 5);
    const [row] = await database.dataSource.query<[object]>(
      'select * from setup_links where id = $1',
      [link.id],
    );
    expect(JSON.stringify(row)).not.toContain(token);
    expect(await links.open(`${token.slice(0, -1)}!`)).toBeNull();
    expect(await links.open('0'.repeat(32))).toBeNull();
    await database.dataSource.query(
      `update setup_links set expires_at = now() - interval '1 second' where id = $1`,
      [link.id],
    );
    expect(await links.open(token)).toBeNull();
    expect(await links.list(owner.id, domain.extid)).toEqual([]);
  });

  it('is made, listed and revoked by the owner alone, with a line of activity each', async () => {
    const domain = await room.domains.claim(owner, aName());
    const [one, other] = [await make(domain), await make(domain)];
    const stranger = await anAccount(database);
    for (const attempt of [
      () => make(domain, stranger),
      () => links.list(stranger.id, domain.extid),
      () => links.revoke(stranger.id, domain.extid, null, COMMAND_LINE),
      () => links.revoke(stranger.id, domain.extid, one.link.id, COMMAND_LINE),
    ])
      await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    const listed = await links.list(owner.id, domain.extid);
    expect(listed.map(({ id }) => id)).toEqual([other.link.id, one.link.id]);
    expect(await links.revoke(owner.id, domain.extid, one.link.id, COMMAND_LINE)).toBe(1);
    expect([await links.open(one.token), (await links.open(other.token))?.linkId]).toEqual([
      null,
      other.link.id,
    ]);
    await expect(
      links.revoke(owner.id, domain.extid, one.link.id, COMMAND_LINE),
    ).rejects.toMatchObject({ code: 'not_found' });
    expect(await links.revoke(owner.id, domain.extid, null, COMMAND_LINE)).toBe(1);
    expect(await links.open(other.token)).toBeNull();
    const lines = await database.dataSource.query<{ action: string; subject: object }[]>(
      `select action, subject from account_activity
       where account_id = $1 and subject->>'domain' = $2 and action like 'setup_link.%' order by id`,
      [owner.id, domain.hostname],
    );
    expect(lines.map(({ action }) => action)).toEqual([
      'setup_link.created',
      'setup_link.created',
      'setup_link.revoked',
      'setup_link.revoked',
    ]);
    expect(JSON.stringify(lines)).not.toContain(one.token);
  });

  it(`is one of at most ${SETUP_LINKS_MAX}, also when they are made at once`, async () => {
    const domain = await room.domains.claim(owner, aName());
    const made = await Promise.allSettled(
      Array.from({ length: SETUP_LINKS_MAX + 3 }, () => make(domain)),
    );
    expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(SETUP_LINKS_MAX);
    expect(await links.list(owner.id, domain.extid)).toHaveLength(SETUP_LINKS_MAX);
    await expect(make(domain)).rejects.toMatchObject({ reason: 'SETUP_LINK_LIMIT' });
  });
});

describe('a link ends with its claim', () => {
  it('when the claim is removed', async () => {
    const domain = await aVerified(room, owner);
    const { token } = await make(domain);
    await room.domains.remove(owner.id, domain.extid);
    expect(await links.open(token)).toBeNull();
  });

  it('when the claim ends unproven, and a new claim of the same row does not revive it', async () => {
    const domain = await room.domains.claim(owner, aName());
    const { token } = await make(domain);
    const end = `update domains set ownership = 'revoked' where id = $1`;
    await database.dataSource.query(end, [domain.id]);
    expect(await links.open(token)).toBeNull();
    await expect(make(domain)).rejects.toMatchObject({ reason: 'CLAIM_ENDED' });
    const again = await room.domains.claim(owner, domain.hostname);
    expect(again.id).toBe(domain.id);
    expect(await links.open(token)).toBeNull();
  });

  it('when another account takes the name over', async () => {
    const domain = await aVerified(room, owner);
    const { token } = await make(domain);
    await database.dataSource.query(
      `update domains set ownership = 'lapsed', lapsed_at = now() where id = $1`,
      [domain.id],
    );
    const other = await anAccount(database);
    const claim = await room.domains.claim(other, domain.hostname);
    const theirs = await make(claim, other);
    room.dns.publishTxt(claim);
    room.dns.publishCname(claim);
    await room.domains.verify(other.id, claim.extid);
    expect(await links.open(token)).toBeNull();
    expect(await links.open(theirs.token)).toMatchObject({ domain: { ownership: 'verified' } });
  });

  it('when the domain is transferred, even if it comes back', async () => {
    const domain = await aVerified(room, owner);
    const { token } = await make(domain);
    const receiver = await anAccount(database);
    const transfer = new DomainTransfer(database.dataSource);
    await transfer.transfer(domain, { accountId: receiver.id, domainsMax: 10 });
    expect(await links.open(token)).toBeNull();
    await transfer.transfer(domain, { accountId: owner.id, domainsMax: 10 });
    expect(await links.open(token)).toBeNull();
  });

  it('not while its claim goes on, with a new challenge', async () => {
    const domain = await room.domains.claim(owner, aName());
    const { token } = await make(domain);
    const renewed = await room.domains.claim(owner, domain.hostname);
    expect(renewed.challengeValue).not.toBe(domain.challengeValue);
    expect(await links.open(token)).toMatchObject({
      domain: { challengeValue: renewed.challengeValue },
    });
  });

  it('when its account is suspended', async () => {
    const suspended = await anAccount(database);
    const domain = await room.domains.claim(suspended, aName());
    const { token } = await make(domain, suspended);
    const suspend = `update accounts set state = 'suspended' where id = $1`;
    await database.dataSource.query(suspend, [suspended.id]);
    expect(await links.open(token)).toBeNull();
  });
});
