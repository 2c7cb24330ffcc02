import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import { LocalAuthority } from '../certificates/issuers/local-authority.js';
import { renewalWorks } from '../certificates/contexts/renewal-check.js';
import { SecureContexts } from '../certificates/contexts/secure-contexts.js';
import { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';
import { requireDataDir } from '../config/data-dir.js';
import type { RegionConfig } from '../config/region-config.js';
import type { Region } from '../config/region.js';
import { openDatabases, type Databases } from '../database/embedded/open-databases.js';
import { BodyBudget } from '../region/body-budget.js';
import { SystemClock, type Clock } from '../shared/clock.js';
import { SECOND } from '../shared/durations.js';
import { requireHostname } from '../shared/hostname.js';
import type { Logger } from '../shared/logger.js';
import { certificateFromAuthority, certificateFromFiles } from './admin-certificate.js';
import { registerBodyMetrics } from './body-metrics.js';
import { buildCellConfig } from './build-cell-config.js';
import { buildListeners, type Listeners } from './build-listeners.js';
import { publishBuildInfo } from './build-info.js';
import { CustomDomainLookup } from './custom-domain-lookup.js';
import { startDevelopmentDns } from './development-dns.js';
import { collectNodeMetrics } from './event-loop-metrics.js';
import { HostTable } from './host-table.js';
import { listen, type Listening } from './listen.js';
import { LookupLimiter } from './lookup-limiter.js';
import { RegionTls } from './region-tls.js';
import { SniContexts } from './sni-contexts.js';
import { startRegion } from './start-region.js';

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
//      ├─ admin  AdminListener         the operator's API, when it has a port
//      └─ cells  startRegion()         one for each served region, added to HostTable when it serves
//
//   RequestDispatcher, for each request:
//      WellKnown                       ACME challenges and routing probes
//      DestinationLookup               HostTable for own hosts, CustomDomainLookup for custom domains
//      cell.handler                    or a GatewayAnswer if no cell takes the request

/** How long the start waits for the regions. A region that is not up by then continues to start in the background. */
const REGIONS_START_TIMEOUT = 10 * SECOND;

type OwnContexts = SecureContexts | null;

/** The listeners and cells of the process, from start to stop. */
export class Gateway {
  readonly #stopping = new AbortController();
  readonly #hosts: HostTable;
  readonly #regionTls: RegionTls;
  readonly #listeners: Listeners;
  readonly #bodies: BodyBudget;
  readonly #ownContexts = Promise.withResolvers<OwnContexts>();
  readonly #serving = Promise.withResolvers<void>();
  /** Closed in reverse order. */
  readonly #closers: (() => Promise<void>)[] = [];
  #closePlain = (): Promise<void> => Promise.resolve();
  #closeAdmin = (): Promise<void> => Promise.resolve();
  #starts: readonly Promise<void>[] = [];
  #isStarted = false;
  readonly #refusals = new Map<Region, ConfigError>();
  readonly #allRefused = Promise.withResolvers<ConfigError>();

  private constructor(
    private readonly config: Config,
    private readonly logger: Logger,
  ) {
    const metrics = new Registry();
    collectNodeMetrics(metrics);
    publishBuildInfo(metrics);
    this.#bodies = new BodyBudget({ limitsNetworks: config.limits !== null });
    registerBodyMetrics(metrics, this.#bodies);
    const hosts = new HostTable(config);
    const limiter = new LookupLimiter();
    const customDomains = new CustomDomainLookup(() => hosts.cells, limiter);
    let own: OwnContexts | Promise<OwnContexts> = this.#ownContexts.promise;
    void this.#ownContexts.promise.then((contexts) => (own = contexts));
    this.#hosts = hosts;
    this.#regionTls = new RegionTls(hosts);
    this.#listeners = buildListeners(config, {
      logger,
      metrics,
      hosts,
      customDomains,
      limiter,
      contexts: new SniContexts({ ownContexts: () => own, hosts, customDomains, limiter }),
      isStarted: () => this.#isStarted,
      isRefused: (region) => this.#refusals.has(region),
    });
  }

  /**
   * Opens the listeners before anything else. Each region serves as soon as its database answers. Rejects when a
   * listener, the data dir, the local authority or the embedded database fails, but not when a region does.
   */
  static async start(config: Config, logger: Logger): Promise<Gateway> {
    const gateway = new Gateway(config, logger);
    try {
      await gateway.#open();
      return gateway;
    } catch (error) {
      await gateway.stop();
      throw error;
    }
  }

  /** Resolves when the wait for the regions at start is over and at least one of them serves. */
  get serving(): Promise<void> {
    return this.#serving.promise;
  }

  /** Resolves when every region was refused for its configuration: the process has nothing to serve. */
  get allRefused(): Promise<ConfigError> {
    return this.#allRefused.promise;
  }

  async #open(): Promise<void> {
    const { config, logger } = this;
    const { ops, plain, tls } = this.#listeners;
    const opsListening = await listen(ops, config.ops);
    this.#closers.push(() => closeServer(ops, opsListening));
    const https = await tls.listen(config.https);
    const plainListening = await listen(plain, config.http);
    this.#closePlain = () => closeServer(plain, plainListening);
    const ports = { https, http: plainListening.port, ops: opsListening.port };
    logger.info(ports, 'listening');
    // Takes a moment of the processor: the start does not wait for it.
    void this.serving.then(() => this.#renewTickets());

    const { journal } = this.#listeners;
    const dns = await startDevelopmentDns(config, (transport, error) =>
      journal.handlerFailed('dns', transport, error),
    );
    if (dns !== null) this.#closers.push(() => dns.close());
    const databases = await openDatabases(config, 'gateway');
    this.#closers.push(() => databases.close());
    const localAuthority = await this.#openAuthority();
    await this.#openAdmin(localAuthority);
    await this.#startRegions({
      config: dns === null ? config : { ...config, dnsServers: [dns.address] },
      databases,
      localAuthority,
    });
  }

  /** Clients that use each ticket once resume every second time without it. */
  async #renewTickets(): Promise<void> {
    try {
      if (await renewalWorks()) this.#regionTls.renewTickets();
      else this.logger.info('this Node cannot renew session tickets');
    } catch (err) {
      this.logger.info({ err }, 'this Node cannot renew session tickets');
    }
  }

  async #openAuthority(): Promise<CertificateIssuer | null> {
    const { config, logger } = this;
    if (config.cas.length > 0) {
      this.#ownContexts.resolve(null);
      return null;
    }
    requireDataDir(config.dataDir);
    const clock = new SystemClock();
    const authority = await LocalAuthority.open(join(config.dataDir, 'ca'), clock);
    this.#ownContexts.resolve(
      ownContexts(authority, { clock, hosts: this.#hosts, tls: this.#regionTls, logger }),
    );
    return authority;
  }

  async #openAdmin(localAuthority: CertificateIssuer | null): Promise<void> {
    const { admin } = this.#listeners;
    const { admin: listener, adminTls, baseDomain } = this.config;
    if (admin === null || listener === null) return;
    const host = requireHostname(`admin.${baseDomain}`);
    const local = localAuthority && certificateFromAuthority(localAuthority, host);
    const source = adminTls === null ? local : certificateFromFiles(adminTls);
    if (source === null) throw new Error('the configuration has no certificate for the admin API');
    await admin.useCertificate(source, (err) =>
      this.logger.error({ err }, 'admin certificate not loaded, the one before stays in use'),
    );
    const listening = await listen(admin.server, listener);
    this.#closeAdmin = () => {
      admin.close();
      return closeServer(admin.server, listening);
    };
    this.logger.info({ admin: listening.port }, 'admin API listening');
  }

  /** Resolves after the first attempt of each region, or at the timeout. Regions that failed keep retrying. */
  async #startRegions(parts: RegionParts): Promise<void> {
    const firstAttempts: Promise<void>[] = [];
    this.#starts = parts.config.served.map((region) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      firstAttempts.push(promise);
      return this.#startRegion(parts, region, resolve);
    });
    const timeout = delay(REGIONS_START_TIMEOUT, undefined, { ref: false });
    await Promise.race([Promise.all(firstAttempts), timeout]);
    if (this.#refusals.size === this.config.served.length) throw await this.allRefused;
    this.#isStarted = true;
    if (this.#hosts.cells.length > 0) this.#serving.resolve();
    else this.logger.warn('no region serves yet');
  }

  async #startRegion(parts: RegionParts, region: RegionConfig, onTried: () => void): Promise<void> {
    const { config, databases, localAuthority } = parts;
    const { logger } = this;
    const { signal } = this.#stopping;
    const cellConfig = buildCellConfig(config, region, databases.urlOf(region.region));
    const onRefused = (error: ConfigError): void => this.#refuse(config, region.region, error);
    const handed = {
      logger,
      localAuthority,
      hostServers: this.#regionTls.of(region.region),
      bodies: this.#bodies,
      signal,
      onTried,
      onRefused,
    };
    const cell = await startRegion(cellConfig, handed);
    if (cell === null) return;
    this.#hosts.add(cell);
    logger.info({ region: cell.region, url: cell.tenants.canonical.origin }, 'region is serving');
    if (this.#isStarted) this.#serving.resolve();
  }

  #refuse({ served }: Config, region: Region, error: ConfigError): void {
    this.#refusals.set(region, error);
    if (this.#refusals.size < served.length) return;
    const problems = [...this.#refusals.values()].flatMap((refusal) => refusal.problems);
    this.#allRefused.resolve(new ConfigError(problems));
  }

  /** Stops accepting, waits for requests in flight, then closes the cells and the databases. Has no deadline. */
  async stop(): Promise<void> {
    const { dispatcher, tls } = this.#listeners;
    this.#stopping.abort();
    dispatcher.drain();
    for (const cell of this.#hosts.cells) cell.drain();
    await Promise.all([tls.drain(), this.#closePlain(), this.#closeAdmin()]);
    await Promise.all(this.#starts);
    await Promise.all(this.#hosts.cells.map((cell) => cell.close()));
    for (const close of this.#closers.toReversed()) await close();
  }
}

interface RegionParts {
  readonly config: Config;
  readonly databases: Databases;
  readonly localAuthority: CertificateIssuer | null;
}

interface OwnContextsParts {
  readonly clock: Clock;
  readonly hosts: HostTable;
  readonly tls: RegionTls;
  readonly logger: Logger;
}

/** Issues the certificates of the own hosts on first use and keeps them in memory. */
function ownContexts(
  authority: CertificateIssuer,
  { clock, hosts, tls, logger }: OwnContextsParts,
): SecureContexts {
  return new SecureContexts(authority, clock, {
    isServable: (hostname) => hosts.isOwn(hostname),
    serversOf: (hostname) => tls.ofOwn(hostname),
    onRenewalFailed: (hostname, err) =>
      logger.error({ hostname, err }, 'certificate renewal failed, will retry'),
  });
}

async function closeServer(server: Server, listening: Listening): Promise<void> {
  const closed = listening.close();
  server.closeIdleConnections();
  await closed;
}
