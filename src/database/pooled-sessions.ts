import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { poolOf } from './statements.js';

/** What connections are to have: see connect.ts. A pooler may drop what it is told at their start. */
const SETTINGS = {
  statement_timeout: '5s',
  idle_in_transaction_session_timeout: '30s',
  enable_seqscan: 'off',
  jit: 'off',
} as const;
/** PostgreSQL's own, with which nothing was asked for. */
const UNSET = ['0', 'on'];

const STATE = `select pg_backend_pid() as pid, ${Object.keys(SETTINGS)
  .map((name) => `current_setting('${name}') as ${name}`)
  .join(', ')}`;
const TRIES = 5;

/** What a pooler between this process and PostgreSQL does to connections. Without one: nothing. */
export interface PooledSessions {
  /** Each transaction may run in another session: prepared statements, LISTEN and locks of a session do not work. */
  readonly areShared: boolean;
  /** SQL for each setting that connections have not got, though they asked for it. */
  readonly lost: readonly string[];
}

type State = Readonly<Record<keyof typeof SETTINGS, string>> & { readonly pid: number };

/** A connection as pg has it: the process that the server named when it began. */
type NamedClient = PoolClient & { readonly processID?: number | null };

/** One round trip without a pooler. */
export async function lookAtSessions(dataSource: DataSource): Promise<PooledSessions> {
  const pool = poolOf(dataSource);
  const client: NamedClient = await pool.connect();
  try {
    const state = await stateOf(client);
    // A pooler answers a cancellation itself, so it names a process of its own.
    const isPooled = client.processID !== state.pid;
    return {
      areShared: isPooled && (await isMoved(client, pool)),
      lost: Object.entries(SETTINGS)
        .filter(([name]) => UNSET.includes(state[name as keyof typeof SETTINGS]))
        .map(([name, value]) => `${name} = '${value}'`),
    };
  } finally {
    client.release();
  }
}

/** Whether the client gets another session while a second client is in a transaction: the pooler gives the last one first. */
async function isMoved(client: PoolClient, pool: ReturnType<typeof poolOf>): Promise<boolean> {
  // A proxy that keeps a session for a client once it has prepared a statement does no harm.
  await client.query({ name: `probe_${randomUUID()}`, text: 'select 1' });
  const other = await pool.connect();
  let isInTransaction = false;
  try {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const { pid } = await stateOf(client);
      isInTransaction = true;
      await other.query('begin');
      await stateOf(other);
      const then = await stateOf(client).catch(nullWithoutAnswer);
      if (then === null) {
        // The pooler has no more sessions and has lent the client's own, unless nothing answers at all.
        await stateOf(other);
        return true;
      }
      await other.query('rollback');
      isInTransaction = false;
      if (then.pid !== pid) return true;
    }
    return false;
  } finally {
    // Closed in a transaction: the pool would give it to another, and the pooler could give nobody its session.
    other.release(isInTransaction);
  }
}

function nullWithoutAnswer(error: unknown): null {
  if (error instanceof Error && error.message === 'Query read timeout') return null;
  throw error;
}

async function stateOf(client: PoolClient): Promise<State> {
  const { rows } = await client.query<State>(STATE);
  const [state] = rows;
  if (state === undefined) throw new Error('a select without a table has one row');
  return state;
}
