import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../src/database/embedded/embedded-postgres.js';

/** A PostgreSQL server of one test, which may stop, kill and restart it. */
interface TemporaryServer {
  readonly dataDir: string;
  start(): Promise<EmbeddedPostgres>;
  /** Removes the data. The server must be stopped. */
  remove(): void;
}

/** Does not start the server. fsync is off: the tests kill processes, which loses no written data, but never the machine. */
export function temporaryServer(options: Partial<EmbeddedPostgresOptions> = {}): TemporaryServer {
  const dataDir = options.dataDir ?? temporaryFolder();
  return {
    dataDir,
    start: () =>
      startEmbeddedPostgres({ regions: ['eu'], settings: { fsync: 'off' }, ...options, dataDir }),
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

/** A new folder that only its owner may enter. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'onetime-test-'));
}
