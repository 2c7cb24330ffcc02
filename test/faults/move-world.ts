import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pool } from 'pg';
import { freePorts } from '../../demo/free-ports.js';
import { requireHostname } from '../../src/shared/hostname.js';
import {
  openTestAuthority,
  type TestAuthority,
} from '../integration/certificates/test-authority.js';
import { AcmeFaultProxy } from '../support/acme-fault-proxy.js';
import { startChallengeTestServer, type ChallengeTestServer } from '../support/challtestsrv.js';
import { DomainClient } from '../support/domain-client.js';
import { GatewayProcess } from '../support/gateway-process.js';
import { call, type Target } from '../support/https-client.js';
import { KillableDatabase } from '../support/killable-database.js';
import { startPebble } from '../support/pebble.js';
import { until } from '../support/until.js';
import { RegionRelay } from './region-relay.js';

export type Side = 'eu' | 'us';
export const SIDES: readonly Side[] = ['eu', 'us'];

/** Of the gateways: they share their ports, as on two machines. Names of the regions' hosts lead to the relays. */
export const GATEWAYS = { eu: '127.0.0.21', us: '127.0.0.22' } as const;
const RELAYS = { eu: '127.0.0.23', us: '127.0.0.24' } as const;

const BASE = 'onetime.localhost';
// Seconds: longer than every lease.
const LEASES = 70;

interface RegionParts {
  readonly relay: RegionRelay;
  readonly sql: Pool;
  readonly environment: Readonly<Record<string, string>>;
  gateway: GatewayProcess;
  isUp: boolean;
  customer: DomainClient | null;
}

async function stopAll(started: (() => unknown)[]): Promise<void> {
  for (const stop of started.splice(0).toReversed()) await stop();
}

/**
 * Two regions as two gateway processes, each with a database and keys of its own, one CA (Pebble), and one DNS. Whatever the
 * regions say to each other passes a relay.
 */
export class MoveWorld {
  readonly #regions = new Map<Side, RegionParts>();
  readonly #restarts: Promise<void>[] = [];

  private constructor(
    readonly dns: ChallengeTestServer,
    readonly proxy: AcmeFaultProxy,
    readonly rootPem: string,
    readonly ports: { readonly https: number; readonly http: number },
    private readonly cleanUps: (() => unknown)[],
  ) {}

