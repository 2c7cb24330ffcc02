import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import { LocalAuthority } from '../certificates/issuers/local-authority.js';
import { SecureContexts } from '../certificates/contexts/secure-contexts.js';
import { ConfigError, type Config } from '../config/config.js';
import type { RegionConfig } from '../config/region-config.js';
import type { Region } from '../config/region.js';
import { openDatabases, type Databases } from '../database/embedded/open-databases.js';
import type { Cell } from '../region/cell.js';
import { RequestJournal } from '../region/request-journal.js';
import { SystemClock, type Clock } from '../shared/clock.js';
import { SECOND } from '../shared/durations.js';
import type { Logger } from '../shared/logger.js';
import { buildCellConfig } from './build-cell-config.js';
import { CustomDomainLookup } from './custom-domain-lookup.js';
import { DestinationLookup } from './destination-lookup.js';
import { HostTable } from './host-table.js';
import { listen } from './listen.js';
import { LookupLimiter } from './lookup-limiter.js';
import { createOpsListener } from './ops-listener.js';
import { createPlainListener } from './plain-listener.js';
import { RequestDispatcher } from './request-dispatcher.js';
import { SniContexts } from './sni-contexts.js';
import { startRegion } from './start-region.js';
import { TlsListener } from './tls-listener.js';
import { WellKnown } from './well-known.js';

// This room knows sockets, TLS, SNI and Host, which cell a request belongs to, and how the process starts and stops.
// It must not know accounts, secrets or what a request does, except which paths are the API's and which requests may
// move to another region (host-table.ts).
//
//   runGateway()                       configuration, signals, exit code
//   └─ Gateway                         this file: opens the listeners, starts and stops the cells
//      ├─ HTTPS  TlsListener           reads the ClientHello; SniContexts supplies the certificate
//      │         └─ RequestDispatcher.handleSecure
//      ├─ HTTP   createPlainListener
//      │         └─ RequestDispatcher.handlePlain     308 or 403, unless a trusted proxy received it over HTTPS
//      ├─ ops    createOpsListener     /livez, /readyz, /metrics
//      └─ cells  startRegion()         one for each served region, added to HostTable when it serves
//
//   RequestDispatcher, for each request:
//      WellKnown                       ACME challenges and routing probes
//      DestinationLookup               HostTable for own hosts, CustomDomainLookup for custom domains
//      cell.handler                    or a GatewayAnswer if no cell takes the request

/** How long the start waits for the regions. A region that is not up by then continues to start in the background. */
const REGIONS_START_TIMEOUT = 10 * SECOND;

/** The listeners and cells of the process, from start to stop. */
export class Gateway {
  readonly #stopping = new AbortController();
  #starts: readonly Promise<void>[] = [];
  #isStarted = false;
  readonly #refusals = new Map<Region, ConfigError>();
  readonly #allRefused = Promise.withResolvers<ConfigError>();

  private constructor(
    private readonly parts: {
      readonly logger: Logger;
      readonly localAuthority: CertificateIssuer | null;
      readonly databases: Databases;
      readonly hosts: HostTable;
      readonly dispatcher: RequestDispatcher;
      readonly tls: TlsListener;
      readonly plain: Server;
      readonly ops: Server;
    },
  ) {}

  /**
   * Opens the listeners before the regions start. Each region serves as soon as its database answers. Rejects when a
   * listener, the local authority or the embedded database fails, but not when a region does.
   */
  static async start(config: Config, logger: Logger): Promise<Gateway> {
    const databases = await openDatabases(config, 'gateway');
    try {
      return await Gateway.#listen(config, { logger, databases });
    } catch (error) {
      await databases.close();
      throw error;
    }
  }

