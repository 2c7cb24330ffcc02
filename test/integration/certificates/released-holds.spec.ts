import { IssuanceInterventions } from '../../../src/certificates/stores/issuance-interventions.store.js';
import type { HoldScope } from '../../../src/certificates/ca/ca-holds.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { until } from '../../support/until.js';
import { certificatesOf } from './issuance-room.js';
import { issuanceScene } from './issuance-scene.js';

const HOUR_SECONDS = 3600;

describeWithPebble('a hold that the operator releases', () => {
  const scene = issuanceScene();

  interface Waiting {
    readonly heldBy: string;
    readonly seconds: number;
  }

  async function waitingOf(name: Hostname): Promise<Waiting | undefined> {
    const [row] = await scene.database.dataSource.query<Waiting[]>(
      `select held_by as "heldBy", extract(epoch from next_at - now())::float8 as seconds
       from issuances where hostname = $1 and leased_until is null`,
      [name],
    );
    return row;
  }

  /** Until the running job has met the hold. */
  const untilHeld = (name: Hostname): Promise<unknown> =>
    until(`${name} waits for the hold`, async () => {
      const row = await waitingOf(name);
      return row?.heldBy === 'rate_limit' && row.seconds > HOUR_SECONDS / 2;
    });

  it.each([
    ['of everything', () => 'all' as const],
    ['of a registrable domain', (name: string) => `domain:${domainOf(name)}` as const],
    ['of a name', (name: string) => `name:${name}` as const],
  ])(
    '%s lets the names that waited for it be issued now, by a running gateway',
    async (_, scopeOf) => {
      const room = scene.aRoom();
      const name = await scene.aWantedName();
      const scope: HoldScope = scopeOf(name);
      await room.holds.place('pebble', { scope, reason: 'rate_limit', seconds: HOUR_SECONDS });
      await room.upkeep.run([name]);
      room.job.onModuleInit();
      await untilHeld(name);

      const operator = new IssuanceInterventions(scene.database.dataSource);
      expect(await operator.holds()).toMatchObject([{ ca: 'pebble', scope }]);
      expect(await operator.releaseHold('another', scope)).toMatchObject({ isReleased: false });
      expect(await certificatesOf(scene.database, name)).toEqual([]);
      expect(await operator.releaseHold('pebble', scope)).toEqual({ isReleased: true, woken: 1 });
      await until('the name has its certificate', async () => {
        const made = await certificatesOf(scene.database, name);
        return made.length === 1;
      });
      expect(await operator.holds()).toEqual([]);
      expect(await operator.releaseHold('pebble', scope)).toEqual({ isReleased: false, woken: 0 });
    },
  );

  it('lets names go on waiting that another hold keeps', async () => {
    const room = scene.aRoom();
    const [name, other] = [await scene.aWantedName(), await scene.aWantedName()];
    for (const scope of [`name:${name}`, `name:${other}`] as const)
      await room.holds.place('pebble', { scope, reason: 'rate_limit', seconds: HOUR_SECONDS });
    await room.upkeep.run([name, other]);
    await room.runDue();
    const operator = new IssuanceInterventions(scene.database.dataSource);
    expect((await operator.releaseHold('pebble', `name:${name}`)).woken).toBe(1);
    expect(new Set(await room.runDue())).toEqual(new Set([name]));
    expect(await certificatesOf(scene.database, other)).toEqual([]);
    await untilHeld(other);
  });
});

function domainOf(name: string): string {
  return name.split('.').slice(-2).join('.');
}
