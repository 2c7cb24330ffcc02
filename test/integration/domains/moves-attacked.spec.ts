import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { Account } from '../../../src/accounts/account.js';
import { PLANS } from '../../../src/accounts/plans.js';
import type { Region } from '../../../src/config/region.js';
import type { Domain } from '../../../src/domains/domain.js';
import type { DomainMove } from '../../../src/domains/domain-move.js';
import { enter, type TestRegion } from './move-regions.js';
import { MoveScene } from './move-scene.js';
import { certify } from './support.js';

const REFUSED = { code: 'invalid_request', reason: 'TRANSFER_CODE' };
const US = 'us' as Region;

let scene: MoveScene;
beforeAll(async () => {
  scene = await MoveScene.open();
});
afterAll(() => scene.close());
beforeEach(() => scene.begin());

async function lookBoth(): Promise<void> {
  // Each may learn from the other.
  await scene.eu.look();
  await scene.us.look();
  await scene.eu.look();
}

const holders = async () => [await scene.holdersIn(scene.eu), await scene.holdersIn(scene.us)];

/** The states of a move before its end, and how it comes to each of them. */
const STEPS = ['preparing', 'ready_to_switch', 'switched'] as const;
async function arrivedAt(step: (typeof STEPS)[number]): Promise<Domain> {
  const there = await scene.arrived();
  if (step !== 'preparing') await certify(scene.us.database, scene.domain.hostname);
  if (step === 'switched') {
    scene.pointTo(there, 'us');
    await scene.checkBoth(there);
  }
  await lookBoth();
  expect(await scene.statesOf(there)).toEqual([step, step]);
  return there;
}

