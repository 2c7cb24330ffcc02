import { jest } from '@jest/globals';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import { enter, type Cut } from './move-regions.js';
import { MoveScene } from './move-scene.js';
import { certify, eventTypesOf } from './support.js';

const REFUSED = { code: 'invalid_request', reason: 'TRANSFER_CODE' };

let scene: MoveScene;
beforeAll(async () => {
  scene = await MoveScene.open();
});
afterAll(() => scene.close());
beforeEach(() => scene.begin());

describe('a move of a name that is interrupted', () => {
  it.each<Cut>([
    { method: 'look', when: 'before' },
    { method: 'look', when: 'after' },
    { method: 'accept', when: 'before' },
    { method: 'accept', when: 'after' },
  ])('is taken up by entering the code again when it was cut: $method, $when', async (cut) => {
    const code = await scene.offered();
    scene.us.peers.cut = cut;
    await expect(enter(scene.us, scene.receiver, code)).rejects.toThrow('cut');
    expect(await scene.holdersIn(scene.us)).toEqual([]);
    expect(await scene.holdersIn(scene.eu)).toEqual([scene.owner.id]);
    scene.us.peers.cut = null;
    const extid = await enter(scene.us, scene.receiver, code);
    expect(await enter(scene.us, scene.receiver, code)).toBe(extid);
    expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
    const rows = await scene.us.query(
      'select 1 from domain_moves m join domains d on d.id = m.domain_id where d.hostname = $1',
      [scene.domain.hostname],
    );
    expect(rows).toHaveLength(1);
  });

  it.each(['asked', 'claimed'] as const)(
    'is one move when its account enters the code twice at once, and the other call has %s first',
    async (step) => {
      const code = await scene.offered();
      const other = () => enter(scene.us, scene.receiver, code);
      const { claims } = scene.us.room;
      if (step === 'asked') scene.us.peers.meanwhile = other;
      else
        jest.spyOn(claims, 'claim').mockImplementationOnce(async (claim) => {
          await other();
          return claims.claim(claim);
        });
      const extid = await enter(scene.us, scene.receiver, code);
      expect(await other()).toBe(extid);
      expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
    },
  );

  it('gives nothing to an account that was given the claim before the code was used', async () => {
    const code = await scene.offered();
    const claim = await scene.us.room.domains.claim(scene.receiver, scene.domain.hostname);
    const other = await scene.us.account();
    // As the second name of a pair is given, after its move was asked for.
    scene.us.peers.cut = { method: 'accept', when: 'after' };
    await expect(enter(scene.us, scene.receiver, code)).rejects.toThrow('cut');
    scene.us.peers.cut = null;
    scene.us.peers.meanwhile = () =>
      scene.us.query('update domains set account_id = $2 where id = $1', [claim.id, other.id]);
    await expect(enter(scene.us, scene.receiver, code)).rejects.toMatchObject({
      reason: 'CONFLICT_OTHER_CLAIM',
    });
    expect(await scene.holdersIn(scene.us)).toEqual([]);
    await scene.eu.look();
    expect((await scene.eu.move(scene.domain))?.state).toBe('cancelled');
  });

  it('ends as done when the process was killed after the old claim was removed', async () => {
    const there = await scene.arrived();
    scene.pointTo(there, 'us');
    await scene.checkBoth(there);
    await scene.eu.look();
    await scene.twoDaysLater();
    await scene.eu.query('update domains set removed_at = now() where id = $1', [scene.domain.id]);
    expect(await scene.eu.transfers.moves.stateOf((await scene.eu.move(scene.domain))!.id)).toBe(
      'done',
    );
    await scene.eu.look();
    await scene.us.look();
    expect(await scene.statesOf(there)).toEqual(['done', 'done']);
    expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
  });

  it('ends in both regions when another account proves the name before it has arrived', async () => {
    const code = await scene.offered();
    scene.us.peers.cut = { method: 'accept', when: 'after' };
    await expect(enter(scene.us, scene.receiver, code)).rejects.toThrow('cut');
    scene.us.peers.cut = null;
    const rival = await scene.us.account();
    const claim = await scene.us.room.domains.claim(rival, scene.domain.hostname);
    scene.dns.publishTxt(claim);
    await scene.us.room.domains.verify(rival.id, claim.extid);
    await expect(enter(scene.us, scene.receiver, code)).rejects.toMatchObject({
      reason: 'CONFLICT_OTHER_CLAIM',
    });
    await scene.eu.look();
    expect((await scene.eu.move(scene.domain))?.state).toBe('cancelled');
    expect([await scene.holdersIn(scene.eu), await scene.holdersIn(scene.us)]).toEqual([
      [scene.owner.id],
      [rival.id],
    ]);
  });

  it.each<Cut>([
    { method: 'accept', when: 'after' },
    { method: 'accept', when: 'before' },
  ])('needs nobody who enters the code again when it was cut: $method, $when', async (cut) => {
    const code = await scene.offered();
    scene.us.peers.cut = cut;
    await expect(enter(scene.us, scene.receiver, code)).rejects.toThrow('cut');
    scene.us.peers.cut = null;
    await scene.us.look();
    // Only the old region knows whether it has agreed.
    const hasAgreed = cut.when === 'after';
    expect(await scene.holdersIn(scene.us)).toEqual(hasAgreed ? [scene.receiver.id] : []);
    expect(await scene.holdersIn(scene.eu)).toEqual([scene.owner.id]);
    const extid = await enter(scene.us, scene.receiver, code);
    const there = await scene.us.room.domains.get(scene.receiver.id, extid);
    await scene.eu.look();
    expect(await scene.statesOf(there)).toEqual(['preparing', 'preparing']);
  });

  it('is begun by a second code when the first one was entered and never sent', async () => {
    scene.us.peers.cut = { method: 'accept', when: 'before' };
    await expect(enter(scene.us, scene.receiver, await scene.offered())).rejects.toThrow('cut');
    scene.us.peers.cut = null;
    await scene.arrived();
    expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
  });

  it('that was asked for and never agreed to is forgotten after minutes, not before', async () => {
    scene.us.peers.cut = { method: 'accept', when: 'before' };
    await expect(enter(scene.us, scene.receiver, await scene.offered())).rejects.toThrow('cut');
    scene.us.peers.cut = null;
    const asking = () =>
      scene.us.query<{ state: string }>(
        'select m.state from domain_moves m join domains d on d.id = m.domain_id where d.hostname = $1',
        [scene.domain.hostname],
      );
    await scene.us.look();
    expect(await asking()).toEqual([{ state: 'asking' }]);
    await scene.us.query(
      `update domain_moves set created_at = created_at - interval '15 minutes' where state = 'asking'`,
    );
    scene.us.peers.cut = { method: 'stateOf', when: 'after' };
    await scene.us.look();
    expect(await asking()).toEqual([{ state: 'asking' }]);
    scene.us.peers.cut = null;
    await scene.us.look();
    expect(await asking()).toEqual([{ state: 'cancelled' }]);
  });

  it('that was cancelled in the old region before it had arrived ends in the new one', async () => {
    const code = await scene.offered();
    scene.us.peers.cut = { method: 'accept', when: 'after' };
    await expect(enter(scene.us, scene.receiver, code)).rejects.toThrow('cut');
    scene.us.peers.cut = null;
    await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
    await scene.us.look();
    expect([await scene.holdersIn(scene.eu), await scene.holdersIn(scene.us)]).toEqual([
      [scene.owner.id],
      [],
    ]);
    await expect(enter(scene.us, scene.receiver, code)).rejects.toMatchObject(REFUSED);
  });

  it('says since when the other region is silent or has forgotten it, and keeps what it said before', async () => {
    const there = await scene.arrived();
    await certify(scene.us.database, scene.domain.hostname);
    await scene.eu.look();
    const heard = await scene.eu.move(scene.domain);
    expect(heard).toMatchObject({ state: 'ready_to_switch', silence: null, silentSince: null });
    expect(heard?.heardAt).toEqual(expect.any(Date));
    scene.eu.peers.cut = { method: 'stateOf', when: 'before' };
    await scene.eu.look();
    const silent = await scene.eu.move(scene.domain);
    expect(silent).toMatchObject({ state: 'ready_to_switch', silence: 'unreachable' });
    await scene.eu.look();
    expect((await scene.eu.move(scene.domain))?.silentSince).toEqual(silent?.silentSince);
    scene.eu.peers.cut = null;
    // As after the restore of a backup.
    await scene.us.query('delete from domain_moves where domain_id = $1', [there.id]);
    await scene.eu.look();
    expect(await scene.eu.move(scene.domain)).toMatchObject({
      state: 'ready_to_switch',
      silence: 'unknown',
    });
    // Of a move that has ended nobody asks any more.
    await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
    expect(await scene.eu.move(scene.domain)).toMatchObject({
      state: 'cancelled',
      silence: null,
      silentSince: null,
    });
  });

  it('is given up in the old region when the new one has forgotten it, and the old claim stays', async () => {
    const there = await scene.arrived();
    scene.pointTo(there, 'us');
    await scene.checkBoth(there);
    await scene.us.query('delete from domain_moves where domain_id = $1', [there.id]);
    await scene.twoDaysLater();
    const overSince = (days: number) =>
      scene.eu.query(
        'update domain_moves set expires_at = now() - make_interval(days => $2) where domain_id = $1',
        [scene.domain.id, days],
      );
    await overSince(29);
    await scene.eu.look();
    expect((await scene.eu.move(scene.domain))?.state).toBe('switched');
    await overSince(30);
    await scene.eu.look();
    expect((await scene.eu.move(scene.domain))?.state).toBe('expired');
    expect(await scene.holdersIn(scene.eu)).toEqual([scene.owner.id]);
    expect(await eventTypesOf(scene.eu.room, scene.domain)).toContain('move_expired');
  });
});
