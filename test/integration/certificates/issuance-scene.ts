import type { LimitedCa } from '../../../src/certificates/certificate-settings.js';
import { PUBLIC_CA_LIMITS } from '../../../src/config/acme-limits.js';
import type { Hostname } from '../../../src/shared/hostname.js';
import { openTestDatabase, type TestDatabase } from '../../support/test-database.js';
import { startAcmeWorld, type AcmeWorld } from '../acme/acme-world.js';
import {
  aProvenDomain,
  certificatesOf,
  openIssuanceRoom,
  type IssuanceRoom,
  type RoomParts,
} from './issuance-room.js';

export type IssuanceScene = ReturnType<typeof issuanceScene>;

/** A CA for the tests of a describe block, and for each test a database and the rooms that it opens. */
export function issuanceScene(options: Parameters<typeof startAcmeWorld>[0] = {}) {
  let world: AcmeWorld;
  let database: TestDatabase;
  const rooms: IssuanceRoom[] = [];
  beforeAll(async () => {
    world = await startAcmeWorld(options);
  });
  afterAll(() => world.stop());
  beforeEach(async () => {
    database = await openTestDatabase();
  });
  afterEach(async () => {
    world.proxy.heal();
    world.proxy.renewalWindow = null;
    await Promise.all(rooms.splice(0).map((room) => room.close()));
    await database.close();
  });

  const aWantedName = async (): Promise<Hostname> => {
    const name = await world.newName();
    await aProvenDomain(database, name);
    return name;
  };
  return {
    get world() {
      return world;
    },
    get database() {
      return database;
    },
    get ca() {
      return caOf(world);
    },
    aWantedName,
    aRoom: (parts: Partial<RoomParts> = {}): IssuanceRoom => {
      const cas = [caOf(world)];
      const room = openIssuanceRoom({ database, cas, answers: world.answers, ...parts });
      rooms.push(room);
      return room;
    },
    anIssued: async (room: IssuanceRoom): Promise<Hostname> => {
      const name = await aWantedName();
      await room.upkeep.run([name]);
      await room.runDue();
      expect(await certificatesOf(database, name)).toHaveLength(1);
      return name;
    },
  };
}

function caOf({ proxy: { directoryUrl, caFile } }: AcmeWorld): LimitedCa {
  const unset = { email: null, eab: null, profile: null };
  return { ...unset, name: 'pebble', directoryUrl, caFile, limits: PUBLIC_CA_LIMITS };
}