  static async #listen(
    config: Config,
    { logger, databases }: { logger: Logger; databases: Databases },
  ): Promise<Gateway> {
    const metrics = new Registry();
    collectDefaultMetrics({ register: metrics });
    const hosts = new HostTable(config);
    const cells = (): readonly Cell[] => hosts.cells;
    const clock = new SystemClock();
    const localAuthority =
      config.cas.length === 0 ? await LocalAuthority.open(join(config.dataDir, 'ca'), clock) : null;
    const limiter = new LookupLimiter();
    const customDomains = new CustomDomainLookup(cells, limiter);
    const contexts = new SniContexts({
      ownContexts: localAuthority && ownContexts(localAuthority, { clock, hosts, logger }),
      hosts,
      customDomains,
      limiter,
    });
    const destinations = new DestinationLookup(hosts, customDomains);
    const wellKnown = new WellKnown(cells, limiter);
    const journal = new RequestJournal(logger, metrics);
    const dispatcher = new RequestDispatcher(config, { hosts, destinations, wellKnown }, journal);
    const tls = new TlsListener(contexts);
    tls.server.on('request', dispatcher.handleSecure as () => void);
    tls.server.on('checkExpectation', dispatcher.handleExpectation as () => void);
    tls.server.on('clientError', dispatcher.handleClientError as () => void);
    const plain = createPlainListener(dispatcher);
    const served = config.served.map(({ region }) => region);
    const ops = createOpsListener({
      served,
      isStarted: () => gateway.#isStarted,
      cells,
      metrics,
      isOwn: (hostname) => hosts.isOwn(hostname),
      isRefused: (region) => gateway.#refusals.has(region),
    });
    const gateway: Gateway = new Gateway({
      logger,
      localAuthority,
      databases,
      hosts,
      dispatcher,
      tls,
      plain,
      ops,
    });
    await gateway.#open(config);
    return gateway;
  }

  async #open(config: Config): Promise<void> {
    const { logger, ops, plain, tls } = this.parts;
    try {
      const https = await tls.listen(config.https.bind, config.https.port);
      const http = await listen(plain, config.http);
      logger.info({ https, http, ops: await listen(ops, config.ops) }, 'listening');
      await this.#startRegions(config);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Resolves when every region was refused for its configuration: the process has nothing to serve. */
  get allRefused(): Promise<ConfigError> {
    return this.#allRefused.promise;
  }

  /** Resolves after the first attempt of each region, or at the timeout. Regions that failed keep retrying. */
  async #startRegions(config: Config): Promise<void> {
    const firstAttempts: Promise<void>[] = [];
    this.#starts = config.served.map((region) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      firstAttempts.push(promise);
      return this.#startRegion(config, region, resolve);
    });
    const timeout = delay(REGIONS_START_TIMEOUT, undefined, { ref: false });
    await Promise.race([Promise.all(firstAttempts), timeout]);
    if (this.#refusals.size === config.served.length) throw await this.allRefused;
    this.#isStarted = true;
  }

  async #startRegion(config: Config, region: RegionConfig, onTried: () => void): Promise<void> {
    const { databases, hosts, localAuthority, logger } = this.parts;
    const { signal } = this.#stopping;
    const cell = await startRegion(
      buildCellConfig(config, region, databases.urlOf(region.region)),
      {
        logger,
        localAuthority,
        signal,
        onTried,
        onRefused: (error) => this.#refuse(config, region.region, error),
      },
    );
    if (cell === null) return;
    hosts.add(cell);
    logger.info({ region: cell.region, url: cell.tenants.canonical.origin }, 'region is serving');
  }

  #refuse({ served }: Config, region: Region, error: ConfigError): void {
    this.#refusals.set(region, error);
    if (this.#refusals.size < served.length) return;
    const problems = [...this.#refusals.values()].flatMap((refusal) => refusal.problems);
    this.#allRefused.resolve(new ConfigError(problems));
  }

  /** Stops accepting, waits for requests in flight, then closes the cells and the databases. Has no deadline. */
  async stop(): Promise<void> {
    const { databases, dispatcher, hosts, ops, plain, tls } = this.parts;
    this.#stopping.abort();
    dispatcher.drain();
    await Promise.all([tls.drain(), close(plain)]);
    await Promise.all(this.#starts);
    await Promise.all(hosts.cells.map((cell) => cell.close()));
    await databases.close();
    await close(ops);
  }
}

/** Issues the certificates of the own hosts on first use and keeps them in memory. */
function ownContexts(
  authority: CertificateIssuer,
  { clock, hosts, logger }: { clock: Clock; hosts: HostTable; logger: Logger },
): SecureContexts {
  return new SecureContexts(authority, clock, {
    isServable: (hostname) => hosts.isOwn(hostname),
    onRenewalFailed: (hostname, err) =>
      logger.error({ hostname, err }, 'certificate renewal failed, will retry'),
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
