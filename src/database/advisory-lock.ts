import { setTimeout as delay } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { poolOf } from './statements.js';

// A statement that waits in the server has a snapshot, and an index that is made concurrently under the lock waits for it.
const TRY = 'select pg_try_advisory_lock(hashtextextended($1, 0)) as held';
const POLL = 100;

/**
 * Runs `work` while this session holds the database's advisory lock `name`, and resolves to its result. Waits for the
 * lock without a limit. The lock is held by a connection of its own and released when that connection ends.
 */
export async function withAdvisoryLock<Result>(
  dataSource: DataSource,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const connection = await poolOf(dataSource).connect();
  // The next statement reports a lost connection. An `error` event without a listener would end the process.
  connection.on('error', () => {});
  try {
    while (!(await connection.query<{ held: boolean }>(TRY, [name])).rows[0]?.held)
      await delay(POLL);
    return await work();
  } finally {
    // Closed, not returned to the pool: this releases the lock in any state of the session.
    connection.release(true);
  }
}
