import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { SECOND } from '../shared/durations.js';
import { urlOf } from './connect.js';
import { poolOf, Statements } from './statements.js';

const PROBE_EVERY = 5 * SECOND;
const PROBE_EVERY_WHILE_AWAY = SECOND;
const PROBE_TIMEOUT = 2 * SECOND;

/**
 * Whether the cell's database can be reached now. It watches over a connection of its own, so that a busy pool
 * does not look like a lost server, and so that a lost server shows at once even when nobody asks for anything.
 */
@Injectable()
export class DatabaseHealth implements OnModuleInit, OnModuleDestroy {
  readonly #logger = new Logger(DatabaseHealth.name);
  #client: Client | null = null;
  #timer: NodeJS.Timeout | undefined;
  #probe: Promise<void> | null = null;
  #isReachable = false;
  #isStopped = false;

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
    await this.#look();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#probe;
    await this.#client?.end().catch(() => {});
  }

  /** Believes the bad news, and looks for itself at once. */
  #suspect(): void {
    this.#tell(false);
    if (!this.#isStopped) void this.#look();
  }

  /** One probe at a time; the next one follows by itself. */
  #look(): Promise<void> {
    clearTimeout(this.#timer);
    this.#probe ??= this.#lookOnce();
    return this.#probe;
  }

  async #lookOnce(): Promise<void> {
    const isReachable = await this.#ask();
    this.#probe = null;
    this.#tell(isReachable);
    if (this.#isStopped) return;
    const pause = isReachable ? PROBE_EVERY : PROBE_EVERY_WHILE_AWAY;
    this.#timer = setTimeout(() => void this.#look(), pause).unref();
  }

  async #ask(): Promise<boolean> {
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

  #tell(isReachable: boolean): void {
    if (isReachable === this.#isReachable) return;
    this.#isReachable = isReachable;
    if (isReachable) this.#logger.log('the database answers');
    else this.#logger.warn('the database is unreachable');
  }
}
