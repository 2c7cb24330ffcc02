import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { DataSource } from 'typeorm';
import type { SyncClaims } from '../config/sync-claims.js';
import { SECOND } from '../shared/durations.js';
import { AppError, unavailable } from '../shared/app-error.js';
import { poolOptions, urlOf } from './connect.js';
import { withCommitLevel } from './commit-level.js';
import { FairPool } from './fair-pool.js';
import { StandbyWatch } from './standby-watch.js';

/** The standby does not answer for minutes where it is replaced; a client that comes back sooner asks in vain. */
const RETRY_AFTER_SECONDS = 10;
/** A claim that takes longer has the standby looked at. */
const SLOW = SECOND;

/**
 * The connections on which claims commit: each waits there until the synchronous standby has it, and no other statement
 * waits behind them. Without GATEWAY_SYNC_CLAIMS there are none, and a claim commits like every statement.
 */
@Injectable()
export class ClaimConnections implements OnModuleInit, OnApplicationShutdown {
  readonly #pool: FairPool | null = null;
  readonly #watch: StandbyWatch | null = null;
  /** Those on which a commit was let go before the standby had it. */
  readonly #unconfirmed = new WeakSet<PoolClient>();

  constructor(dataSource: DataSource, level: SyncClaims | null) {
    if (level === null) return;
    const url = withCommitLevel(urlOf(dataSource), level);
    this.#watch = new StandbyWatch(url);
    this.#pool = new FairPool({ ...poolOptions(), connectionString: url });
    // The pool removes a broken idle connection by itself; DatabaseHealth logs it.
    this.#pool.on('error', () => {});
    this.#pool.on('connect', (client) => {
      // The statement reports a lost connection. An `error` event without a listener would end the process.
      client.on('error', () => {});
      client.on('notice', ({ routine }) => {
        if (routine === 'SyncRepWaitForLSN') this.#unconfirmed.add(client);
      });
    });
  }

  get isUsed(): boolean {
    return this.#pool !== null;
  }

  /** Null: none are used. */
  get pool(): FairPool | null {
    return this.#pool;
  }

  async onModuleInit(): Promise<void> {
    await this.#watch?.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#watch?.stop();
    await this.#pool?.end();
  }

  /** @throws AppError `unavailable` while the standby does not answer: a claim would be refused */
  requireConfirmed(): void {
    if (this.#watch?.state === 'silent') throw standbySilent();
  }

  /**
   * Runs a claim. It has won only if this resolves: what the standby does not have may be undone by a failover.
   * @throws AppError `unavailable` before anything is claimed while the standby does not answer, and when it fell silent
   * during the claim: the secret may be gone then, and nobody has got it
   */
  async query<Row extends QueryResultRow>(query: QueryConfig): Promise<QueryResult<Row>> {
    if (this.#pool === null) throw new Error('claims commit like every statement here');
    this.requireConfirmed();
    const client = await this.#pool.connect();
    const slow = setTimeout(() => this.#watch?.wake(), SLOW);
    let failure: Error | undefined;
    try {
      const result = await queryOn<Row>(client, query);
      if (this.#unconfirmed.has(client)) throw standbySilent();
      return result;
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      clearTimeout(slow);
      // As pg's own pool does: a connection of a failed statement is closed.
      client.release(failure);
    }
  }
}

/** By a callback, as pg's own pool does: a PreparedQuery has no promise. */
function queryOn<Row extends QueryResultRow>(
  client: PoolClient,
  query: QueryConfig,
): Promise<QueryResult<Row>> {
  return new Promise((resolve, reject) => {
    client.query<Row>(query, (error: Error | null, result: QueryResult<Row>) => {
      if (error) reject(error);
      else resolve(result);
    });
  });
}

function standbySilent(): AppError {
  const { message } = unavailable(null);
  return new AppError('unavailable', message, {
    cause: new Error('the synchronous standby does not confirm commits'),
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
