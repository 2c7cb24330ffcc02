import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the compiled program: a new build removes it. */
const BESIDE_PROGRAM = fileURLToPath(new URL('../../.compile-cache', import.meta.url));

/**
 * From here on, modules are compiled from what V8 kept of an earlier start of the same user. Written when the process
 * exits. Where this user may not write beside the program, the folder is in the data dir, if there is one: it is not made
 * here, before the configuration has been read. Never in the folder for temporary files, where others may write.
 */
export function useCompileCache(environment: NodeJS.ProcessEnv): void {
  if (enableCompileCache(BESIDE_PROGRAM).directory !== undefined) return;
  const dataDir = resolve(environment['GATEWAY_DATA_DIR'] || '.data');
  if (existsSync(dataDir)) enableCompileCache(join(dataDir, 'compile-cache'));
}
