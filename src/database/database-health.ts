import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MINUTE, SECOND } from '../shared/durations.js';
import { urlOf } from './connect.js';
import { DueLoop } from './due-loop.js';
import { poolOf, Statements } from './statements.js';
import { writeFailureOf, type WriteFailure } from './write-failure.js';
import { loggerFor } from '../shared/log-scope.js';

/** Whether a write would work now, or why it would not. */
export type DatabaseState = 'writable' | WriteFailure;

const PROBE_EVERY = 5 * SECOND;
const PROBE_EVERY_WHILE_FAILING = SECOND;
const PROBE_TIMEOUT = 2 * SECOND;
/** A full disk does not fail an UPDATE within a page. Trying to extend a table costs more, so it is done more rarely. */
const EXTEND_EVERY = MINUTE;

// Commits: it fails on a standby, in read-only mode and when the log cannot be written.
const WRITE = 'update write_probes set written_at = now()';
// The new file of the truncated table is removed by the rollback: nothing is left behind.
const EXTEND = `
  begin;
  truncate write_probe_pages;
  insert into write_probe_pages (filler) values (repeat('x', 1000));
  rollback`;

/**
 * Whether the cell's database can be written to now. Probes on a connection of its own: a busy pool does not count as a
 * failing server, and a failing server is noticed without any request.
 */
@Injectable()
export class DatabaseHealth implements OnModuleInit, OnModuleDestroy {
  readonly #logger = loggerFor(DatabaseHealth.name);
  readonly #loop = new DueLoop({ name: DatabaseHealth.name, round: () => this.#probe() });
  #client: Client | null = null;
  /** Null before the first probe. */
  #state: DatabaseState | null = null;
  /** By performance.now(). */
  #extendAt = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  get state(): DatabaseState {
    return this.#state ?? 'unreachable';
  }

  async onModuleInit(): Promise<void> {
    poolOf(this.dataSource).on('error', (error) => this.#suspect(error));
    this.statements.onUnavailable((error) => this.#suspect(error));
    await this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    await this.#client?.end().catch(() => {});
  }

  /** Marks the database as failing and probes it immediately, the disk included. */
  #suspect(error: unknown): void {
    this.#extendAt = 0;
    this.#mark(writeFailureOf(error), error);
    this.#loop.wake();
  }

  /** Resolves to the pause before the next probe, in milliseconds. */
  async #probe(): Promise<number> {
    try {
      await this.#write();
      this.#mark('writable');
      return PROBE_EVERY;
    } catch (error) {
      this.#extendAt = 0;
      this.#mark(writeFailureOf(error), error);
      return PROBE_EVERY_WHILE_FAILING;
    }
  }

  /** Rejects, and discards the connection, when a write fails. */
  async #write(): Promise<void> {
    const client = this.#client ?? this.#newClient();
    try {
      if (this.#client === null) await client.connect();
      await client.query(WRITE);
      if (performance.now() >= this.#extendAt) {
        await client.query(EXTEND);
        this.#extendAt = performance.now() + EXTEND_EVERY;
      }
      this.#client = client;
    } catch (error) {
      this.#client = null;
      client.end().catch(() => {});
      throw error;
    }
  }

  #newClient(): Client {
    const client = new Client({
      connectionString: urlOf(this.dataSource),
      application_name: 'onetime-gateway health',
      connectionTimeoutMillis: PROBE_TIMEOUT,
      statement_timeout: PROBE_TIMEOUT,
      query_timeout: PROBE_TIMEOUT,
    });
    client.on('error', (error) => {
      if (this.#client !== client) return;
      this.#client = null;
      this.#suspect(error);
    });
    return client;
  }

  #mark(state: DatabaseState, err?: unknown): void {
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'writable') this.#logger.info('database can be written');
    else this.#logger.warn({ state, err }, 'database cannot be written');
  }
}
