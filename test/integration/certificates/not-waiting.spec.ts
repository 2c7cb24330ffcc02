import type { LimitedCa } from '../../../src/certificates/certificate-settings.js';
import { ISSUANCE_TIMING } from '../../../src/certificates/certificate-settings.js';
import { stuckInProcessing } from '../../support/acme-fault-proxy-faults.js';
import { describeWithPebble } from '../../support/pebble-program.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import type { UpkeepRound } from '../../../src/certificates/issuance/upkeep.js';
import { until } from '../../support/until.js';
import { startAcmeWorld, type AcmeWorld } from '../acme/acme-world.js';
import { aProvenDomain, certificatesOf, openIssuanceRoom } from './issuance-room.js';

const ONE_WORKER = { timing: { ...ISSUANCE_TIMING, parallel: 1 } };
const RETRY_AFTER = 1800;

describeWithPebble('due work', () => {
  let world: AcmeWorld;
  let database: TestDatabase;
  let ca: LimitedCa;
  beforeAll(async () => {
    world = await startAcmeWorld();
    const { directoryUrl, caFile } = world.proxy;
    const none = { email: null, eab: null, profile: null, limits: {} };
    ca = { name: 'first', directoryUrl, caFile, ...none };
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(async () => {
    world.proxy.heal();
    await database.close();
  });

  const aRoom = () =>
    openIssuanceRoom({ database, cas: [ca], answers: world.answers, changes: ONE_WORKER });

  it('of other names is done by the only worker while the CA lets an order wait', async () => {
    const room = aRoom();
    const slow = await world.newName();
    await aProvenDomain(database, slow);
    await room.upkeep.run(null);
    world.proxy.inject(stuckInProcessing(1, String(RETRY_AFTER)));
    room.job.onModuleInit();
    try {
      const seconds = await until('the order waits', async () => {
        const [row] = await database.dataSource.query<{ seconds: number }[]>(
          `select extract(epoch from next_at - now())::float8 as seconds from issuances
           where hostname = $1 and leased_until is null and order_url is not null`,
          [slow],
        );
        return row !== undefined && row.seconds > 0 ? row.seconds : null;
      });
      expect(seconds).toBeGreaterThan(RETRY_AFTER / 2);
      const other = await world.newName();
      await aProvenDomain(database, other);
      await room.upkeep.run([other]);
      await until('the other name has its certificate', async () => {
        const made = await certificatesOf(database, other);
        return made.length === 1;
      });
      expect(await certificatesOf(database, slow)).toEqual([]);
    } finally {
      await room.close();
    }
  });

  it.each([
    ['fails', () => Promise.reject(new Error('no upkeep'))],
    ['does not end', (end: Promise<UpkeepRound>) => end],
  ])('is done while upkeep %s', async (_, round) => {
    const room = aRoom();
    const end = Promise.withResolvers<UpkeepRound>();
    const name = await world.newName();
    await aProvenDomain(database, name);
    await room.upkeep.run(null);
    room.upkeep.round = () => round(end.promise);
    room.job.onModuleInit();
    try {
      await until('the name has its certificate', async () => {
        const made = await certificatesOf(database, name);
        return made.length === 1;
      });
    } finally {
      end.resolve({ hasMore: false, hasWorked: false });
      await room.close();
    }
  });
});
