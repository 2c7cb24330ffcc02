import type { DataSource } from 'typeorm';
import { poolOf } from './statements.js';

const LOCK = {
  text: 'select pg_advisory_lock(hashtextextended($1, 0))',
  // The longest that a timer takes; zero would mean the pool's own timeout.
  query_timeout: 2 ** 31 - 1,
};

/**
 * Runs `work` while this session alone, of all processes on the database, holds the lock called `name`.
 * Waits for it without a bound. The lock lives on a connection of its own, and goes with it.
 */
export async function withAdvisoryLock<Result>(
  dataSource: DataSource,
  name: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const connection = await poolOf(dataSource).connect();
  // A lost connection shows in the next statement; without a listener it would end the process.
  connection.on('error', () => {});
  try {
    await connection.query('set statement_timeout = 0');
    await connection.query({ ...LOCK, values: [name] });
    return await work();
  } finally {
    // Closed, not given back: that frees the lock whatever state the session is in.
    connection.release(true);
  }
}
