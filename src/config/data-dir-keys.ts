import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** The same without generating one; null: neither configured nor generated. */
export function existingRootKeys(
  config: Pick<Config, 'dataDir' | 'served'>,
  region: Region,
): RootKeys | null {
  const served = config.served.find((candidate) => candidate.region === region);
  if (served?.rootKeys != null) return served.rootKeys;
  return readIfPresent(keyFile(config.dataDir, region)) === null
    ? null
    : generatedRootKeys(config.dataDir, region);
}

/** Deletes a key that was generated: what it sealed is unreadable from then on. */
export function destroyGeneratedKey({ dataDir }: Pick<Config, 'dataDir'>, region: Region): void {
  rmSync(keyFile(dataDir, region), { force: true });
}

function keyFile(dataDir: string, region: Region): string {
  return join(dataDir, 'keys', `root-${region}.key`);
}

function generatedRootKeys(dataDir: string, region: Region): RootKeys {
  const path = keyFile(dataDir, region);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
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
