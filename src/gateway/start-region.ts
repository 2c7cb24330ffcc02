import { setTimeout as delay } from 'node:timers/promises';
import type { CellConfig } from '../config/cell-config.js';
import { connectDatabase } from '../database/connect.js';
import { migrateDatabase } from '../database/migrate.js';
import { startCell, type Cell, type CellStart } from '../region/cell.js';
import { SECOND } from '../shared/durations.js';

const RETRY_EVERY = 2 * SECOND;

export interface RegionStartOptions extends CellStart {
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  /** Called after the first try, whether it succeeded or not. */
  readonly onTried: () => void;
}

/**
 * Starts a region, and tries again every two seconds while it cannot: one region's trouble, its database away above
 * all, is no reason for the others not to serve. Resolves to null when the process stops first.
 */
export async function startRegion(
  config: CellConfig,
  { logger, localAuthority, signal, onTried }: RegionStartOptions,
): Promise<Cell | null> {
  while (!signal.aborted) {
    try {
      return await tryToStart(config, { logger, localAuthority });
    } catch (err) {
      logger.error({ region: config.region, err }, 'the region cannot serve yet');
    } finally {
      onTried();
    }
    await delay(RETRY_EVERY, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

async function tryToStart(config: CellConfig, start: CellStart): Promise<Cell> {
  const dataSource = await connectDatabase(config.databaseUrl);
  const { logger } = start;
  try {
    const migrations = await migrateDatabase(dataSource);
    if (migrations.length > 0)
      logger.info({ region: config.region, migrations }, 'migrations applied');
    return await startCell(config, dataSource, start);
  } catch (error) {
    // Not when the cell closed it: that would hide why it could not start.
    if (dataSource.isInitialized) await dataSource.destroy();
    throw error;
  }
}
