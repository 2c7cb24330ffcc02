import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CellConfig } from '../config/cell-config.js';
import { ClaimConnections } from './claim-connections.js';
import { ClockWatch } from './clock-watch.js';
import { DatabaseClock } from './database-clock.js';
import { DatabaseHealth } from './database-health.js';
import { PartitionRefresh } from './partition-refresh.js';
import { Statements } from './statements.js';

// What this room knows: connections, prepared statements, migrations, locks, change notifications, background loops,
// whether the database can be reached, the embedded server.
// What it must not know: what is stored. The other rooms bring their entities and their SQL.

/** Provides a cell's database to the whole cell: DataSource, Statements, DatabaseHealth. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * `dataSource` is connected and migrated; the module closes it with the application. TypeOrmModule.forFeature() takes
   * it as the default data source. TypeOrmModule.forRoot() is not used: it keeps one list of data sources per process,
   * and a process has several cells.
   */
  static of(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: DataSource, useValue: dataSource },
        {
          provide: ClaimConnections,
          inject: [DataSource, { token: CellConfig, optional: true }],
          useFactory: (source: DataSource, config?: Partial<CellConfig>) =>
            new ClaimConnections(source, config?.syncClaims ?? null),
        },
        Statements,
        PartitionRefresh,
        DatabaseHealth,
        ClockWatch,
        DatabaseClock,
      ],
      exports: [
        ClaimConnections,
        DataSource,
        Statements,
        DatabaseHealth,
        ClockWatch,
        DatabaseClock,
      ],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
