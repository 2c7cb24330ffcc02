import type { Account } from '../../../src/accounts/account.js';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { Region } from '../../../src/config/region.js';
import { DomainTransfer } from '../../../src/domains/claims/domain-transfer.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { MoveId } from '../../../src/domains/domain-move.js';
import { findMoveTarget } from '../../../src/domains/serving/move-targets.js';
import { WantedNamesStore } from '../../../src/certificates/stores/wanted-names.store.js';
import { enter, openRegions, type Cut, type TestRegion } from './move-regions.js';
import { aVerified, certify, eventTypesOf, FakeDns } from './support.js';

let eu: TestRegion;
let us: TestRegion;
let owner: Account;
let receiver: Account;
/** The claim of the old region. */
let domain: Domain;
const dns = new FakeDns();

beforeAll(async () => {
  [eu, us] = (await openRegions(['eu', 'us'], dns)) as [TestRegion, TestRegion];
});
afterAll(async () => {
  await eu.database.close();
  await us.database.close();
});
beforeEach(async () => {
  us.peers.cut = null;
  owner = await eu.account();
  receiver = await us.account();
  domain = await aVerified(eu.room, owner);
});

const US = 'us' as Region;
const REFUSED = { code: 'invalid_request', reason: 'TRANSFER_CODE' };

async function offered(): Promise<string> {
  const { transfers } = eu;
  return (await transfers.offers.offer(owner.id, domain.extid, COMMAND_LINE, US)).code;
}

/** The claim of the new region. */
async function arrived(): Promise<Domain> {
  const extid = await enter(us, receiver, await offered());
  return us.room.domains.get(receiver.id, extid);
}

const pointTo = ({ targetLabel }: Domain, region: string): void =>
  dns.pointTo(domain.hostname, `${targetLabel}.${region}.ingress.onetime.localhost`);

async function checkBoth(there: Domain): Promise<void> {
  await eu.room.domains.verify(owner.id, domain.extid);
  await us.room.domains.verify(receiver.id, there.extid);
}

/** The name has led where it leads for two days. */
async function twoDaysLater(): Promise<void> {
  for (const region of [eu, us])
    await region.query(
      `update domains set routing_since = routing_since - interval '49 hours' where hostname = $1`,
      [domain.hostname],
    );
}

const holdersIn = async (region: TestRegion): Promise<string[]> => {
  const rows = await region.query<{ account_id: string }>(
    `select account_id from domains where hostname = $1 and removed_at is null and ownership in ('verified', 'lapsed')`,
    [domain.hostname],
  );
  return rows.map(({ account_id: id }) => id);
};

const statesOf = async (there: Domain) => [
  (await eu.move(domain))?.state,
  (await us.move(there))?.state,
];

