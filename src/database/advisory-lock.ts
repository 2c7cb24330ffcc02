import type { DataSource } from 'typeorm';
import { poolOf } from './statements.js';

const LOCK = {
  text: 'select pg_advisory_lock(hashtextextended($1, 0))',
  // The longest delay of a Node timer. Zero would mean the pool's query_timeout.
  query_timeout: 2 ** 31 - 1,
};

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
    await connection.query('set statement_timeout = 0');
    await connection.query({ ...LOCK, values: [name] });
    return await work();
  } finally {
    // Closed, not returned to the pool: this releases the lock in any state of the session.
    connection.release(true);
  }
}
