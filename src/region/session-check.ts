import type { DataSource } from 'typeorm';
import { ConfigError } from '../config/config-error.js';
import type { Region } from '../config/region.js';
import { lookAtSessions } from '../database/pooled-sessions.js';
import { loggerFor } from '../shared/log-scope.js';

const SHARED =
  'a pooler in front of PostgreSQL gives each transaction another session: let the URL lead to PostgreSQL itself, or set the pooler to pool sessions (pool_mode=session)';

/**
 * Prepared statements, notifications and the lock of migrations belong to a session, and so do its settings.
 * @throws ConfigError when a pooler shares sessions
 */
export async function checkSessions(region: Region, dataSource: DataSource): Promise<void> {
  const { areShared, lost } = await lookAtSessions(dataSource);
  if (areShared)
    throw new ConfigError([
      { variable: `GATEWAY_DATABASE_URL_${region.toUpperCase()}`, message: SHARED },
    ]);
  if (lost.length === 0) return;
  const logger = loggerFor(checkSessions.name);
  logger.warn(
    { region, settings: lost },
    'connections to the database lack settings that they asked for, give them to its role',
  );
}
