import { Pool } from 'pg';
import { AcmeFaultProxy } from './acme-fault-proxy.js';
import { startChallengeTestServer, type ChallengeTestServer } from './challtestsrv.js';
import { FrontDoor } from './domain-scene-door.js';
import { startPebble, type Pebble, type PebbleOptions } from './pebble.js';
import { temporaryServer } from './temporary-server.js';

export const REGION_HOST = 'eu.onetime.localhost';
export const INGRESS = '127.0.0.1';

/** What the gateways of a scene stand on. */
export interface SceneGround {
  readonly proxy: AcmeFaultProxy;
  readonly pebble: Pebble;
  readonly dns: ChallengeTestServer;
  readonly sql: Pool;
  readonly databaseUrl: string;
  readonly door: FrontDoor;
  close(): Promise<void>;
}

/** @param httpPorts of the gateways that run when somebody comes: the CA's validator and our own probes */
export async function openGround(
  httpPorts: () => readonly number[],
  options: Partial<PebbleOptions>,
): Promise<SceneGround> {
  const cleanUps: (() => Promise<unknown> | void)[] = [];
  const close = async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  };
  try {
    const database = temporaryServer();
    cleanUps.push(() => database.remove());
    const server = await database.start();
    cleanUps.push(() => server.stop());
    const dns = await startChallengeTestServer();
    cleanUps.push(() => dns.stop());
    await dns.setA(REGION_HOST, [INGRESS]);
    const door = await FrontDoor.open(httpPorts);
    cleanUps.push(() => door.close());
    const validator = { dnsServer: dns.dnsServer, httpPort: door.port, tlsPort: door.port };
    const pebble = await startPebble({ ...validator, ...options });
    cleanUps.push(() => pebble.stop());
    const proxy = await AcmeFaultProxy.start(pebble);
    cleanUps.push(() => proxy.close());
    const databaseUrl = server.urlOf('eu');
    const sql = new Pool({ connectionString: databaseUrl, max: 4 });
    cleanUps.push(() => sql.end());
    return { proxy, pebble, dns, sql, databaseUrl, door, close };
  } catch (error) {
    await close();
    throw error;
  }
}