describe('a move of a name', () => {
  describe.each(STEPS)('at %s', (step) => {
    // Where the name leads is what its owner has decided: a claim to which it leads stays.
    const kept = () => (step === 'switched' ? [scene.receiver.id] : []);

    it('ends in both regions when the old one cancels, and the old claim stays', async () => {
      const there = await arrivedAt(step);
      await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
      await lookBoth();
      expect(await holders()).toEqual([[scene.owner.id], kept()]);
      if (step !== 'switched')
        expect(await scene.statesOf(there)).toEqual(['cancelled', 'cancelled']);
    });

    it('ends in both regions when the new one cancels, and the old claim stays', async () => {
      const there = await arrivedAt(step);
      await scene.us.transfers.cancel(scene.receiver.id, there.extid, COMMAND_LINE);
      await lookBoth();
      expect(await scene.statesOf(there)).toEqual(['cancelled', 'cancelled']);
      expect(await holders()).toEqual([[scene.owner.id], kept()]);
    });

    it('ends in both regions when the old claim is removed', async () => {
      await arrivedAt(step);
      await scene.eu.room.domains.remove(scene.owner.id, scene.domain.extid);
      await lookBoth();
      expect(await holders()).toEqual([[], kept()]);
      await scene.twoDaysLater();
      await lookBoth();
      expect(await open()).toEqual([]);
    });

    it('goes on when the other region was away for an hour, on either side', async () => {
      const there = await arrivedAt(step);
      for (const region of [scene.eu, scene.us]) {
        region.peers.cut = { method: 'stateOf', when: 'before' };
        await hourLater(region);
        await region.look();
        expect(await region.move(region === scene.eu ? scene.domain : there)).toMatchObject({
          state: step,
          silence: 'unreachable',
        });
        region.peers.cut = null;
      }
      await lookBoth();
      expect(await scene.statesOf(there)).toEqual([step, step]);
      expect((await scene.eu.move(scene.domain))?.silence).toBeNull();
    });
  });

  it.each(['cancelled', 'removed', 'expired'] as const)(
    'is not lost in the new region when it was switched just before the other side %s it',
    async (end) => {
      const there = await arrivedAt('ready_to_switch');
      // No check has seen it yet: the next one is hours away.
      scene.pointTo(there, 'us');
      if (end === 'cancelled')
        await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
      else if (end === 'removed')
        await scene.eu.room.domains.remove(scene.owner.id, scene.domain.extid);
      else
        for (const region of [scene.eu, scene.us])
          await region.query(`update domain_moves set expires_at = now() where state = 'open'`);
      for (const region of [scene.us, scene.eu]) await region.look();
      expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
      const seen = await scene.us.room.domains.get(scene.receiver.id, there.extid);
      expect(seen.pointedAt).not.toBeNull();
      expect((await scene.us.move(there))?.state).toMatch(/switched|done/);
    },
  );

  it.each(['cancelled', 'expired'] as const)(
    'is not lost in the new region when resolvers still have the old record after it was %s',
    async (end) => {
      const there = await arrivedAt('ready_to_switch');
      if (end === 'cancelled')
        await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
      else await scene.us.query(`update domain_moves set expires_at = now() where state = 'open'`);
      for (const hours of [0, 0, 1]) {
        await scene.us.hoursLater(hours);
        await scene.us.lookOnce();
      }
      expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
      // A look-up that fails says nothing, whenever it is made.
      scene.dns.isSilent = true;
      await scene.us.look();
      await scene.us.lookOnce();
      scene.dns.isSilent = false;
      expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
      scene.pointTo(there, 'us');
      await scene.us.look();
      expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
      const seen = await scene.us.room.domains.get(scene.receiver.id, there.extid);
      expect(seen.pointedAt).not.toBeNull();
    },
  );

  it('is begun by a new code while the one that the other side cancelled waits for a look-up', async () => {
    const there = await scene.arrived();
    await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
    await scene.us.lookOnce();
    expect((await scene.arrived()).id).toBe(there.id);
    await scene.us.look();
    expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
  });

  it('ends after days in the new region when no look-up succeeds', async () => {
    await arrivedAt('ready_to_switch');
    await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
    scene.dns.isSilent = true;
    await scene.us.look();
    await scene.us.hoursLater(100);
    await scene.us.look();
    scene.dns.isSilent = false;
    expect(await scene.holdersIn(scene.us)).toEqual([]);
  });

  async function hourLater(region: TestRegion): Promise<void> {
    await region.query(`update domain_moves set created_at = created_at - interval '1 hour',
      expires_at = expires_at - interval '1 hour', silent_since = silent_since - interval '1 hour'`);
  }

  const open = async () => {
    const rows = [scene.eu, scene.us].map((region) =>
      region.query(
        `select m.id from domain_moves m join domains d on d.id = m.domain_id
         where d.hostname = $1 and m.state in ('asking', 'open')`,
        [scene.domain.hostname],
      ),
    );
    return (await Promise.all(rows)).flat();
  };

  it('needs the plan and room in the new region, and uses no code up without them', async () => {
    const code = await scene.offered();
    const poor = { ...(await scene.us.account()), plan: 'basic' } as Account;
    await expect(enter(scene.us, poor, code)).rejects.toMatchObject({ code: 'plan_required' });
    const full = await scene.us.account();
    const max = PLANS[full.plan].domainsMax;
    await scene.us.query(
      `insert into domains (extid, account_id, hostname, display_name, registrable_domain, is_apex,
         target_label, challenge_label, challenge_value)
       select 'full' || n, $1, 'full-' || n || '.test', 'x', 'x', false, 'full' || n, 'x', 'x'
       from generate_series(1, $2::int) n`,
      [full.id, max],
    );
    await expect(enter(scene.us, full, code)).rejects.toMatchObject({ reason: 'DOMAIN_LIMIT' });
    expect(await holders()).toEqual([[scene.owner.id], []]);
    expect(await open()).toEqual([]);
    await enter(scene.us, scene.receiver, code);
    expect(await holders()).toEqual([[scene.owner.id], [scene.receiver.id]]);
  });

  it('is one at a time: a second code is refused while the first is used, the newer code counts before', async () => {
    const first = await scene.offered();
    const second = await scene.offered();
    await expect(enter(scene.us, scene.receiver, first)).rejects.toMatchObject(REFUSED);
    const codes = [second, second, first];
    const outcomes = await Promise.allSettled(
      codes.map((code) => enter(scene.us, scene.receiver, code)),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(await open()).toHaveLength(2);
    await expect(scene.offered()).rejects.toMatchObject({ reason: 'MOVE_OPEN' });
    await expect(
      scene.us.transfers.offers.offer(
        scene.receiver.id,
        (await received()).extid,
        COMMAND_LINE,
        'eu' as Region,
      ),
    ).rejects.toMatchObject({ reason: 'MOVE_OPEN' });
  });

  const received = async (): Promise<Domain> => {
    const page = { state: null, limit: 100, cursor: null };
    const { domains } = await scene.us.room.domains.list(scene.receiver.id, page);
    return domains.find(({ hostname }) => hostname === scene.domain.hostname) as Domain;
  };

  it('goes back to the region that it came from, and there again', async () => {
    const ways: [TestRegion, TestRegion][] = [
      [scene.eu, scene.us],
      [scene.us, scene.eu],
      [scene.eu, scene.us],
    ];
    let own: Domain = scene.domain;
    const people = new Map([
      [scene.eu, scene.owner],
      [scene.us, scene.receiver],
    ]);
    const personOf = (region: TestRegion) => people.get(region) as Account;
    const ids = new Set<DomainMove['id'] | undefined>();
    for (const [from, to] of ways) {
      const { offers } = from.transfers;
      const { code } = await offers.offer(personOf(from).id, own.extid, COMMAND_LINE, to.name);
      const extid = await enter(to, personOf(to), code);
      const there = await to.room.domains.get(personOf(to).id, extid);
      ids.add((await to.move(there))?.id);
      scene.pointTo(there, to.name);
      await from.room.domains.verify(personOf(from).id, own.extid);
      await to.room.domains.verify(personOf(to).id, there.extid);
      await from.look();
      await scene.twoDaysLater();
      await from.look();
      await to.look();
      expect(await scene.holdersIn(from)).toEqual([]);
      expect(await scene.holdersIn(to)).toEqual([personOf(to).id]);
      expect((await to.move(there))?.state).toBe('done');
      expect(await open()).toEqual([]);
      own = there;
    }
    expect(ids.size).toBe(3);
  });

  it('is refused for the right code in the wrong region, which changes nothing', async () => {
    const code = await scene.offered();
    expect(await scene.eu.transfers.moves.look(code, 'eu' as Region)).toBeNull();
    const other = (await scene.eu.account()) as Account;
    await expect(enter(scene.eu, other, code)).rejects.toMatchObject(REFUSED);
    expect(await scene.eu.transfers.moves.look(code, US)).toBe(scene.domain.hostname);
  });
});
