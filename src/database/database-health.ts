import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { SECOND } from '../shared/durations.js';
import { urlOf } from './connect.js';
import { DueLoop } from './due-loop.js';
import { poolOf, Statements } from './statements.js';

const PROBE_EVERY = 5 * SECOND;
const PROBE_EVERY_WHILE_UNREACHABLE = SECOND;
const PROBE_TIMEOUT = 2 * SECOND;
/** One failed probe, or one failed statement, is no outage. */
const FAILURES_UNTIL_UNREACHABLE = 3;
const SUCCESSES_UNTIL_REACHABLE = 2;
const PROBE_AGAIN_AFTER = 0.2 * SECOND;

/**
 * Whether the cell's database can be reached now. Only its own probes decide, on a connection of its own and several in a
 * row: a busy pool does not count as an unreachable server, and an unreachable server is noticed without any request.
 */
@Injectable()
export class DatabaseHealth implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(DatabaseHealth.name);
  readonly #loop = new DueLoop({ name: DatabaseHealth.name, round: () => this.#probe() });
  #client: Client | null = null;
  #isReachable = false;
  /** Probes in a row whose result contradicts `isReachable`. */
  #contradictions = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
  ) {}

  get isReachable(): boolean {
    return this.#isReachable;
  }

  async onModuleInit(): Promise<void> {
    poolOf(this.dataSource).on('error', () => this.#suspect());
    this.statements.onUnavailable(() => this.#suspect());
    // The first probe decides alone.
    this.#isReachable = await this.#answers();
    if (!this.#isReachable) this.#logger.warn('database unreachable');
    else this.#logger.log('database reachable');
    await this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    await this.#client?.end().catch(() => {});
  }

  /** Probes at once. What others saw decides nothing: they may have been refused by a limit of our own. */
  #suspect(): void {
    this.#loop.wake();
  }

  /** Resolves to the pause before the next probe, in milliseconds. */
  async #probe(): Promise<number> {
    this.#observe(await this.#answers());
    if (this.#contradictions > 0) return PROBE_AGAIN_AFTER;
    return this.#isReachable ? PROBE_EVERY : PROBE_EVERY_WHILE_UNREACHABLE;
  }

  async #answers(): Promise<boolean> {
    const client = this.#client ?? this.#newClient();
    try {
      if (this.#client === null) await client.connect();
      await client.query('select 1');
      this.#client = client;
      return true;
    } catch {
      this.#client = null;
      client.end().catch(() => {});
      return false;
    }
  }

  #newClient(): Client {
    const client = new Client({
      connectionString: urlOf(this.dataSource),
      application_name: 'onetime-gateway health',
      connectionTimeoutMillis: PROBE_TIMEOUT,
      query_timeout: PROBE_TIMEOUT,
    });
    client.on('error', () => {
      if (this.#client !== client) return;
      this.#client = null;
      this.#suspect();
    });
    return client;
  }

  #observe(isReachable: boolean): void {
    this.#contradictions = isReachable === this.#isReachable ? 0 : this.#contradictions + 1;
    const enough = isReachable ? SUCCESSES_UNTIL_REACHABLE : FAILURES_UNTIL_UNREACHABLE;
    if (this.#contradictions < enough) return;
    this.#contradictions = 0;
    this.#isReachable = isReachable;
    if (isReachable) this.#logger.log('database reachable');
    else this.#logger.warn('database unreachable');
  }
}
