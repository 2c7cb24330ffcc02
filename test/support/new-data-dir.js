import { connectDatabase } from '../../dist/src/database/connect.js';
import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';
import { migrateDatabase } from '../../dist/src/database/migrate.js';

// A program of e2e-setup.ts: makes the databases of both regions in a data dir, as a gateway does, and no keys or rows.
const REGIONS = ['us', 'eu'];
const server = await startEmbeddedPostgres({ dataDir: process.argv[2], regions: REGIONS });
try {
  for (const region of REGIONS) {
    const database = await connectDatabase(server.urlOf(region));
    await migrateDatabase(database);
    await database.destroy();
  }
} finally {
  await server.stop();
}
