import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { MINUTE, SECOND } from '../shared/durations.js';
import { urlOf } from './connect.js';
import { notConnected } from './connection-failure.js';
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
/** One failed probe, or one failed statement, is no outage. */
const FAILURES_UNTIL_FAILING = 3;
const SUCCESSES_UNTIL_WRITABLE = 2;
const PROBE_AGAIN_AFTER = 0.2 * SECOND;

// Commits: it fails on a standby, in read-only mode and when the log cannot be written.
const WRITE = 'update write_probes set written_at = now()';
// The new file of the truncated table is removed by the rollback: nothing is left behind.
const EXTEND = `
  begin;
  truncate write_probe_pages;
  insert into write_probe_pages (filler) values (repeat('x', 1000));
  rollback`;

/**
 * Whether the cell's database can be written to now. Only its own probes decide, on a connection of its own and several in
 * a row: a busy pool does not count as a failing server, and a failing server is noticed without any request.
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
  /** The next probe connects anew: a session that it has already says nothing about new ones. */
  #mustConnect = false;
  /** Probes in a row whose result contradicts `state`. */
  #contradictions = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  get state(): DatabaseState {
    return this.#state ?? 'unreachable';
  }

  async onModuleInit(): Promise<void> {
    poolOf(this.dataSource).on('error', () => this.#suspect());
    this.statements.onUnavailable(() => this.#suspect());
    await this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    await this.#client?.end().catch(() => {});
  }

  /** Probes at once, the disk included. What others saw decides nothing: a limit of our own may have refused them. */
  #suspect(): void {
    this.#extendAt = 0;
    this.#mustConnect = true;
    this.#loop.wake();
  }

  /** Resolves to the pause before the next probe, in milliseconds. */
  async #probe(): Promise<number> {
    const [seen, err] = await this.#write().then(
      () => ['writable', undefined] as const,
      (error: unknown) => [writeFailureOf(error), error] as const,
    );
    if (seen !== 'writable') this.#extendAt = 0;
    this.#observe(seen, err);
    if (this.#contradictions > 0) return PROBE_AGAIN_AFTER;
    return this.#state === 'writable' ? PROBE_EVERY : PROBE_EVERY_WHILE_FAILING;
  }

  /** Rejects, and discards the connection, when a write fails. */
  async #write(): Promise<void> {
    if (this.#mustConnect) this.#disconnect();
    const client = this.#client ?? this.#newClient();
    try {
      if (this.#client === null) await connected(client);
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

  #disconnect(): void {
    this.#mustConnect = false;
    const client = this.#client;
    this.#client = null;
    client?.end().catch(() => {});
  }

  #newClient(): Client {
    const client = new Client({
      connectionString: urlOf(this.dataSource),
      application_name: 'onetime-gateway health',
      connectionTimeoutMillis: PROBE_TIMEOUT,
      statement_timeout: PROBE_TIMEOUT,
      query_timeout: PROBE_TIMEOUT,
    });
    client.on('error', () => {
      if (this.#client !== client) return;
      this.#client = null;
      this.#suspect();
    });
    return client;
  }

  #observe(seen: DatabaseState, err: unknown): void {
    this.#contradictions = seen === this.#state ? 0 : this.#contradictions + 1;
    if (this.#contradictions < this.#enough(seen)) return;
    this.#contradictions = 0;
    this.#state = seen;
    if (seen === 'writable') this.#logger.info('database can be written');
    else this.#logger.warn({ state: seen, err }, 'database cannot be written');
  }

  /** The first probe decides alone. */
  #enough(seen: DatabaseState): number {
    if (this.#state === null) return 1;
    return seen === 'writable' ? SUCCESSES_UNTIL_WRITABLE : FAILURES_UNTIL_FAILING;
  }
}

async function connected(client: Client): Promise<void> {
  try {
    await client.connect();
  } catch (error) {
    throw notConnected(error as Error);
  }
}