describe('a move of a name to another region', () => {
  it('has its certificate first, then the name is switched, and the old claim ends by itself', async () => {
    await eu.room.domains.configure(owner.id, domain.extid, {
      policy: { opensOnRegionHost: false },
    });
    const there = await arrived();
    expect(there).toMatchObject({
      hostname: domain.hostname,
      ownership: 'verified',
      proofMethod: 'transfer',
    });
    // No key and no label crosses.
    expect(there.targetLabel).not.toBe(domain.targetLabel);
    expect(there.challengeValue).not.toBe(domain.challengeValue);
    await eu.look();
    expect(await statesOf(there)).toEqual(['preparing', 'preparing']);
    // Links that were made in the old region open on its own host from now on.
    const { policy } = await eu.room.domains.get(owner.id, domain.extid);
    expect(policy.opensOnRegionHost).toBe(true);

    // The new region orders although the name leads to the old one, which sends the CA on.
    await checkBoth(there);
    const wanted = new WantedNamesStore(us.database.dataSource, { ownHosts: [] } as never);
    expect(await wanted.findNeed(domain.hostname)).toMatchObject({
      isEntitled: true,
      isPointed: true,
    });
    const target = () => findMoveTarget(eu.database.statements, domain.hostname);
    expect(await target()).toBe('us');
    await certify(us.database, domain.hostname);
    await eu.look();
    expect(await statesOf(there)).toEqual(['ready_to_switch', 'ready_to_switch']);
    expect([await holdersIn(eu), await holdersIn(us)]).toEqual([[owner.id], [receiver.id]]);

    pointTo(there, 'us');
    await checkBoth(there);
    await eu.look();
    await us.look();
    expect(await statesOf(there)).toEqual(['switched', 'switched']);
    const switched = await us.room.domains.get(receiver.id, there.extid);
    expect(switched).toMatchObject({ routing: 'pointed', proofMethod: 'cname' });
    // Resolvers remember where it led: both regions answer.
    expect(await holdersIn(eu)).toEqual([owner.id]);

    await twoDaysLater();
    await eu.look();
    await us.look();
    expect([await holdersIn(eu), await holdersIn(us)]).toEqual([[], [receiver.id]]);
    expect(await statesOf(there)).toEqual(['done', 'done']);
    expect(await target()).toBeNull();
    expect(await eventTypesOf(us.room, there)).toEqual(
      expect.arrayContaining(['claimed', 'verified', 'move_arrived', 'pointed', 'move_done']),
    );
    const ended = await eu.query<{ type: string }>(
      'select type from domain_events where domain_id = $1 order by id desc limit 3',
      [domain.id],
    );
    expect(ended.map(({ type }) => type)).toContain('released');
    // Nothing is vouched for any more: its own record is the proof.
    expect((await us.room.domains.get(receiver.id, there.extid)).vouchedUntil).toBeNull();
  });

  it('does not end the old claim while the new region does not serve, or does not answer', async () => {
    const there = await arrived();
    pointTo(there, 'us');
    await eu.room.domains.verify(owner.id, domain.extid);
    await twoDaysLater();
    await eu.look();
    expect(await holdersIn(eu)).toEqual([owner.id]);
    await us.room.domains.verify(receiver.id, there.extid);
    eu.peers.cut = { method: 'stateOf', when: 'after' };
    await eu.look();
    expect(await holdersIn(eu)).toEqual([owner.id]);
    eu.peers.cut = null;
    await eu.look();
    expect(await holdersIn(eu)).toEqual([]);
  });

  it('goes on when the name is switched back, and the two days begin anew', async () => {
    const there = await arrived();
    pointTo(there, 'us');
    await checkBoth(there);
    await twoDaysLater();
    pointTo(domain, 'eu');
    await checkBoth(there);
    await eu.look();
    pointTo(there, 'us');
    await checkBoth(there);
    await eu.look();
    expect(await holdersIn(eu)).toEqual([owner.id]);
    expect(await statesOf(there)).toEqual(['switched', 'switched']);
  });

  it.each<Cut>([
    { method: 'look', when: 'before' },
    { method: 'look', when: 'after' },
    { method: 'accept', when: 'before' },
    { method: 'accept', when: 'after' },
  ])('is taken up by entering the code again when it was cut: $method, $when', async (cut) => {
    const code = await offered();
    us.peers.cut = cut;
    await expect(enter(us, receiver, code)).rejects.toThrow('cut');
    expect(await holdersIn(us)).toEqual([]);
    expect(await holdersIn(eu)).toEqual([owner.id]);
    us.peers.cut = null;
    const extid = await enter(us, receiver, code);
    expect(await enter(us, receiver, code)).toBe(extid);
    expect(await holdersIn(us)).toEqual([receiver.id]);
    const rows = await us.query(
      'select 1 from domain_moves m join domains d on d.id = m.domain_id where d.hostname = $1',
      [domain.hostname],
    );
    expect(rows).toHaveLength(1);
  });

  it('is of one account, however many enter the code at once', async () => {
    const code = await offered();
    const rivals = await Promise.all(Array.from({ length: 5 }, () => us.account()));
    const outcomes = await Promise.allSettled(rivals.map((rival) => enter(us, rival, code)));
    const winners = rivals.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await holdersIn(us)).toEqual([winners[0]?.id]);
    await expect(enter(us, receiver, code)).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('takes nothing with a code for another region, or for an account of the old one', async () => {
    const code = await offered();
    const other = await eu.account();
    await expect(enter(eu, other, code)).rejects.toMatchObject(REFUSED);
    const { code: within } = await eu.transfers.offers.offer(owner.id, domain.extid, COMMAND_LINE);
    await expect(enter(us, receiver, within)).rejects.toMatchObject(REFUSED);
    await expect(enter(us, receiver, code)).rejects.toMatchObject(REFUSED);
    const nowhere = eu.transfers.offers.offer(owner.id, domain.extid, COMMAND_LINE, 'ap' as Region);
    await expect(nowhere).rejects.toMatchObject({ field: 'region', reason: 'REGION_UNKNOWN' });
    expect(await holdersIn(us)).toEqual([]);
  });

  it('is refused when another account of the new region has proven the name, and uses no code up', async () => {
    const rival = await us.account();
    const claim = await us.room.domains.claim(rival, domain.hostname);
    dns.publishTxt(claim);
    await us.room.domains.verify(rival.id, claim.extid);
    const code = await offered();
    await expect(enter(us, receiver, code)).rejects.toMatchObject({
      reason: 'CONFLICT_OTHER_CLAIM',
    });
    expect(await holdersIn(us)).toEqual([rival.id]);
    expect(await eu.transfers.moves.look(code, US)).toBe(domain.hostname);
  });

  it('is cancelled from either side, and what came on a word alone goes again', async () => {
    const there = await arrived();
    const again = eu.transfers.offers.offer(owner.id, domain.extid, COMMAND_LINE);
    await expect(again).rejects.toMatchObject({ reason: 'MOVE_OPEN' });
    await eu.transfers.cancel(owner.id, domain.extid, COMMAND_LINE);
    await us.look();
    expect(await statesOf(there)).toEqual(['cancelled', 'cancelled']);
    expect([await holdersIn(eu), await holdersIn(us)]).toEqual([[owner.id], []]);

    // The claim is there to be renewed by another code.
    const second = await arrived();
    expect(second.extid).toBe(there.extid);
    await us.transfers.cancel(receiver.id, second.extid, COMMAND_LINE);
    await eu.look();
    expect(await statesOf(second)).toEqual(['cancelled', 'cancelled']);
    expect([await holdersIn(eu), await holdersIn(us)]).toEqual([[owner.id], []]);
    const twice = us.transfers.cancel(receiver.id, second.extid, COMMAND_LINE);
    await expect(twice).rejects.toMatchObject({ code: 'not_found' });
  });

  it('ends when the name was not switched in time, and when either claim is removed', async () => {
    const there = await arrived();
    for (const region of [eu, us])
      await region.query(
        'update domain_moves set expires_at = now() where domain_id = any($1::uuid[])',
        [[domain.id, there.id]],
      );
    await us.look();
    await eu.look();
    expect(await statesOf(there)).toEqual(['expired', 'expired']);
    expect([await holdersIn(eu), await holdersIn(us)]).toEqual([[owner.id], []]);

    const second = await arrived();
    await us.room.domains.remove(receiver.id, second.extid);
    await eu.look();
    expect((await eu.move(domain))?.state).toBe('cancelled');
    await arrived();
    await eu.room.domains.remove(owner.id, domain.extid);
    await us.look();
    expect(await holdersIn(us)).toEqual([]);
  });

  it('ends as done when the process was killed after the old claim was removed', async () => {
    const there = await arrived();
    pointTo(there, 'us');
    await checkBoth(there);
    await eu.look();
    await twoDaysLater();
    await eu.query('update domains set removed_at = now() where id = $1', [domain.id]);
    expect(await eu.transfers.moves.stateOf((await eu.move(domain))!.id)).toBe('done');
    await eu.look();
    await us.look();
    expect(await statesOf(there)).toEqual(['done', 'done']);
    expect(await holdersIn(us)).toEqual([receiver.id]);
  });

  it('leaves the other name of its pair where it is', async () => {
    const apex = domain.hostname.split('.').slice(-2).join('.');
    await eu.room.domains.claim(owner, apex, undefined, { isPair: true });
    const main = await eu.room.domains.list(owner.id, { state: null, limit: 100, cursor: null });
    const [own, www] = [apex, `www.${apex}`].map((name) =>
      main.domains.find(({ hostname }) => hostname === name),
    );
    for (const claim of [own, www]) {
      dns.publishTxt(claim as Domain);
      await eu.room.domains.verify(owner.id, (claim as Domain).extid);
    }
    domain = own as Domain;
    const there = await arrived();
    pointTo(there, 'us');
    await checkBoth(there);
    await eu.look();
    await twoDaysLater();
    await eu.look();
    expect(await holdersIn(eu)).toEqual([]);
    const left = await eu.room.domains.get(owner.id, (www as Domain).extid);
    expect(left).toMatchObject({ ownership: 'verified', removedAt: null });
  });

  it('is given to no other account meanwhile, not by the operator either', async () => {
    await arrived();
    const other = await eu.account();
    const transfer = new DomainTransfer(eu.database.dataSource).transfer(
      domain,
      { accountId: other.id, domainsMax: 100 },
      COMMAND_LINE,
    );
    await expect(transfer).rejects.toMatchObject({ reason: 'MOVE_OPEN' });
    expect(await holdersIn(eu)).toEqual([owner.id]);
  });

  it('ends in both regions when another account proves the name before it has arrived', async () => {
    const code = await offered();
    us.peers.cut = { method: 'accept', when: 'after' };
    await expect(enter(us, receiver, code)).rejects.toThrow('cut');
    us.peers.cut = null;
    const rival = await us.account();
    const claim = await us.room.domains.claim(rival, domain.hostname);
    dns.publishTxt(claim);
    await us.room.domains.verify(rival.id, claim.extid);
    await expect(enter(us, receiver, code)).rejects.toMatchObject({
      reason: 'CONFLICT_OTHER_CLAIM',
    });
    await eu.look();
    expect((await eu.move(domain))?.state).toBe('cancelled');
    expect([await holdersIn(eu), await holdersIn(us)]).toEqual([[owner.id], [rival.id]]);
  });

  it('uses no code up with the id of another move', async () => {
    const there = await arrived();
    const id = (await us.move(there))?.id as MoveId;
    const first = domain;
    domain = await aVerified(eu.room, owner);
    const code = await offered();
    await expect(eu.transfers.moves.accept(code, US, id)).rejects.toMatchObject(REFUSED);
    expect(await eu.transfers.moves.look(code, US)).toBe(domain.hostname);
    expect((await eu.move(first))?.id).toBe(id);
  });
});
