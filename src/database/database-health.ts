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

/**
 * Whether the cell's database can be reached now. Probes on a connection of its own: a busy pool does not count as an
 * unreachable server, and an unreachable server is noticed without any request.
 */
@Injectable()
export class DatabaseHealth implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(DatabaseHealth.name);
  readonly #loop = new DueLoop({ name: DatabaseHealth.name, round: () => this.#probe() });
  #client: Client | null = null;
  #isReachable = false;

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
    await this.#loop.startNow();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
    await this.#client?.end().catch(() => {});
  }

  /** Marks the database unreachable and probes it immediately. */
  #suspect(): void {
    this.#mark(false);
    this.#loop.wake();
  }

  /** Resolves to the pause before the next probe, in milliseconds. */
  async #probe(): Promise<number> {
    const isReachable = await this.#answers();
    this.#mark(isReachable);
    return isReachable ? PROBE_EVERY : PROBE_EVERY_WHILE_UNREACHABLE;
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

  #mark(isReachable: boolean): void {
    if (isReachable === this.#isReachable) return;
    this.#isReachable = isReachable;
    if (isReachable) this.#logger.log('database reachable');
    else this.#logger.warn('database unreachable');
  }
}
