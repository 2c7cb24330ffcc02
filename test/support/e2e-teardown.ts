import { rmSync } from 'node:fs';

/** Removes the data dir of e2e-setup.ts. */
export default function teardown(): void {
  const dataDir = process.env['TEST_NEW_DATA_DIR'];
  if (dataDir !== undefined) rmSync(dataDir, { recursive: true, force: true });
}
