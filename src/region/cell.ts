import type { RequestListener } from 'node:http';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { CellConfig } from '../config/cell-config.js';
import type { Region } from '../config/region.js';
import { DatabaseHealth } from '../database/database-health.js';
import type { Logger } from '../shared/logger.js';
import { regionTenants, type RegionTenants } from '../tenancy/region-tenants.js';
import { createHttpAdapter } from './http-adapter.js';
import { NestLogger } from './nest-logger.js';
import { RegionModule } from './region.module.js';
import { RequestJournal } from './request-journal.js';
import { withStatusShortcut } from './status-route.js';

/** One region, running: everything of it is reached through here, and it reaches nothing of another. */
export interface Cell {
  readonly region: Region;
  readonly tenants: RegionTenants;
  readonly handler: RequestListener;
  readonly metrics: Registry;
  /** Whether its database answers now. */
  isReachable(): boolean;
  close(): Promise<void>;
}

/** Starts a region's Nest application on a database that is connected and migrated. */
export async function startCell(
  config: CellConfig,
  dataSource: DataSource,
  logger: Logger,
): Promise<Cell> {
  const metrics = new Registry();
  metrics.setDefaultLabels({ region: config.region });
  const log = logger.child({ region: config.region });
  const journal = new RequestJournal(log, metrics);
  const { adapter, fastify, handler } = createHttpAdapter(journal);
  const app = await NestFactory.create<NestFastifyApplication>(
    RegionModule.of({ config, dataSource, metrics }),
    adapter,
    { bodyParser: false, logger: new NestLogger(log), abortOnError: false },
  );
  await app.init();
  await fastify.ready();
  const health = app.get(DatabaseHealth);
  return {
    region: config.region,
    tenants: regionTenants(config),
    handler: withStatusShortcut(handler, journal),
    metrics,
    isReachable: () => health.isReachable,
    close: () => app.close(),
  };
}
