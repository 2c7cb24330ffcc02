import { Pool } from 'pg';
import { AcmeFaultProxy } from './acme-fault-proxy.js';
import { startChallengeTestServer, type ChallengeTestServer } from './challtestsrv.js';
import { startDelegatingResolver } from './delegating-resolver.js';
import { TcpBalancer } from './tcp-balancer.js';
import { startPebble, type Pebble, type PebbleOptions } from './pebble.js';
import { KillableDatabase } from './killable-database.js';

export const REGION_HOST = 'eu.onetime.localhost';
export const INGRESS = '127.0.0.1';

/** The services that the gateways of a scene use. */
export interface SceneServices {
  readonly proxy: AcmeFaultProxy;
  readonly pebble: Pebble;
  readonly dns: ChallengeTestServer;
  /** What the CA and the gateways ask: `127.0.0.1:PORT`. */
  readonly resolver: string;
  readonly sql: Pool;
  readonly database: KillableDatabase;
  readonly databaseUrl: string;
  readonly balancer: TcpBalancer;
  close(): Promise<void>;
}

export interface GatewayPorts {
  /** The HTTP ports of the gateways that run now, for the validator of the CA and our own probes. */
  readonly http: () => readonly number[];
  /** Those of their name servers; null: they have none. */
  readonly dns: (() => readonly number[]) | null;
}

export const DELEGATION_ZONE = 'acme.eu.onetime.localhost';

export async function openServices(
  ports: GatewayPorts,
  options: Partial<PebbleOptions>,
): Promise<SceneServices> {
  const cleanUps: (() => Promise<unknown> | void)[] = [];
  const close = async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  };
  try {
    const database = await KillableDatabase.start();
    cleanUps.push(() => database.close());
    const dns = await startChallengeTestServer();
    cleanUps.push(() => dns.stop());
    await dns.setA(REGION_HOST, [INGRESS]);
    const balancer = await TcpBalancer.open(ports.http);
    cleanUps.push(() => balancer.close());
    let resolver = dns.dnsServer;
    if (ports.dns !== null) {
      const zones = { upstream: resolver, zone: DELEGATION_ZONE, nameServers: ports.dns };
      const delegating = await startDelegatingResolver(zones);
      cleanUps.push(() => delegating.close());
      resolver = delegating.address;
    }
    const validator = { dnsServer: resolver, httpPort: balancer.port, tlsPort: balancer.port };
    const pebble = await startPebble({ ...validator, ...options });
    cleanUps.push(() => pebble.stop());
    const proxy = await AcmeFaultProxy.start(pebble);
    cleanUps.push(() => proxy.close());
    const databaseUrl = database.urlOf('eu');
    const sql = new Pool({ connectionString: databaseUrl, max: 4 });
    // Of an idle connection whose server a test kills.
    sql.on('error', () => undefined);
    cleanUps.push(() => sql.end());
    return { proxy, pebble, dns, resolver, sql, database, databaseUrl, balancer, close };
  } catch (error) {
    await close();
    throw error;
  }
}
