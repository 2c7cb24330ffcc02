import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { ApiModule } from '../api/api.module.js';
import { ErrorFilter } from '../api/error.filter.js';
import { AuthModule } from '../auth/auth.module.js';
import { BasicGuard } from '../auth/basic.guard.js';
import { CellConfig } from '../config/cell-config.js';
import { DatabaseModule } from '../database/database.module.js';
import { pageErrorAnswer } from '../pages/page-error.js';
import { PagesModule } from '../pages/pages.module.js';
import { SecretsModule } from '../secrets/secrets.module.js';
import { Clock, SystemClock } from '../shared/clock.js';

// What this room knows: how the rooms of one region are put together and answer requests as one application.
// What it must not know: sockets, other regions, and anything of the process beyond what it is handed.

export interface CellParts {
  readonly config: CellConfig;
  /** Connected, its migrations applied. */
  readonly dataSource: DataSource;
  readonly metrics: Registry;
}

@Module({})
export class RegionModule {
  static of(parts: CellParts): DynamicModule {
    return {
      module: RegionModule,
      imports: [
        CellModule.of(parts),
        DatabaseModule.of(parts.dataSource),
        AuthModule,
        SecretsModule,
        ApiModule,
        PagesModule,
      ],
      providers: [
        // In this order, before every route. Rate limits, once there are any, come after the guard that says who asks;
        // the one that is charged per network, before any hashing, comes in front of it.
        { provide: APP_GUARD, useExisting: BasicGuard },
        { provide: APP_FILTER, useFactory: () => new ErrorFilter(pageErrorAnswer) },
      ],
    };
  }
}

/** What every room of the cell may ask for. */
@Global()
@Module({})
class CellModule {
  static of({ config, metrics }: CellParts): DynamicModule {
    return {
      module: CellModule,
      providers: [
        { provide: CellConfig, useValue: config },
        { provide: Registry, useValue: metrics },
        { provide: Clock, useClass: SystemClock },
      ],
      exports: [CellConfig, Registry, Clock],
    };
  }
}
