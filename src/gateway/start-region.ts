import { setTimeout as delay } from 'node:timers/promises';
import type { CellConfig } from '../config/cell-config.js';
import { ConfigError } from '../config/config-error.js';
import { commitsLocally } from '../database/commit-level.js';
import { connectDatabase } from '../database/connect.js';
import { startCell, type Cell, type CellStart } from '../region/cell.js';
import { prepareDatabase } from '../region/prepare-database.js';
import { SECOND } from '../shared/durations.js';

const RETRY_EVERY = 2 * SECOND;

interface RegionStartOptions extends CellStart {
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  /** Called after each attempt, whether it succeeded or not. */
  readonly onTried: () => void;
  /** Called when the region's configuration does not fit its database. It is not tried again. */
  readonly onRefused: (error: ConfigError) => void;
}

/**
 * Starts the cell of a region and retries every two seconds while that fails, for example while its database is
 * unreachable. Other regions are not affected. Resolves to null when the process stops first, and when the region is refused.
 */
export async function startRegion(
  config: CellConfig,
  { signal, onTried, onRefused, ...start }: RegionStartOptions,
): Promise<Cell | null> {
  const { logger } = start;
  while (!signal.aborted) {
    try {
      return await tryToStart(config, start);
    } catch (err) {
      if (err instanceof ConfigError) {
        logger.error({ region: config.region, err }, 'region refused, its configuration is wrong');
        onRefused(err);
        return null;
      }
      logger.error(
        { region: config.region, retryInMs: RETRY_EVERY, err },
        'region start failed, will retry',
      );
    } finally {
      onTried();
    }
    await delay(RETRY_EVERY, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

async function tryToStart(config: CellConfig, start: CellStart): Promise<Cell> {
  const dataSource = await connectDatabase(commitsLocally(config));
  const { logger } = start;
  try {
    const migrations = await prepareDatabase(config, dataSource);
    if (migrations.length > 0)
      logger.info({ region: config.region, migrations }, 'migrations applied');
    return await startCell(config, dataSource, start);
  } catch (error) {
    // A cell that fails to start may have closed it already. A second close would throw and hide the first error.
    if (dataSource.isInitialized) await dataSource.destroy();
    throw error;
  }
}
