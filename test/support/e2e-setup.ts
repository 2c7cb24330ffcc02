import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes the data dir that GatewayProcess copies for each gateway: a cluster with the migrated databases of both regions and
 * nothing in them. initdb and the migrations are half of the work of a first start.
 */
export default function setup(): void {
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway-e2e-new-'));
  const words = ['test/support/new-data-dir.js', dataDir];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no data dir for the gateways (npm run build?): ${stderr}`);
  // The tests kill processes, which loses no written data, but never the machine.
  const settings = join(dataDir, 'postgres', 'cluster', 'postgresql.auto.conf');
  appendFileSync(settings, 'fsync = off\nfull_page_writes = off\n');
  // The workers are processes: they inherit environment variables.
  process.env['TEST_NEW_DATA_DIR'] = dataDir;
}
