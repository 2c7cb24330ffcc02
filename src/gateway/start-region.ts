import { setTimeout as delay } from 'node:timers/promises';
import type { CellConfig } from '../config/cell-config.js';
import { ConfigError } from '../config/config-error.js';
import type { Region } from '../config/region.js';
import { commitsLocally } from '../database/commit-level.js';
import { connectDatabase } from '../database/connect.js';
import { writeFailureOf } from '../database/write-failure.js';
import { startCell, type Cell, type CellStart } from '../region/cell.js';
import { DatabaseNotPrepared } from '../region/database-not-prepared.js';
import { prepareDatabase } from '../region/prepare-database.js';
import { SECOND } from '../shared/durations.js';
import { describeError, type Logger } from '../shared/logger.js';
import type { RegionState } from './region-states.js';
import { RepeatedLine } from '../shared/repeated-line.js';

const RETRY_EVERY = 2 * SECOND;

interface RegionStartOptions extends CellStart {
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
  /** Called after each attempt, whether it succeeded or not. */
  readonly onTried: () => void;
  /** Called after each attempt that failed and is made again, with what it waits for. */
  readonly onWaiting: (state: RegionState) => void;
  /** Called when the region's configuration does not fit its database. It is not tried again. */
  readonly onRefused: (error: ConfigError) => void;
}

/**
 * Starts the cell of a region and retries every two seconds while that fails, for example while its database is
 * unreachable or not prepared. Other regions are not affected. Resolves to null when the process stops first, and when the
 * region is refused.
 */
export async function startRegion(
  config: CellConfig,
  { signal, onTried, onWaiting, onRefused, ...start }: RegionStartOptions,
): Promise<Cell | null> {
  const { logger } = start;
  const line = new RepeatedLine();
  while (!signal.aborted) {
    try {
      return await tryToStart(config, start);
    } catch (err) {
      if (err instanceof ConfigError) {
        logger.error({ region: config.region, err }, 'region refused, its configuration is wrong');
        onRefused(err);
        return null;
      }
      const state = awaitedState(err);
      onWaiting(state);
      logWait({ logger, line }, { region: config.region, retryInMs: RETRY_EVERY, state }, err);
    } finally {
      onTried();
    }
    await delay(RETRY_EVERY, undefined, { signal }).catch(() => undefined);
  }
  return null;
}

/** `starting` when nobody can say what would help. */
function awaitedState(error: unknown): RegionState {
  if (error instanceof DatabaseNotPrepared) return 'database not prepared';
  const failure = writeFailureOf(error);
  return failure === 'refuses writes' ? 'starting' : `database ${failure}`;
}

interface WaitLog {
  readonly logger: Logger;
  readonly line: RepeatedLine;
}

/** Where the error was thrown is only said of one that is not understood. */
function logWait(
  { logger, line }: WaitLog,
  fields: { readonly region: Region; readonly state: RegionState; readonly retryInMs: number },
  err: unknown,
): void {
  const { frames: _, ...reason } = describeError(err);
  if (!line.isDue(JSON.stringify(reason))) return;
  if (fields.state === 'starting')
    logger.error({ ...fields, err }, 'region start failed, will retry');
  else logger.warn({ ...fields, reason }, 'region start waits, will retry');
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
