import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { DatabaseHealth } from './database-health.js';
import { Statements } from './statements.js';

// What this room knows: connections, prepared statements, migrations, locks, whether the database answers, the embedded server.
// What it must not know: what is stored. Rooms bring their entities and their SQL themselves.

/** A cell's one database, for the whole cell: DataSource, Statements, DatabaseHealth. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * `dataSource` comes connected and migrated, and is closed with the application. It is provided as it is: the default
   * data source of TypeOrmModule.forFeature(). TypeOrmModule.forRoot() keeps one list of names for the whole process,
   * and a process has several cells.
   */
  static of(dataSource: DataSource): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: DataSource, useValue: dataSource }, Statements, DatabaseHealth],
      exports: [DataSource, Statements, DatabaseHealth],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
