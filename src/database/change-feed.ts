import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { SECOND } from '../shared/durations.js';
import type { Hostname } from '../shared/hostname.js';
import { urlOf } from './connect.js';
import { DueLoop } from './due-loop.js';
import type { Statement, Statements } from './statements.js';

/** Called with the hostname that changed, or with null when any may have changed unseen. */
export type ChangeListener = (hostname: Hostname | null) => void;

interface ChangeFeedOptions {
  /** How often the table is read for lost notifications, in milliseconds. */
  readonly readEveryMs?: number;
  /** False in tests of lost notifications: no LISTEN. */
  readonly listens?: boolean;
}

const READ_EVERY = 15 * SECOND;
const RECONNECT_AFTER = SECOND;
const CONNECT_TIMEOUT = 3 * SECOND;
const ANSWER_TIMEOUT = 5 * SECOND;
// Shorter than what RECENT reads back: after a longer gap between two reads, rows may have been missed.
const GAP_MAX = 45 * SECOND;

/** More changes than that in a minute are not reported one by one. */
const RECENT_MAX = 5000;

// The newest first. Their order does not matter to listeners.
const RECENT: Statement = {
  name: 'domain_changes_recent',
  text: `
    select seq, hostname from domain_changes
    where changed_at > now() - interval '60 seconds' order by changed_at desc limit ${RECENT_MAX}`,
};

/**
 * Tells this process which hostnames changed in the region's database. NOTIFY arrives within milliseconds, on a
 * connection of its own. A notification can be lost, so the table is read as well.
 */
export class ChangeFeed implements OnModuleInit, OnModuleDestroy {
  readonly #listeners: ChangeListener[] = [];
  readonly #progressListeners: ChangeListener[] = [];
  readonly #listening: DueLoop;
  readonly #reading: DueLoop;
  #client: Client | null = null;
  #seen: ReadonlySet<string> = new Set();
  #lastRead = performance.now();
  #isStopped = false;

  constructor(
    private readonly dataSource: DataSource,
    private readonly statements: Statements,
    private readonly options: ChangeFeedOptions = {},
  ) {
    this.#listening = new DueLoop({
      name: 'ChangeFeed listen',
      round: () => this.#listen(),
      everyMs: RECONNECT_AFTER,
    });
    this.#reading = new DueLoop({
      name: 'ChangeFeed read',
      round: () => this.#read(),
      everyMs: options.readEveryMs ?? READ_EVERY,
    });
  }

  on(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Calls the listener also for what changes nothing for visitors: a check that has ended, an order that has moved. It is
   * only notified, so one may be lost: for pages that show how a set-up goes on.
   */
  onProgress(listener: ChangeListener): void {
    this.#progressListeners.push(listener);
    this.on(listener);
  }

  /** Does not wait for the database: a cell starts without it. */
  onModuleInit(): void {
    if (this.options.listens !== false) void this.#listening.startNow();
    this.#reading.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopped = true;
    const stopped = Promise.all([this.#listening.stop(), this.#reading.stop()]);
    await this.#client?.end().catch(() => {});
    await stopped;
  }

  /** One connection's life: resolves when the connection is lost, or could not be made. */
  async #listen(): Promise<void> {
    const client = new Client({
      connectionString: urlOf(this.dataSource),
      application_name: 'onetime-gateway changes',
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      query_timeout: ANSWER_TIMEOUT,
      keepAlive: true,
    });
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve()).on('end', () => resolve());
    });
    client.on('notification', ({ channel, payload }) => {
      if (payload === undefined) return;
      const isProgress = channel === 'domain_progress';
      this.#announce(payload as Hostname, isProgress ? this.#progressListeners : this.#listeners);
    });
    this.#client = client;
    try {
      // pg does not settle connect() when end() is called meanwhile; it emits `end`.
      await Promise.race([this.#subscribe(client), lost]);
      await lost;
    } catch {
      // DatabaseHealth logs a database that cannot be reached.
    } finally {
      this.#client = null;
      client.end().catch(() => {});
    }
  }

  async #subscribe(client: Client): Promise<void> {
    await client.connect();
    await client.query('listen domain_changes; listen domain_progress');
    // Nothing was notified before the LISTEN.
    this.#announce(null);
  }

  async #read(): Promise<void> {
    const listening = this.#requireAnswer(this.#client);
    const rows = await this.statements.run<{ seq: string; hostname: Hostname }>(RECENT, []);
    const now = performance.now();
    const isPartial = rows.length === RECENT_MAX;
    if (isPartial || now - this.#lastRead > GAP_MAX) this.#announce(null);
    this.#lastRead = now;
    const before = this.#seen;
    // Compares rows, not the highest seq: rows do not become visible in the order of their seq.
    this.#seen = new Set(rows.map(({ seq }) => seq));
    for (const { seq, hostname } of rows) if (!before.has(seq)) this.#announce(hostname);
    await listening;
  }

  /** Ends a connection that the network has dropped without a word: by itself it would stay silent for hours. */
  async #requireAnswer(client: Client | null): Promise<void> {
    try {
      await client?.query('select 1');
    } catch {
      client?.end().catch(() => {});
    }
  }

  #announce(
    hostname: Hostname | null,
    listeners: readonly ChangeListener[] = this.#listeners,
  ): void {
    if (this.#isStopped) return;
    for (const listener of listeners) listener(hostname);
  }
}
