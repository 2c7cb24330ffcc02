import type { RequestListener } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { createAdminHandler } from '../admin/admin-handler.js';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import type { HostServers } from '../certificates/contexts/host-server.js';
import type { CellConfig } from '../config/cell-config.js';
import type { Region } from '../config/region.js';
import type { DatabaseState } from '../database/database-health.js';
import type { Hostname } from '../shared/hostname.js';
import { ProgressStreams } from '../setup/progress-streams.js';
import { withLogger } from '../shared/log-scope.js';
import type { Logger } from '../shared/logger.js';
import { regionTenants, type RegionTenants } from '../tenancy/region-tenants.js';
import type { BodyBudget } from './body-budget.js';
import { CellHandles } from './cell-handles.js';
import type { CellNames } from './cell-names.js';
import { createHttpAdapter } from './http-adapter.js';
import { NestLogger } from './nest-logger.js';
import { RegionModule } from './region.module.js';
import { requestIdOf } from './request-id.js';
import { RequestJournal } from './request-journal.js';
import { nameSpans, withRequestSpans } from './request-spans.js';
import { COMMON_HEADERS, HSTS_HEADER } from './response-headers.js';
import { verifyRootKeys } from './root-key-check.js';
import { withStatusShortcut } from './status-route.js';

/** A running region, as the gateway sees it. It shares no state with the cell of another region. */
export interface Cell {
  readonly region: Region;
  readonly tenants: RegionTenants;
  readonly handler: RequestListener;
  /** The operator's API, for the admin listener alone. */
  readonly adminHandler: RequestListener;
  readonly metrics: Registry;
  /** Looks up custom domains, certificates and challenges by name. */
  readonly names: CellNames;
  /** See ProxyCertificatePolicy. */
  wouldServe(hostname: Hostname): Promise<boolean>;
  /** What the last probe of the cell's database found. */
  databaseState(): DatabaseState;
  /** Of the region's own hosts, those that have no certificate to serve; empty with the local authority. */
  hostsWithoutCertificate(): Promise<Hostname[]>;
  /** Ends the answers that would go on for minutes. The others end by themselves. */
  drain(): void;
  close(): Promise<void>;
}

export interface CellStart {
  readonly logger: Logger;
  /** Issues all certificates when no CA is configured; null when one is. */
  readonly localAuthority: CertificateIssuer | null;
  /** Makes the TLS of the region's hosts. They share session tickets. */
  readonly hostServers: HostServers;
  /** The memory for request bodies. One for the process, which its cells share. */
  readonly bodies: BodyBudget;
}

/**
 * Starts the Nest application of a region. Rejects, with everything stopped again, when it cannot start.
 * @param dataSource connected and migrated; the cell closes it
 * @throws ConfigError when its root keys are not those of the database
 */
export async function startCell(
  config: CellConfig,
  dataSource: DataSource,
  { logger, localAuthority, hostServers, bodies }: CellStart,
): Promise<Cell> {
  await verifyRootKeys(config, dataSource);
  const metrics = new Registry();
  metrics.setDefaultLabels({ region: config.region });
  const log = logger.child({ region: config.region });
  const journal = new RequestJournal(log, metrics);
  const { adapter, fastify, handler } = createHttpAdapter(journal);
  nameSpans(fastify);
  const app = await withLogger(log, async () => {
    const created = await NestFactory.create<NestFastifyApplication>(
      RegionModule.of({ config, dataSource, metrics, localAuthority, hostServers, bodies }),
      adapter,
      { bodyParser: false, logger: new NestLogger(logger), abortOnError: false },
    );
    return initialised(created, fastify);
  });
  const { names, proxyCertificates, health, certificates, admin } = app.get(CellHandles);
  const progress = app.get(ProgressStreams);
  const inScope =
    (handle: RequestListener): RequestListener =>
    (request, response) =>
      withLogger(log, () => handle(request, response));
  const adminHandler = await createAdminHandler(admin, {
    requestIdOf: (request) => requestIdOf(request.headers),
    headers: { ...COMMON_HEADERS, ...HSTS_HEADER },
    record: (record) => journal.record(record),
  });
  return {
    region: config.region,
    tenants: regionTenants(config),
    handler: withRequestSpans(withStatusShortcut(inScope(handler), journal), config.region),
    adminHandler: inScope(adminHandler),
    metrics,
    names,
    wouldServe: (hostname) => proxyCertificates.permits(hostname),
    hostsWithoutCertificate: () => certificates.missingOf(config.ownHosts),
    databaseState: () => health.state,
    drain: () => progress.drain(),
    close: () => withLogger(log, () => app.close()),
  };
}

async function initialised(
  app: NestFastifyApplication,
  fastify: FastifyInstance,
): Promise<NestFastifyApplication> {
  try {
    await app.init();
    await fastify.ready();
    return app;
  } catch (error) {
    // The gateway retries: what has started must not run beside the next attempt.
    await app.close();
    throw error;
  }
}