  static async open(): Promise<MoveWorld> {
    const started: (() => unknown)[] = [];
    try {
      const dns = await startChallengeTestServer();
      started.push(() => dns.stop());
      const [https = 0, http = 0] = await freePorts(2);
      const pebble = await startPebble({ dnsServer: dns.dnsServer, httpPort: http, tlsPort: http });
      started.push(() => pebble.stop());
      const proxy = await AcmeFaultProxy.start(pebble);
      started.push(() => proxy.close());
      const ports = { https, http };
      const world = new MoveWorld(dns, proxy, await pebble.rootPem(), ports, started);
      await world.#openRegions().catch(async (error: unknown) => {
        await world.#stopGateways();
        throw error;
      });
      return world;
    } catch (error) {
      await stopAll(started);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#stopGateways();
    await stopAll(this.cleanUps);
  }

  async #stopGateways(): Promise<void> {
    await Promise.allSettled(this.#restarts);
    await Promise.all([...this.#regions.values()].map(({ gateway }) => gateway.stop()));
  }

  async #openRegions(): Promise<void> {
    const directory = await mkdtemp(join(tmpdir(), 'onetime-move-'));
    this.cleanUps.push(() => rm(directory, { recursive: true, force: true }));
    const caFile = join(directory, 'pebble.pem');
    const authority = await openTestAuthority();
    this.cleanUps.push(() => authority.remove());
    const trusted = join(authority.directory, 'root.pem');
    await writeFile(caFile, this.rootPem);
    await this.dns.setA(BASE, [GATEWAYS.eu]);
    const database = await KillableDatabase.start({ regions: SIDES as never });
    this.cleanUps.push(() => database.close());
    await Promise.all(
      SIDES.map(async (side) => {
        await this.dns.setA(`${side}.${BASE}`, [RELAYS[side]]);
        const relay = await this.#openRelay(side, authority, caFile);
        const sql = new Pool({ connectionString: database.urlOf(side), max: 4 });
        sql.on('error', () => undefined);
        this.cleanUps.push(() => sql.end());
        const environment = {
          ...this.#environment(side),
          [`GATEWAY_DATABASE_URL_${side.toUpperCase()}`]: database.urlOf(side),
          NODE_EXTRA_CA_CERTS: trusted,
        };
        const gateway = await GatewayProcess.spawn({ environment });
        const parts = { relay, sql, environment, gateway, isUp: false, customer: null };
        this.#regions.set(side, parts);
        await this.#serves(side);
      }),
    );
  }

  #environment(side: Side): Record<string, string> {
    return {
      GATEWAY_SERVE_REGIONS: side,
      GATEWAY_DEFAULT_REGION: 'eu',
      [`GATEWAY_ROOT_KEY_${side.toUpperCase()}`]: randomBytes(32).toString('base64'),
      GATEWAY_BIND: GATEWAYS[side],
      GATEWAY_HTTPS_PORT: String(this.ports.https),
      GATEWAY_HTTP_PORT: String(this.ports.http),
      GATEWAY_PROBE_HTTP_PORT: String(this.ports.http),
      GATEWAY_DNS_SERVERS: this.dns.dnsServer,
      GATEWAY_ACME_DIRECTORY: this.proxy.directoryUrl,
      GATEWAY_ACME_CA_FILE: this.proxy.caFile,
      GATEWAY_ALLOW_RESERVED_TLDS: 'true',
    };
  }

  async #openRelay(side: Side, authority: TestAuthority, caFile: string): Promise<RegionRelay> {
    const host = `${side}.${BASE}`;
    const { chainPem, privateKeyPem } = await authority.authority.issue(requireHostname(host));
    const tls = { cert: chainPem, key: privateKeyPem };
    const where = { address: RELAYS[side], gateway: GATEWAYS[side], ports: this.ports };
    const relay = await RegionRelay.open({ host, ...where, tls, caFile });
    this.cleanUps.push(() => relay.close());
    return relay;
  }

  #of(side: Side): RegionParts {
    const parts = this.#regions.get(side);
    if (parts === undefined) throw new Error(`there is no region ${side}`);
    return parts;
  }

  relay(side: Side): RegionRelay {
    return this.#of(side).relay;
  }

  isUp(side: Side): boolean {
    return this.#regions.get(side)?.isUp === true;
  }

  logs(side: Side): string {
    return this.#of(side).gateway.logs;
  }

  sql(side: Side): Pool {
    return this.#of(side).sql;
  }

  async query<Row>(side: Side, text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.sql(side).query(text, values)).rows as Row[];
  }

  /** The host of a region, or a custom domain at its gateway, past the relay. */
  target(side: Side, host = `${side}.${BASE}`): Target {
    return { host, port: this.ports.https, ca: this.rootPem, address: GATEWAYS[side] };
  }

  /** An Identity Plus account of the region: another one each time, or the one of `owner`. */
  async customer(side: Side): Promise<DomainClient> {
    const parts = this.#of(side);
    parts.customer ??= await this.signUp(side, `${side}@customer.test`, 'identity_plus');
    return parts.customer;
  }

  async signUp(side: Side, email: string, plan: string): Promise<DomainClient> {
    const { auth } = await this.#of(side).gateway.account(side, email, plan);
    return new DomainClient(() => this.target(side), auth);
  }

  async #serves(side: Side): Promise<void> {
    const parts = this.#of(side);
    await parts.gateway.ready();
    await until(`the host of ${side} answers`, async () => {
      const answer = await call(this.target(side), { path: '/api/v1/status' }).catch(() => null);
      return answer?.status === 200;
    });
    parts.isUp = true;
  }

  /** `kill -9`, and the same process again. Its leases end meanwhile. Resolves when the old one is dead. */
  async kill(side: Side): Promise<void> {
    const parts = this.#of(side);
    const { gateway } = parts;
    parts.isUp = false;
    await gateway.end('SIGKILL');
    this.#restarts.push(this.#startAgain(side, gateway));
  }

  async #startAgain(side: Side, killed: GatewayProcess): Promise<void> {
    await killed.stop();
    const ago = `- make_interval(secs => ${LEASES})`;
    for (const text of [
      `update domains set leased_until = leased_until ${ago} where leased_until is not null`,
      `update issuances set leased_until = leased_until ${ago} where leased_until is not null`,
      `update acme_accounts set leased_until = leased_until ${ago}`,
    ])
      await this.query(side, text);
    const parts = this.#of(side);
    parts.gateway = await GatewayProcess.spawn({ environment: parts.environment });
    await this.#serves(side);
  }

  /** Resolves when every process that was killed serves again. */
  async whole(): Promise<void> {
    await Promise.all(this.#restarts.splice(0));
  }

  /** What waits for its time is due now: looks at moves, checks, and orders that failed. */
  async hasten(hostname: string): Promise<void> {
    for (const side of SIDES) {
      for (const text of [
        `update domain_moves m set next_look_at = now() from domains d
         where d.id = m.domain_id and d.hostname = $1 and m.state in ('asking', 'open')`,
        `update domains set next_check_at = now() where hostname = $1 and next_check_at > now()
           and (leased_until is null or leased_until < now())`,
        `update issuances set next_at = now() where hostname = $1 and next_at > now()
           and state not in ('active', 'none', 'revoked') and (leased_until is null or leased_until < now())`,
      ])
        await this.query(side, text, [hostname]);
      await this.query(side, 'delete from ca_holds');
    }
  }
}
