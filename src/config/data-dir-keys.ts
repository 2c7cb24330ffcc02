import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from './config.js';
import { createPrivateFile, readIfPresent } from '../shared/atomic-file.js';
import type { Region } from './region.js';
import { parseRootKeys, type RootKeys } from './root-key.js';

const KEY_BYTES = 32;

/** A served region's root keys: from the configuration, else from the data dir, where the first call generates one. */
export function resolveRootKeys(
  config: Pick<Config, 'dataDir' | 'served'>,
  region: Region,
): RootKeys {
  const served = config.served.find((candidate) => candidate.region === region);
  return served?.rootKeys ?? generatedRootKeys(config.dataDir, region);
}

function generatedRootKeys(dataDir: string, region: Region): RootKeys {
  const folder = join(dataDir, 'keys');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `root-${region}.key`);
  if (readIfPresent(path) === null) {
    createPrivateFile(path, `1:${randomBytes(KEY_BYTES).toString('base64')}\n`);
  }
  // Read back: of two processes that generate a key at the same time, both use the one that was written.
  try {
    return parseRootKeys((readIfPresent(path) ?? '').trim());
  } catch (error) {
    throw new Error(`${path} holds no root key`, { cause: error });
  }
}
