import type { Server } from 'node:net';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import { LocalAuthority } from '../certificates/issuers/local-authority.js';
import type { SecureContexts } from '../certificates/contexts/secure-contexts.js';
import { requireTlsAsPromised } from '../certificates/contexts/tls-self-test.js';
import type { ConfigError } from '../config/config-error.js';
import type { Config } from '../config/config.js';
import { requireDataDir } from '../config/data-dir.js';
import { BodyBudget } from '../region/body-budget.js';
import { bodyLimitsOf } from '../region/body-limits.js';
import { SystemClock } from '../shared/clock.js';
import { requireHostname } from '../shared/hostname.js';
import type { Logger } from '../shared/logger.js';
import { certificateFromAuthority, certificateFromFiles } from './admin-certificate.js';
import { registerBodyMetrics } from './body-metrics.js';
import { buildListeners, type Listeners } from './build-listeners.js';
import type { OpenedOnce } from './begin-run.js';
import { publishBuildInfo } from './build-info.js';
import { CustomDomainLookup } from './custom-domain-lookup.js';
import { startDevelopmentDns, withDns } from './development-dns.js';
import { collectNodeMetrics } from './event-loop-metrics.js';
import { HostTable } from './host-table.js';
import {
  InheritedSockets,
  type ListeningSocket,
  type SharedListener,
} from './inherited-sockets.js';
import { listenHttp, type Listening, type ListenOptions } from './listen.js';
import { LookupLimiter } from './lookup-limiter.js';
import type { OpsAnswers } from './ops-answers.js';
import { ownContexts } from './own-contexts.js';
import { RegionStarts } from './region-starts.js';
import { RegionTls } from './region-tls.js';
import { SniContexts } from './sni-contexts.js';
import { startTracing } from './start-tracing.js';

// This room knows sockets, TLS, SNI and Host, which cell a request belongs to, and how the process starts and stops.
// It must not know accounts, secrets or what a request does, except which paths are the API's and which requests may
// move to another region (host-table.ts).
//
//   runGateway(), runWorker()          signals, exit code; workers/supervisor.ts has the drawing of several processes
//   └─ Gateway                         this file: opens the listeners, starts and stops the cells
//      ├─ HTTPS  TlsListener           reads the ClientHello; SniContexts finds the HostServer
//      │         └─ RequestDispatcher.handleSecure
//      ├─ HTTP   createPlainListener
//      │         └─ RequestDispatcher.handlePlain     308 or 403, unless a trusted proxy received it over HTTPS
//      ├─ ops    createOpsListener     /livez, /readyz, /metrics
//      ├─ admin  AdminListener         the operator's API, when it has a port
//      ├─ DNS    nameserver/           the zones of delegated challenges, when a region has name servers
//      └─ cells  startRegion()         one for each served region, added to HostTable when it serves
//
//   RequestDispatcher, for each request:
//      WellKnown                       ACME challenges and routing probes
//      DestinationLookup               HostTable for own hosts, CustomDomainLookup for custom domains
//      cell.handler                    or a GatewayAnswer if no cell takes the request

type OwnContexts = SecureContexts | null;

/** What a supervisor has opened for its workers. */
export interface Surroundings {
  /** By region: the database of each served one. */
  readonly databaseUrls: Readonly<Record<string, string>>;
  /** `host:port` of the development name server; null: there is none. */
  readonly developmentDns: string | null;
  /** Whether the worker takes the place of one that hands its sockets over. */
  readonly inherits: boolean;
}

interface StopOptions {
  /** How long connections without a request may still send one, where other processes take the new connections. */
  readonly graceMs?: number;
  /** Called when the last request is answered, while the cells still run. */
  readonly beforeClose?: () => Promise<void>;
}

type Close = (graceMs: number) => Promise<void>;

