import { randomBytes } from 'node:crypto';
import type { RequestKind } from './acme-fault-proxy-requests.js';
import type { AcmeFaultProxy } from './acme-fault-proxy.js';
import type { ChallengeTestServer } from './challtestsrv.js';
import { DomainClient, recordsToMake, type DomainRecord } from './domain-client.js';
import { INGRESS, openServices, REGION_HOST, type SceneServices } from './domain-scene-services.js';
import { freePorts } from '../../demo/free-ports.js';
import { GatewayProcess } from './gateway-process.js';
import { call, type Target } from './https-client.js';
import type { KillableDatabase } from './killable-database.js';
import type { PebbleOptions } from './pebble.js';
import { handshake } from './tls-client.js';
import { until } from './until.js';

/** The certificate axis of a domain, as the API shows it. */
export interface CertificateAxis {
  readonly state: string;
  readonly serial: string | null;
  readonly not_after: string | null;
  readonly attempts: {
    readonly count: number;
    readonly next_at: string | null;
    readonly held_by: string;
  };
  readonly problem: { readonly type: string; readonly detail: string } | null;
}

/** A line of a domain's timeline. */
export interface TimelineLine {
  readonly axis: string;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * Region `eu` with a CA: PostgreSQL, a DNS server, Pebble behind the fault proxy, a TCP load balancer, and the gateway
 * processes that the test starts. Only the faults are simulated.
 */
export class DomainScene {
  #customer: Promise<DomainClient> | null = null;
  #rootPem: string | null = null;
  /** Two versions, the older in front, as in the first step of a rotation. */
  readonly rootKeys = [1, 2].map((version) => `${version}:${randomBytes(32).toString('base64')}`);

  private constructor(
    readonly gateways: GatewayProcess[],
    private readonly services: SceneServices,
    /** Ports for the name servers of the gateways that are yet to start. */
    private readonly nameServers: number[],
  ) {}

  /**
   * Starts no gateway.
   * @param delegates the first two gateways are name servers, and the CA and all gateways ask Unbound, which finds them
   */
  static async open(
    options: Partial<PebbleOptions> = {},
    { delegates = false }: { readonly delegates?: boolean } = {},
  ): Promise<DomainScene> {
    const gateways: GatewayProcess[] = [];
    const nameServers = delegates ? await freePorts(2) : [];
    const http = () => gateways.map(({ ports }) => ports.http);
    const services = await openServices({ http, nameServers: [...nameServers] }, options);
    return new DomainScene(gateways, services, nameServers);
  }

  /** Starts gateways and waits until they answer on the region host. */
  static async start(gateways = 1, options: Partial<PebbleOptions> = {}): Promise<DomainScene> {
    const scene = await DomainScene.open(options);
    try {
      // One after the other: the balancer forwards the CA to any of them, so each must listen already.
      for (let started = 0; started < gateways; started += 1) await scene.startGateway();
      return scene;
    } catch (error) {
      await scene.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.stop()));
    await this.services.close();
  }

  get proxy(): AcmeFaultProxy {
    return this.services.proxy;
  }

  get dns(): ChallengeTestServer {
    return this.services.dns;
  }

  /** `127.0.0.1:PORT` of what the CA and the gateways ask. */
  get resolver(): string {
    return this.services.resolver;
  }

  /** Lets the CA and the gateways ask in another way. */
  async resolveBy(options: readonly string[]): Promise<void> {
    if (this.services.unbound === null) throw new Error('the scene has no Unbound');
    await this.services.unbound.restart(options);
  }

  get database(): KillableDatabase {
    return this.services.database;
  }

  /**
   * Starts a gateway without waiting until it answers.
   * @param build see GatewayOptions
   */
  async spawnGateway(
    changes: Readonly<Record<string, string>> = {},
    build?: string,
  ): Promise<GatewayProcess> {
    const { databaseUrl, proxy, resolver, balancer } = this.services;
    const nameServer = this.nameServers.shift();
    const environment = {
      GATEWAY_SERVE_REGIONS: 'eu',
      GATEWAY_DATABASE_URL_EU: databaseUrl,
      GATEWAY_ROOT_KEY_EU: this.rootKeys.join(),
      GATEWAY_ACME_DIRECTORY: proxy.directoryUrl,
      GATEWAY_ACME_CA_FILE: proxy.caFile,
      GATEWAY_DNS_SERVERS: resolver,
      GATEWAY_PROBE_HTTP_PORT: String(balancer.port),
      GATEWAY_ALLOW_RESERVED_TLDS: 'true',
      ...(nameServer !== undefined && {
        GATEWAY_NAMESERVERS_EU: 'ns1.onetime.localhost',
        GATEWAY_NAMESERVER_BIND: '127.0.0.1',
        GATEWAY_NAMESERVER_PORT: String(nameServer),
      }),
      ...changes,
    };
    const gateway = await GatewayProcess.spawn({
      environment,
      ...(build !== undefined && { build }),
    });
    this.gateways.push(gateway);
    return gateway;
  }

