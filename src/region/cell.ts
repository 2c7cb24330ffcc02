import type { RequestListener } from 'node:http';
import type { Abstract } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { CertificateIssuer } from '../certificates/certificate-issuer.js';
import { Issuers } from '../certificates/issuers/issuer.js';
import { WantedNamesStore } from '../certificates/stores/wanted-names.store.js';
import type { CellConfig } from '../config/cell-config.js';
import type { Region } from '../config/region.js';
import { DatabaseHealth } from '../database/database-health.js';
import { Statements } from '../database/statements.js';
import { DomainDirectory } from '../domains/serving/domain-directory.js';
import type { Hostname } from '../shared/hostname.js';
import type { Logger } from '../shared/logger.js';
import { regionTenants, type RegionTenants } from '../tenancy/region-tenants.js';
import { CaIdentityWatch, KnownCaIdentities } from './ca-identities.js';
import { CellNames } from './cell-names.js';
import { registerDomainMetrics } from './domain-metrics.js';
import { createHttpAdapter } from './http-adapter.js';
import { NestLogger } from './nest-logger.js';
import { RegionModule } from './region.module.js';
import { RequestJournal } from './request-journal.js';
import { withStatusShortcut } from './status-route.js';
import { WouldServe } from './would-serve.js';

/** One region, running: everything of it is reached through here, and it reaches nothing of another. */
export interface Cell {
  readonly region: Region;
  readonly tenants: RegionTenants;
  readonly handler: RequestListener;
  readonly metrics: Registry;
  /** Custom domains, certificates and challenges, by name. */
  readonly names: CellNames;
  /** Whether a proxy that gets certificates itself may get one for the name. */
  wouldServe(hostname: Hostname): Promise<boolean>;
  /** Whether its database answers now. */
  isReachable(): boolean;
  close(): Promise<void>;
}

export interface CellStart {
  readonly logger: Logger;
  /** Issues where there is no CA; null when there is one. */
  readonly localAuthority: CertificateIssuer | null;
}

/** Starts a region's Nest application on a database that is connected and migrated. */
export async function startCell(
  config: CellConfig,
  dataSource: DataSource,
  { logger, localAuthority }: CellStart,
): Promise<Cell> {
  const metrics = new Registry();
  metrics.setDefaultLabels({ region: config.region });
  const log = logger.child({ region: config.region });
  const journal = new RequestJournal(log, metrics);
  const { adapter, fastify, handler } = createHttpAdapter(journal);
  const app = await NestFactory.create<NestFastifyApplication>(
    RegionModule.of({ config, dataSource, metrics, localAuthority }),
    adapter,
    { bodyParser: false, logger: new NestLogger(log), abortOnError: false },
  );
  try {
    await app.init();
    await fastify.ready();
  } catch (error) {
    // What did start must not go on behind the next try.
    await app.close();
    throw error;
  }
  const health = app.get(DatabaseHealth);
  const wouldServe = new WouldServe(find(app, DomainDirectory), find(app, WantedNamesStore));
  const issuers = find(app, Issuers);
  registerDomainMetrics(metrics, { statements: app.get(Statements), issuers });
  const identities = new CaIdentityWatch(issuers, app.get(KnownCaIdentities));
  identities.start();
  return {
    region: config.region,
    tenants: regionTenants(config),
    handler: withStatusShortcut(handler, journal),
    metrics,
    names: app.get(CellNames),
    wouldServe: (hostname) => wouldServe.ask(hostname),
    isReachable: () => health.isReachable,
    close: () => {
      identities.stop();
      return app.close();
    },
  };
}

/** From whichever room has it. */
function find<T>(app: NestFastifyApplication, type: Abstract<T>): T {
  return app.get<T>(type, { strict: false });
}
