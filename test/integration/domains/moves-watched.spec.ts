import { Client } from 'pg';
import { COMMAND_LINE } from '../../../src/accounts/activity/activity.js';
import type { Domain } from '../../../src/domains/domain.js';
import { until } from '../../support/until.js';
import type { TestRegion } from './move-regions.js';
import { MoveScene } from './move-scene.js';

let scene: MoveScene;
beforeAll(async () => {
  scene = await MoveScene.open();
});
afterAll(() => scene.close());
beforeEach(() => scene.begin());

/** The last check was so long ago, and the next one is hours away, as of a name that is proven and leads here. */
const checkedAgo = (region: TestRegion, { id }: Pick<Domain, 'id'>, minutes: number) =>
  region.query(
    `update domains set checked_at = now() - make_interval(mins => $2), next_check_at = now() + interval '6 hours'
     where id = $1`,
    [id, minutes],
  );

const secondsToLook = async (region: TestRegion, { id }: Pick<Domain, 'id'>): Promise<number> => {
  const [row] = await region.query<{ seconds: number }>(
    `select extract(epoch from next_look_at - now())::float8 as seconds from domain_moves
     where domain_id = $1 order by created_at desc limit 1`,
    [id],
  );
  return row?.seconds ?? Number.NaN;
};

const watch = async (region: TestRegion, domain: Pick<Domain, 'id'>): Promise<void> => {
  const { moves } = region.transfers;
  await moves.watch(await moves.ofDomains([domain.id as Domain['id']]));
};

describe('a move that is under way', () => {
  it('is seen as switched in the old region once the new one says so, and looked up once a minute', async () => {
    const there = await scene.arrived();
    scene.pointTo(there, 'us');
    await checkedAgo(scene.eu, scene.domain, 1);
    await scene.eu.lookOnce();
    expect((await scene.eu.room.domains.get(scene.owner.id, scene.domain.extid)).routing).toBe(
      'pointed',
    );
    await scene.us.room.domains.verify(scene.receiver.id, there.extid);
    await checkedAgo(scene.eu, scene.domain, 0);
    await scene.eu.lookOnce();
    expect((await scene.eu.room.domains.get(scene.owner.id, scene.domain.extid)).routing).toBe(
      'pointed',
    );
    await checkedAgo(scene.eu, scene.domain, 1);
    await scene.eu.lookOnce();
    expect((await scene.eu.room.domains.get(scene.owner.id, scene.domain.extid)).routing).toBe(
      'wrong_region',
    );
  });

  it('has its name looked up every hour in both regions, whatever the other one says', async () => {
    const there = await scene.arrived();
    for (const [region, domain] of [
      [scene.eu, scene.domain],
      [scene.us, there],
    ] as const) {
      const checks = () => region.room.dns.observations;
      await checkedAgo(region, domain, 59);
      const before = checks();
      await region.lookOnce();
      expect(checks()).toBe(before);
      await checkedAgo(region, domain, 60);
      await region.lookOnce();
      expect(checks()).toBe(before + 1);
    }
  });

  it('that its sender has cancelled shows so at the next look, before its claim has ended, and its page is told', async () => {
    const there = await scene.arrived();
    await scene.us.lookOnce();
    const told: (string | undefined)[] = [];
    const client = new Client({ connectionString: scene.us.database.url });
    await client.connect();
    client.on('notification', ({ payload }) => told.push(payload));
    await client.query('listen domain_progress');
    await scene.eu.transfers.cancel(scene.owner.id, scene.domain.extid, COMMAND_LINE);
    await scene.us.query(`update domains set next_check_at = now() + interval '1 hour'`);
    await scene.us.lookOnce();
    expect((await scene.us.move(there))?.state).toBe('cancelled');
    expect(await scene.holdersIn(scene.us)).toEqual([scene.receiver.id]);
    await until('the page is told', () => told.includes(scene.domain.hostname));
    await client.end();
    await scene.us.hoursLater(3);
    await scene.us.lookOnce();
    expect(await scene.holdersIn(scene.us)).toEqual([]);
    expect((await scene.us.move(there))?.state).toBe('cancelled');
  });

  it('is asked about when somebody looks at the domain, at most every twenty seconds', async () => {
    const there = await scene.arrived();
    await scene.us.lookOnce();
    await watch(scene.us, there);
    expect(await secondsToLook(scene.us, there)).toBeGreaterThan(40);
    const later = (seconds: number) =>
      scene.us.query(
        'update domain_moves set next_look_at = next_look_at - make_interval(secs => $1)',
        [seconds],
      );
    await later(20);
    await watch(scene.us, there);
    expect(await secondsToLook(scene.us, there)).toBeLessThanOrEqual(0);
    // After its first hour as well, when it is looked at every ten minutes.
    await scene.us.query(`update domain_moves set created_at = created_at - interval '1 hour'`);
    await scene.us.lookOnce();
    await watch(scene.us, there);
    expect(await secondsToLook(scene.us, there)).toBeGreaterThan(500);
    await later(20);
    await watch(scene.us, there);
    expect(await secondsToLook(scene.us, there)).toBeLessThanOrEqual(0);
  });

  it('is not asked about any more once it has ended', async () => {
    const there = await scene.arrived();
    await scene.us.transfers.cancel(scene.receiver.id, there.extid, COMMAND_LINE);
    await scene.us.query(`update domain_moves set next_look_at = now() + interval '30 seconds'`);
    await watch(scene.us, there);
    expect(await secondsToLook(scene.us, there)).toBeGreaterThan(20);
  });
});
