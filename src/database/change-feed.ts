import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import { urlOf } from './connect.js';
import type { Statement, Statements } from './statements.js';

/** Called with the name that changed, or with null when any may have changed unseen. */
export type ChangeListener = (hostname: Hostname | null) => void;

export interface ChangeFeedOptions {
  /** How often the table is read for what no notification told, in milliseconds. */
  readonly readEveryMs?: number;
  /** Off in tests of lost notifications. */
  readonly listens?: boolean;
}

const READ_EVERY = 15 * SECOND;
const RECONNECT_AFTER = SECOND;
const CONNECT_TIMEOUT = 3 * SECOND;
// Shorter than what RECENT looks back: with a longer gap between two reads something was missed.
const GAP_MAX = 45 * SECOND;

const RECENT: Statement = {
  name: 'domain_changes_recent',
  text: `
    select seq, hostname from domain_changes
    where changed_at > now() - interval '60 seconds' order by seq`,
};

/**
 * Tells every process of a region which names' serving changed in the database. A notification arrives within
 * milliseconds, on a connection of its own; since one can be lost, the table is read as well.
 */
export class ChangeFeed implements OnModuleInit, OnModuleDestroy {
  readonly #listeners: ChangeListener[] = [];
  #client: Client | null = null;
  #reconnect: NodeJS.Timeout | undefined;
  #reader: NodeJS.Timeout | undefined;
  #reading: Promise<void> | null = null;
  #seen: ReadonlySet<string> = new Set();
  #lastRead = performance.now();
  #isStopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
    private readonly options: ChangeFeedOptions = {},
  ) {}

  on(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /** Does not wait for the database: a cell starts without it. */
  onModuleInit(): void {
    if (this.options.listens !== false) void this.#listen();
    this.#reader = setInterval(() => {
      this.#reading ??= this.#read();
    }, this.options.readEveryMs ?? READ_EVERY).unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    clearInterval(this.#reader);
    clearTimeout(this.#reconnect);
    await this.#reading;
    await this.#client?.end().catch(() => {});
  }

  async #listen(): Promise<void> {
    const client = new Client({
      connectionString: urlOf(this.dataSource),
      application_name: 'onetime-gateway changes',
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
    });
    this.#client = client;
    client.on('error', () => this.#listenAgain(client));
    client.on('end', () => this.#listenAgain(client));
    client.on('notification', ({ payload }) => {
      if (payload !== undefined) this.#announce(payload as Hostname);
    });
    try {
      await client.connect();
      await client.query('listen domain_changes');
      // Nobody told us while we were not listening.
      this.#announce(null);
    } catch {
      this.#listenAgain(client);
    }
  }

  /** Once for each connection, however many ways it tells that it is lost. */
  #listenAgain(lost: Client): void {
    if (this.#client !== lost) return;
    this.#client = null;
    lost.end().catch(() => {});
    if (this.#isStopped) return;
    this.#reconnect = setTimeout(() => void this.#listen(), RECONNECT_AFTER).unref();
  }

  async #read(): Promise<void> {
    try {
      const rows = await this.statements.run<{ seq: string; hostname: Hostname }>(RECENT, []);
      const now = performance.now();
      if (now - this.#lastRead > GAP_MAX) this.#announce(null);
      this.#lastRead = now;
      const before = this.#seen;
      // By each row and not by the highest seq: rows do not become visible in their order.
      this.#seen = new Set(rows.map(({ seq }) => seq));
      for (const { seq, hostname } of rows) if (!before.has(seq)) this.#announce(hostname);
    } catch {
      // The next read tells; see #lastRead.
    } finally {
      this.#reading = null;
    }
  }

  #announce(hostname: Hostname | null): void {
    if (this.#isStopped) return;
    for (const listener of this.#listeners) listener(hostname);
  }
}