  /** Starts a gateway and waits until the region host has a certificate of the CA. */
  async startGateway(
    changes: Readonly<Record<string, string>> = {},
    build?: string,
  ): Promise<GatewayProcess> {
    const gateway = await this.spawnGateway(changes, build);
    try {
      await gateway.ready();
      await until('the region host answers', async () => {
        const target = await this.target(REGION_HOST, gateway);
        const answer = await call(target, { path: '/api/v1/status' }).catch(() => null);
        return answer?.status === 200;
      });
      return gateway;
    } catch (cause) {
      throw new Error(`the gateway does not serve: ${gateway.logs}`, { cause });
    }
  }

  /** Kills the gateways with SIGKILL, all at once; by default every one. */
  async kill(killed: readonly GatewayProcess[] = [...this.gateways]): Promise<void> {
    for (const gateway of killed) this.gateways.splice(this.gateways.indexOf(gateway), 1);
    await Promise.all(killed.map((gateway) => gateway.end('SIGKILL')));
    await Promise.all(killed.map((gateway) => gateway.stop()));
  }

  /** `host` at `gateway`, by default the first one, with the root of the CA as the only trusted one. */
  async target(host: string, gateway = this.gateways[0]): Promise<Target> {
    if (gateway === undefined) throw new Error('no gateway runs');
    this.#rootPem ??= await this.services.pebble.rootPem();
    return { host, port: gateway.ports.https, ca: this.#rootPem };
  }

  /** An Identity Plus account. */
  customer(): Promise<DomainClient> {
    this.#customer ??= this.#signUp();
    return this.#customer;
  }

  /** Claims the name and publishes exactly the records of the answer. It is not verified yet. */
  async claim(name: string): Promise<DomainRecord> {
    const claimed = await (await this.customer()).claim(name);
    await this.publish(claimed);
    return claimed;
  }

  /** Publishes exactly the records of the answer. */
  async publish(claimed: DomainRecord): Promise<void> {
    for (const { fqdn, type, desired } of recordsToMake(claimed)) {
      const [value = ''] = desired;
      if (type === 'TXT') await this.services.dns.addTxt(fqdn, value);
      else if (type === 'CNAME') await this.services.dns.setCname(fqdn, value);
      else await this.services.dns.setA(fqdn, desired);
    }
    // The operator's own zone.
    const { target } = claimed.routing;
    if (target !== null) await this.services.dns.setA(target, [INGRESS]);
  }

  /** Claims and verifies the name; the gateways then order its certificate. Returns the id. */
  async add(name: string): Promise<string> {
    const { id } = await this.claim(name);
    const { ownership } = await (await this.customer()).verify(id);
    if (ownership.state !== 'verified') throw new Error(`${name} is ${ownership.state}`);
    return id;
  }

  /** Publishes CAA records at a name that is no alias. */
  setCaa(name: string, value: string): Promise<void> {
    return this.services.dns.setCaa(name, [{ tag: 'issue', value }]);
  }

  async certificate(id: string): Promise<CertificateAxis> {
    const answer = await (await this.customer()).send('GET', `/${id}`);
    return answer.json<{ record: { certificate: CertificateAxis } }>().record.certificate;
  }

  /** The certificate events of the timeline, oldest first. */
  async story(id: string): Promise<TimelineLine[]> {
    const answer = await (await this.customer()).send('GET', `/${id}/events?limit=100`);
    const { records } = answer.json<{ records: TimelineLine[] }>();
    return records.filter(({ axis }) => axis === 'certificate').toReversed();
  }

  /** The serial number of the served certificate, in lower case. Rejects if the handshake fails. */
  async servedSerial(name: string, gateway = this.gateways[0]): Promise<string> {
    const { port, ca } = await this.target(name, gateway);
    const socket = await handshake(port, { servername: name, ca });
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber.toLowerCase();
  }

  /** The number of requests about a name that the CA executed, even if its answer was lost. */
  done(name: string, kind: RequestKind): number {
    return this.proxy.seen.filter(
      (seen) => seen.kind === kind && seen.hostname === name && (seen.done ?? 500) < 300,
    ).length;
  }

  /** All certificates of the name that were promoted, oldest first. */
  async certificatesOf(name: string): Promise<{ serial: string; chainPem: string }[]> {
    return this.query(
      `select serial, chain_pem as "chainPem" from certificates where hostname = $1 order by version`,
      [name],
    );
  }

  /** Moves the deadlines and leases of the name, and all holds of CAs, into the past. */
  async letPass(seconds: number, name: string): Promise<void> {
    const ago = `- make_interval(secs => ${seconds})`;
    await this.query(`update ca_holds set until = until ${ago}`);
    await this.query(`update acme_accounts set leased_until = leased_until ${ago}`);
    await this.query(
      `update issuances set next_at = next_at ${ago}, leased_until = leased_until ${ago}
       where hostname = $1`,
      [name],
    );
  }

  async query<Row>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.services.sql.query(text, values)).rows as Row[];
  }

  async #signUp(): Promise<DomainClient> {
    const [gateway] = this.gateways;
    if (gateway === undefined) throw new Error('no gateway runs');
    const { auth } = await gateway.account('eu', 'owner@customer.test', 'identity_plus');
    const { host, ca } = await this.target(REGION_HOST);
    // The first gateway at the time of the call.
    const target = () => ({ host, ca, port: this.gateways[0]?.ports.https ?? 0 });
    return new DomainClient(target, auth);
  }
}