interface WorkerStart {
  readonly surroundings: Surroundings;
  /** Resolves when the worker is to stop. A wait ends then, without listening. */
  readonly stopRequested: Promise<void>;
  /**
   * While another worker serves, this one waits for all of its regions before it listens. Resolves when none serves any
   * more; null: none does.
   */
  readonly othersServe: () => Promise<void> | null;
  /** Called when the worker is ready to listen: what another one hands over to it. */
  readonly inherit: () => Promise<InheritedSockets>;
}

/** The listeners and cells of the process, from start to stop. */
export class Gateway {
  readonly #hosts: HostTable;
  readonly #regionTls: RegionTls;
  readonly #listeners: Listeners;
  readonly #regions: RegionStarts;
  readonly #ownContexts = Promise.withResolvers<OwnContexts>();
  /** Closed in reverse order. */
  readonly #closers: (() => Promise<void>)[] = [];
  readonly #sockets: ListeningSocket[] = [];
  #inherited = new InheritedSockets();
  /** Of the listeners beside that for HTTPS. */
  readonly #drainers: Close[] = [];

  private constructor(
    private readonly config: Config,
    private readonly logger: Logger,
    private readonly isWorker: boolean,
  ) {
    const metrics = new Registry();
    collectNodeMetrics(metrics);
    publishBuildInfo(metrics);
    const bodies = new BodyBudget({
      limits: bodyLimitsOf(config.workers),
      limitsNetworks: config.limits !== null,
    });
    registerBodyMetrics(metrics, bodies);
    const hosts = new HostTable(config);
    const limiter = new LookupLimiter();
    const customDomains = new CustomDomainLookup(() => hosts.cells, limiter);
    const lookups = { hosts, customDomains, limiter };
    let own: OwnContexts | Promise<OwnContexts> = this.#ownContexts.promise;
    void this.#ownContexts.promise.then((contexts) => (own = contexts));
    const tls = new RegionTls(hosts);
    const regions = new RegionStarts({ logger, hosts, bodies, tls });
    this.#hosts = hosts;
    this.#regionTls = tls;
    this.#regions = regions;
    this.#listeners = buildListeners(config, {
      ...lookups,
      logger,
      metrics,
      bodies,
      contexts: new SniContexts({ ownContexts: () => own, ...lookups }),
      isStarted: () => regions.isOver,
      startOf: (region) => regions.stateOf(region),
    });
  }

  /**
   * Opens the listeners before it waits for anything. Each region serves as soon as its database answers. Rejects when a
   * listener, the data dir, the local authority or the embedded database fails, but not when a region does. The databases
   * are the caller's to close.
   */
  static start(
    config: Config,
    logger: Logger,
    databases: Pick<OpenedOnce, 'open'>,
  ): Promise<Gateway> {
    return new Gateway(config, logger, false).#started((gateway) => gateway.#openAlone(databases));
  }

  /**
   * Starts one of several processes on the same ports. What belongs to one process alone is the supervisor's: the ops
   * listener, the embedded database and the development name server. While another one serves, it listens when it can serve.
   */
  static startWorker(config: Config, logger: Logger, start: WorkerStart): Promise<Gateway> {
    return new Gateway(config, logger, true).#started((gateway) => gateway.#openAsWorker(start));
  }

  /** See RegionStarts. */
  get serving(): Promise<void> {
    return this.#regions.serving;
  }

  get allRefused(): Promise<ConfigError> {
    return this.#regions.allRefused;
  }

  get answers(): OpsAnswers {
    return this.#listeners.answers;
  }

  async #started(open: (gateway: Gateway) => Promise<void>): Promise<this> {
    try {
      await requireTlsAsPromised();
      await open(this);
      return this;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  async #openAlone(databases: Pick<OpenedOnce, 'open'>): Promise<void> {
    const { config, logger } = this;
    const { ops } = this.#listeners;
    this.#closers.push(await startTracing(config.tracing, logger));
    const opsListening = await listenHttp(ops, config.ops);
    this.#closers.push(() => opsListening.close());
    const ports = await this.#listen();
    logger.info({ ...ports, ops: opsListening.port }, 'listening');

    const { journal } = this.#listeners;
    const dns = await startDevelopmentDns(config, (transport, error) =>
      journal.handlerFailed('dns', transport, error),
    );
    if (dns !== null) this.#closers.push(() => dns.close());
    const opened = await databases.open();
    const localAuthority = await this.#openAuthority();
    await this.#openAdmin(localAuthority);
    await this.#regions.start({
      config: withDns(config, dns?.address ?? null),
      urlOf: (region) => opened.urlOf(region),
      localAuthority,
    });
  }

  async #openAsWorker(start: WorkerStart): Promise<void> {
    const { databaseUrls, developmentDns } = start.surroundings;
    this.#closers.push(await startTracing(this.config.tracing, this.logger));
    const localAuthority = await this.#openAuthority();
    await this.#regions.start({
      config: withDns(this.config, developmentDns),
      urlOf: (region) => databaseUrls[region] ?? '',
      localAuthority,
    });
    const othersServe = start.othersServe();
    if (othersServe !== null) {
      const canListen = Promise.race([this.#regions.allServe(), othersServe]).then(() => true);
      const isStopped = start.stopRequested.then(() => false);
      if (!(await Promise.race([canListen, isStopped, this.#refused()]))) return;
    }
    this.#inherited = await start.inherit();
    await this.#openAdmin(localAuthority);
    this.logger.info(await this.#listen(), 'listening');
  }

  async #refused(): Promise<never> {
    throw await this.allRefused;
  }

  /** The sockets of the shared listeners, for a process that takes this one's place. */
  get sockets(): readonly ListeningSocket[] {
    return this.#sockets;
  }

  async #listen(): Promise<{ https: number; http: number; nameserver?: number }> {
    const { config } = this;
    const { plain, tls } = this.#listeners;
    // Takes a moment of the processor: the start does not wait for it.
    void this.serving.then(() => this.#regionTls.tryToRenewTickets(this.logger));
    const https = await this.#share('https', tls.server, (options) =>
      tls.listen(config.https, options),
    );
    const http = await this.#share('http', plain, (options) =>
      listenHttp(plain, config.http, options),
    );
    this.#drainers.push((graceMs) => http.close(graceMs));
    const dns = await this.#listeners.nameserver?.(this.isWorker);
    if (dns === undefined) return { https: https.port, http: http.port };
    this.#drainers.push(() => dns.close());
    return { https: https.port, http: http.port, nameserver: dns.port };
  }

  /** Listens on the sockets that another process has handed over, if it has. */
  async #share<Opened extends Listening>(
    listener: SharedListener,
    server: Server,
    open: (options: ListenOptions) => Promise<Opened>,
  ): Promise<Opened> {
    const inherited = this.#inherited.of(listener);
    const listening = await open({ isShared: this.isWorker, inherited });
    this.#inherited.serveBy(listener, server);
    this.#sockets.push(...listening.servers.map((each) => ({ listener, server: each })));
    return listening;
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
    const listening = await this.#share('admin', admin.server, (options) =>
      listenHttp(admin.server, listener, options),
    );
    this.#drainers.push((graceMs) => {
      admin.close();
      return listening.close(graceMs);
    });
    this.logger.info({ admin: listening.port }, 'admin API listening');
  }

  /** Stops accepting, waits for requests in flight, then closes the cells. Has no deadline. */
  async stop({ graceMs = 0, beforeClose }: StopOptions = {}): Promise<void> {
    const { dispatcher, tls } = this.#listeners;
    const startsEnd = this.#regions.stop();
    dispatcher.drain();
    for (const cell of this.#hosts.cells) cell.drain();
    await Promise.all([tls.drain(graceMs), ...this.#drainers.map((drain) => drain(graceMs))]);
    await startsEnd;
    await beforeClose?.();
    await Promise.all(this.#hosts.cells.map((cell) => cell.close()));
    for (const close of this.#closers.toReversed()) await close();
  }
}
