import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase } from '../src/database/connect.js';
import { startEmbeddedPostgres } from '../src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../src/database/migrate.js';
import { describeTables } from './table-picture.js';

// Migrates an empty database and writes docs/tables.md from its catalogue.

const directory = mkdtempSync(join(tmpdir(), 'onetime-tables-'));
try {
  const server = await startEmbeddedPostgres({ dataDir: directory, regions: ['tables'] });
  try {
    const dataSource = await connectDatabase(server.urlOf('tables'));
    await migrateDatabase(dataSource);
    writeFileSync('docs/tables.md', await describeTables((sql) => dataSource.query(sql)));
    await dataSource.destroy();
  } finally {
    await server.stop();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
