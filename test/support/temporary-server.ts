import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from '../../src/database/embedded/embedded-postgres.js';

/** A server of one test's own, which the test may stop, kill and start again. */
export interface TemporaryServer {
  readonly dataDir: string;
  start(): Promise<EmbeddedPostgres>;
  /** Removes the data; the test has stopped the server. */
  remove(): void;
}

/** Nothing is started yet. Without fsync: what a killed process wrote is still there, what a machine loses is not the question. */
export function temporaryServer(options: Partial<EmbeddedPostgresOptions> = {}): TemporaryServer {
  const dataDir = options.dataDir ?? temporaryFolder();
  return {
    dataDir,
    start: () =>
      startEmbeddedPostgres({ regions: ['eu'], settings: { fsync: 'off' }, ...options, dataDir }),
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

/** A fresh folder that only its owner may enter. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'onetime-test-'));
}
