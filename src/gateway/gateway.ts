import type { Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import { LocalAuthority } from '../certificates/issuers/local-authority.js';
import { SecureContexts } from '../certificates/contexts/secure-contexts.js';
import type { Config, Listener } from '../config/config.js';
import type { RegionConfig } from '../config/region-config.js';
import { openDatabases, type Databases } from '../database/embedded/open-databases.js';
import type { Cell } from '../region/cell.js';
import { RequestJournal } from '../region/request-journal.js';
import { SystemClock, type Clock } from '../shared/clock.js';
import { SECOND } from '../shared/durations.js';
import type { Logger } from '../shared/logger.js';
import { buildCellConfig } from './build-cell-config.js';
import { CustomDomainLookup } from './custom-domain-lookup.js';
import { DestinationLookup } from './destination-lookup.js';
import { RequestDispatcher } from './request-dispatcher.js';
import { HostTable } from './host-table.js';
import { LookupLimiter } from './lookup-limiter.js';
import { createOpsListener } from './ops-listener.js';
import { createPlainListener } from './plain-listener.js';
import { startRegion } from './start-region.js';
import { TlsListener } from './tls-listener.js';
import { SniContexts } from './sni-contexts.js';
import { WellKnown } from './well-known.js';

/** A region that takes longer to come up, or cannot, holds up nobody. */
const START_PATIENCE = 10 * SECOND;

/** The process: its listeners, its cells, and how they end. */
export class Gateway {
  readonly #stopping = new AbortController();
  #starts: readonly Promise<void>[] = [];
  #isStarted = false;

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

  /** Listens at once; a region serves as soon as its database answers. Rejects when anything of the process itself fails. */
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
    const names = new SniContexts({
      ownContexts: localAuthority && ownContexts(localAuthority, { clock, hosts, logger }),
      hosts,
      customDomains,
      limiter,
    });
    const destinations = new DestinationLookup(hosts, customDomains);
    const wellKnown = new WellKnown(cells, limiter);
    const journal = new RequestJournal(logger, metrics);
    const dispatcher = new RequestDispatcher(config, { hosts, destinations, wellKnown }, journal);
    const tls = new TlsListener(names);
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

  /** Resolves once each region was tried or had its time; those whose database is away go on trying. */
  async #startRegions(config: Config): Promise<void> {
    const tries: Promise<void>[] = [];
    this.#starts = config.served.map((region) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      tries.push(promise);
      return this.#startRegion(config, region, resolve);
    });
    const patience = delay(START_PATIENCE, undefined, { ref: false });
    await Promise.race([Promise.all(tries), patience]);
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
      },
    );
    if (cell === null) return;
    hosts.add(cell);
    logger.info({ region: cell.region, url: cell.tenants.canonical.origin }, 'the region serves');
  }

  /** Stops accepting, lets what is in flight finish, then closes the cells and the databases. It sets no deadline. */
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

/** The local authority makes them when they are asked for, and keeps them in memory. */
function ownContexts(
  authority: CertificateIssuer,
  { clock, hosts, logger }: { clock: Clock; hosts: HostTable; logger: Logger },
): SecureContexts {
  return new SecureContexts(authority, clock, {
    isServable: (hostname) => hosts.isOwn(hostname),
    onRenewalFailed: (hostname, err) =>
      logger.error({ hostname, err }, 'a certificate could not be renewed'),
  });
}

function listen(server: Server, { bind, port }: Listener): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: bind, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
