import { Pool } from 'pg';
import { AcmeFaultProxy } from './acme-fault-proxy.js';
import { startAuthoritativeDns } from './authoritative-dns.js';
import { startChallengeTestServer, type ChallengeTestServer } from './challtestsrv.js';
import { TcpBalancer } from './tcp-balancer.js';
import { startPebble, type Pebble, type PebbleOptions } from './pebble.js';
import { KillableDatabase } from './killable-database.js';
import { RESOLVER_WAYS, startUnbound, type RunningUnbound } from './unbound.js';

export const REGION_HOST = 'eu.onetime.localhost';
export const INGRESS = '127.0.0.1';

/** The services that the gateways of a scene use. */
export interface SceneServices {
  readonly proxy: AcmeFaultProxy;
  readonly pebble: Pebble;
  readonly dns: ChallengeTestServer;
  /** What the CA and the gateways ask: `127.0.0.1:PORT`. */
  readonly resolver: string;
  /** That resolver when it is Unbound, which finds the delegation zone; null: the DNS server itself. */
  readonly unbound: RunningUnbound | null;
  readonly sql: Pool;
  readonly database: KillableDatabase;
  readonly databaseUrl: string;
  readonly balancer: TcpBalancer;
  close(): Promise<void>;
}

export interface GatewayPorts {
  /** The HTTP ports of the gateways that run now, for the validator of the CA and our own probes. */
  readonly http: () => readonly number[];
  /** Those that their name servers will have; none: they have no name servers. */
  readonly nameServers: readonly number[];
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
    const isDelegable = ports.nameServers.length > 0;
    const dns = await (isDelegable ? startAuthoritativeDns() : startChallengeTestServer());
    cleanUps.push(() => dns.stop());
    await dns.setA(REGION_HOST, [INGRESS]);
    const balancer = await TcpBalancer.open(ports.http);
    cleanUps.push(() => balancer.close());
    const unbound = isDelegable ? await resolverOf(ports, dns) : null;
    if (unbound !== null) cleanUps.push(() => unbound.stop());
    const resolver = unbound?.address ?? dns.dnsServer;
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
    const asked = { dns, resolver, unbound };
    return { proxy, pebble, ...asked, sql, database, databaseUrl, balancer, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Asks the gateways' name servers for their zone, and the DNS server of the customers for the rest. */
function resolverOf(
  { nameServers }: GatewayPorts,
  { dnsServer }: ChallengeTestServer,
): Promise<RunningUnbound> {
  const [[, options]] = RESOLVER_WAYS as [(typeof RESOLVER_WAYS)[number]];
  const zones = {
    test: [dnsServer],
    localhost: [dnsServer],
    [DELEGATION_ZONE]: nameServers.map((port) => `127.0.0.1:${port}`),
  };
  return startUnbound({ options, zones });
}
