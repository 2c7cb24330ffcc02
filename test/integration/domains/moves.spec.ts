import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { Region } from '../../../src/config/region.js';
import { DomainTransfer } from '../../../src/domains/claims/domain-transfer.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { MoveId } from '../../../src/domains/domain-move.js';
import { findMoveTarget } from '../../../src/domains/serving/move-targets.js';
import { WantedNamesStore } from '../../../src/certificates/stores/wanted-names.store.js';
import { enter } from './move-regions.js';
import { MoveScene } from './move-scene.js';
import { aVerified, certify, eventTypesOf } from './support.js';

const US = 'us' as Region;
const REFUSED = { code: 'invalid_request', reason: 'TRANSFER_CODE' };

let scene: MoveScene;
beforeAll(async () => {
  scene = await MoveScene.open();
});
afterAll(() => scene.close());
beforeEach(() => scene.begin());

describe('a move of a name to another region', () => {
  it('has its certificate first, then the name is switched, and the old claim ends by itself', async () => {
    await scene.eu.room.domains.configure(scene.owner.id, scene.domain.extid, {
      policy: { opensOnRegionHost: false },
    });
    const there = await scene.arrived();
    expect(there).toMatchObject({
      hostname: scene.domain.hostname,
      ownership: 'verified',
      proofMethod: 'transfer',
    });
    // No key and no label crosses.
    expect(there.targetLabel).not.toBe(scene.domain.targetLabel);
    expect(there.challengeValue).not.toBe(scene.domain.challengeValue);
    await scene.eu.look();
    expect(await scene.statesOf(there)).toEqual(['preparing', 'preparing']);
    // Links that were made in the old region open on its own host from now on.
    const { policy } = await scene.eu.room.domains.get(scene.owner.id, scene.domain.extid);
    expect(policy.opensOnRegionHost).toBe(true);

    // The new region orders although the name leads to the old one, which sends the CA on.
    await scene.checkBoth(there);
    const wanted = new WantedNamesStore(scene.us.database.dataSource, { ownHosts: [] } as never);
    expect(await wanted.findNeed(scene.domain.hostname)).toMatchObject({
      isEntitled: true,
      isPointed: true,
    });
    const target = () => findMoveTarget(scene.eu.database.statements, scene.domain.hostname);
    expect(await target()).toBe('us');
    await certify(scene.us.database, scene.domain.hostname);
    await scene.eu.look();
    expect(await scene.statesOf(there)).toEqual(['ready_to_switch', 'ready_to_switch']);
    expect([await scene.holdersIn(scene.eu), await scene.holdersIn(scene.us)]).toEqual([
      [scene.owner.id],
      [scene.receiver.id],
    ]);

    scene.pointTo(there, 'us');
    await scene.checkBoth(there);
    await scene.eu.look();
    await scene.us.look();
    expect(await scene.statesOf(there)).toEqual(['switched', 'switched']);
    const switched = await scene.us.room.domains.get(scene.receiver.id, there.extid);
    expect(switched).toMatchObject({ routing: 'pointed', proofMethod: 'cname' });
    // Resolvers remember where it led: both regions answer.
    expect(await scene.holdersIn(scene.eu)).toEqual([scene.owner.id]);

    await scene.twoDaysLater();
    await scene.eu.look();
    await scene.us.look();
    expect([await scene.holdersIn(scene.eu), await scene.holdersIn(scene.us)]).toEqual([
      [],
      [scene.receiver.id],
    ]);
    expect(await scene.statesOf(there)).toEqual(['done', 'done']);
    expect(await target()).toBeNull();
    expect(await eventTypesOf(scene.us.room, there)).toEqual(
      expect.arrayContaining(['claimed', 'verified', 'move_arrived', 'pointed', 'move_done']),
    );
    const ended = await scene.eu.query<{ type: string }>(
      'select type from domain_events where domain_id = $1 order by id desc limit 3',
      [scene.domain.id],
    );
    expect(ended.map(({ type }) => type)).toContain('released');
    // Nothing is vouched for any more: its own record is the proof.
    expect(
      (await scene.us.room.domains.get(scene.receiver.id, there.extid)).vouchedUntil,
    ).toBeNull();
  });

  it('does not end the old claim while the new region does not serve, or does not answer', async () => {
    const there = await scene.arrived();
    scene.pointTo(there, 'us');
    await scene.eu.room.domains.verify(scene.owner.id, scene.domain.extid);
    await scene.twoDaysLater();
    await scene.eu.look();
    expect(await scene.holdersIn(scene.eu)).toEqual([scene.owner.id]);
    await scene.us.room.domains.verify(scene.receiver.id, there.extid);
    scene.eu.peers.cut = { method: 'stateOf', when: 'after' };
    await scene.eu.look();
    expect(await scene.holdersIn(scene.eu)).toEqual([scene.owner.id]);
    scene.eu.peers.cut = null;
    await scene.eu.look();
    expect(await scene.holdersIn(scene.eu)).toEqual([]);
  });

  it('goes on when the name is switched back, and the two days begin anew', async () => {
    const there = await scene.arrived();
    scene.pointTo(there, 'us');
    await scene.checkBoth(there);
    await scene.twoDaysLater();
    scene.pointTo(scene.domain, 'eu');
    await scene.checkBoth(there);
    await scene.eu.look();
    scene.pointTo(there, 'us');
    await scene.checkBoth(there);
    await scene.eu.look();
    expect(await scene.holdersIn(scene.eu)).toEqual([scene.owner.id]);
    expect(await scene.statesOf(there)).toEqual(['switched', 'switched']);
  });

  it('is of one account, however many enter the code at once', async () => {
    const code = await scene.offered();
    const rivals = await Promise.all(Array.from({ length: 5 }, () => scene.us.account()));
    const outcomes = await Promise.allSettled(rivals.map((rival) => enter(scene.us, rival, code)));
    const winners = rivals.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await scene.holdersIn(scene.us)).toEqual([winners[0]?.id]);
    await expect(enter(scene.us, scene.receiver, code)).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('takes nothing with a code for another region, or for an account of the old one', async () => {
    const code = await scene.offered();
    const other = await scene.eu.account();
    await expect(enter(scene.eu, other, code)).rejects.toMatchObject(REFUSED);
    const { code: within } = await scene.eu.transfers.offers.offer(
      scene.owner.id,
      scene.domain.extid,
      COMMAND_LINE,
    );
    await expect(enter(scene.us, scene.receiver, within)).rejects.toMatchObject(REFUSED);
    await expect(enter(scene.us, scene.receiver, code)).rejects.toMatchObject(REFUSED);
    const nowhere = scene.eu.transfers.offers.offer(
      scene.owner.id,
      scene.domain.extid,
      COMMAND_LINE,
      'ap' as Region,
    );
    await expect(nowhere).rejects.toMatchObject({ field: 'region', reason: 'REGION_UNKNOWN' });
    expect(await scene.holdersIn(scene.us)).toEqual([]);
  });

  it('takes nothing from a suspended account, until it is active again', async () => {
    const code = await scene.offered();
    const become = (state: string) =>
      scene.eu.query('update accounts set state = $2 where id = $1', [scene.owner.id, state]);
    await become('suspended');
    await expect(enter(scene.us, scene.receiver, code)).rejects.toMatchObject(REFUSED);
    await become('active');
    const extid = await enter(scene.us, scene.receiver, code);
    await become('suspended');
    await expect(enter(scene.us, scene.receiver, code)).resolves.toBe(extid);
  });

  it('is refused when another account of the new region has proven the name, and uses no code up', async () => {
    const rival = await scene.us.account();
    const claim = await scene.us.room.domains.claim(rival, scene.domain.hostname);
    scene.dns.publishTxt(claim);
    await scene.us.room.domains.verify(rival.id, claim.extid);
    const code = await scene.offered();
    await expect(enter(scene.us, scene.receiver, code)).rejects.toMatchObject({
      reason: 'CONFLICT_OTHER_CLAIM',
    });
    expect(await scene.holdersIn(scene.us)).toEqual([rival.id]);
    expect(await scene.eu.transfers.moves.look(code, US)).toBe(scene.domain.hostname);
  });

  it('is cancelled from either side, and what came on a word alone goes again', async () => {
    const there = await scene.arrived();
    const again = scene.eu.transfers.offers.offer(scene.owner.id, scene.domain.extid, COMMAND_LINE);
    await expect(again).rejects.toMatchObject({ reason: 'MOVE_OPEN' });
    await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
    await scene.us.look();
    expect(await scene.statesOf(there)).toEqual(['cancelled', 'cancelled']);
    expect([await scene.holdersIn(scene.eu), await scene.holdersIn(scene.us)]).toEqual([
      [scene.owner.id],
      [],
    ]);

    // The claim is there to be renewed by another code.
    const second = await scene.arrived();
    expect(second.extid).toBe(there.extid);
    await scene.us.transfers.cancel(scene.receiver.id, second.extid, COMMAND_LINE);
    await scene.eu.look();
    expect(await scene.statesOf(second)).toEqual(['cancelled', 'cancelled']);
    expect([await scene.holdersIn(scene.eu), await scene.holdersIn(scene.us)]).toEqual([
      [scene.owner.id],
      [],
    ]);
    const twice = scene.us.transfers.cancel(scene.receiver.id, second.extid, COMMAND_LINE);
    await expect(twice).rejects.toMatchObject({ code: 'not_found' });
  });

  it('ends when the name was not switched in time, and when either claim is removed', async () => {
    const there = await scene.arrived();
    for (const region of [scene.eu, scene.us])
      await region.query(
        'update domain_moves set expires_at = now() where domain_id = any($1::uuid[])',
        [[scene.domain.id, there.id]],
      );
    await scene.us.look();
    await scene.eu.look();
    expect(await scene.statesOf(there)).toEqual(['expired', 'expired']);
    expect([await scene.holdersIn(scene.eu), await scene.holdersIn(scene.us)]).toEqual([
      [scene.owner.id],
      [],
    ]);

    const second = await scene.arrived();
    await scene.us.room.domains.remove(scene.receiver.id, second.extid);
    await scene.eu.look();
    expect((await scene.eu.move(scene.domain))?.state).toBe('cancelled');
    await scene.arrived();
    await scene.eu.room.domains.remove(scene.owner.id, scene.domain.extid);
    await scene.us.look();
    expect(await scene.holdersIn(scene.us)).toEqual([]);
  });

  it('leaves the other name of its pair where it is', async () => {
    const apex = scene.domain.hostname.split('.').slice(-2).join('.');
    await scene.eu.room.domains.claim(scene.owner, apex, undefined, { isPair: true });
    const main = await scene.eu.room.domains.list(scene.owner.id, {
      state: null,
      limit: 100,
      cursor: null,
    });
    const [own, www] = [apex, `www.${apex}`].map((name) =>
      main.domains.find(({ hostname }) => hostname === name),
    );
    for (const claim of [own, www]) {
      scene.dns.publishTxt(claim as Domain);
      await scene.eu.room.domains.verify(scene.owner.id, (claim as Domain).extid);
    }
    scene.domain = own as Domain;
    const there = await scene.arrived();
    scene.pointTo(there, 'us');
    await scene.checkBoth(there);
    await scene.eu.look();
    await scene.twoDaysLater();
    await scene.eu.look();
    expect(await scene.holdersIn(scene.eu)).toEqual([]);
    const left = await scene.eu.room.domains.get(scene.owner.id, (www as Domain).extid);
    expect(left).toMatchObject({ ownership: 'verified', removedAt: null });
  });

  it('is given to no other account meanwhile, not by the operator either', async () => {
    await scene.arrived();
    const other = await scene.eu.account();
    const transfer = new DomainTransfer(scene.eu.database.dataSource).transfer(
      scene.domain,
      { accountId: other.id, domainsMax: 100 },
      COMMAND_LINE,
    );
    await expect(transfer).rejects.toMatchObject({ reason: 'MOVE_OPEN' });
    expect(await scene.holdersIn(scene.eu)).toEqual([scene.owner.id]);
  });

  it('proves a lapsed claim of the new region anew', async () => {
    const claim = await aVerified(scene.us.room, scene.receiver, scene.domain.hostname);
    await scene.us.query(
      `update domains set ownership = 'lapsed', lapsed_at = now() - interval '29 days', next_check_at = null where id = $1`,
      [claim.id],
    );
    scene.dns.clear(scene.domain.hostname);
    const there = await scene.arrived();
    expect(there).toMatchObject({ id: claim.id, ownership: 'verified', lapsedAt: null });
    expect(there.nextCheckAt).not.toBeNull();
    await scene.us.query(
      `update domains set lapsed_at = lapsed_at - interval '2 days' where id = $1`,
      [claim.id],
    );
    await scene.us.room.domains.verify(scene.receiver.id, there.extid);
    expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
    expect(await eventTypesOf(scene.us.room, there)).toContain('verified');
  });

  it('uses no code up with the id of another move', async () => {
    const there = await scene.arrived();
    const id = (await scene.us.move(there))?.id as MoveId;
    const first = scene.domain;
    scene.domain = await aVerified(scene.eu.room, scene.owner);
    const code = await scene.offered();
    await expect(scene.eu.transfers.moves.accept(code, US, id)).rejects.toMatchObject(REFUSED);
    expect(await scene.eu.transfers.moves.look(code, US)).toBe(scene.domain.hostname);
    expect((await scene.eu.move(first))?.id).toBe(id);
  });
});
