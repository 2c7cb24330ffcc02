import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { SECOND } from '../shared/durations.js';
import { loggerFor } from '../shared/log-scope.js';
import { RepeatedLine } from '../shared/repeated-line.js';
import { poolOf } from './statements.js';

// A statement that waits in the server has a snapshot, and an index that is made concurrently under the lock waits for it.
const TRY = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as held';
const POLL = 100;
/** Processes that start side by side wait for each other for a moment, which is no news. */
const SAID_AFTER = 2 * SECOND;

/**
 * Runs `work` while this session holds the database's advisory lock `name`, and resolves to its result. Waits for the
 * lock without a limit, and says so. The lock is held by a connection of its own and released when that connection ends.
 */
export async function withAdvisoryLock<Result>(
  dataSource: DataSource,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const connection = await poolOf(dataSource).connect();
  // The next statement reports a lost connection. An `error` event without a listener would end the process.
  connection.on('error', () => {});
  const logger = loggerFor(withAdvisoryLock.name);
  const line = new RepeatedLine();
  const saidAt = performance.now() + SAID_AFTER;
  try {
    while (!(await connection.query<{ held: boolean }>(TRY, [name])).rows[0]?.held) {
      if (performance.now() > saidAt && line.isDue(name))
        logger.info({ lock: name }, 'waits for a lock that another process holds');
      await delay(POLL);
    }
    return await work();
  } finally {
    // Closed, not returned to the pool: this releases the lock in any state of the session.
    connection.release(true);
  }
}
