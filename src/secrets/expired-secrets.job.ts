import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DueLoop } from '../database/due-loop.js';
import { type Statement, Statements } from '../database/statements.js';
import { SECOND } from '../shared/durations.js';
import { EVENT_COLUMNS, receiptEvent } from './secret-events.js';

const INTERVAL = 15 * SECOND;
const BATCH_ROWS = 500;

// Reads every partition: a day's partition also holds rows that expire on another day by the database's clock.
// The index of each gives its oldest expiry.
const OLDEST: Statement = {
  name: 'secrets_oldest_expired',
  text: `
    select coalesce(extract(epoch from now() - min(expires_at)), 0)::float8 as seconds
    from secrets where expires_at <= now()`,
};

// Locks secrets before receipts, as the claim does. Skips a row that a claim has locked.
const DELETE_EXPIRED: Statement = {
  name: 'secrets_delete_expired',
  text: `
    with expired as materialized (
      select lookup, expires_on from secrets where expires_at <= now()
      order by expires_at limit ${BATCH_ROWS} for update skip locked
    ), removed as (
      delete from secrets s using expired
      where s.lookup = expired.lookup and s.expires_on = expired.expires_on
      returning s.receipt_lookup, s.receipt_expires_on, s.expires_at
    ), erased as (
      update receipts r set sealed_secret_key = null,
        secret_expires_at = least(r.secret_expires_at, removed.expires_at)
      from removed
      where r.lookup = removed.receipt_lookup and r.expires_on = removed.receipt_expires_on
      returning ${EVENT_COLUMNS.replaceAll(/(\w+)/g, 'r.$1')}
    ), ${receiptEvent('erased', "'secret.expired'")}
    select count(*)::int as count from removed`,
};

/**
 * Deletes expired secrets and the secret key sealed in their receipts, within 15 seconds of the expiry. Keeps no state
 * and runs in every process: the processes share the work, because each skips the rows that another one has locked.
 */
@Injectable()
export class ExpiredSecretsJob implements OnModuleInit, OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: ExpiredSecretsJob.name,
    round: async () => {
      await this.deleteExpired();
    },
    everyMs: INTERVAL,
  });

  constructor(
    private readonly statements: Statements,
    registry: Registry,
  ) {
    // Measured when it is scraped: a job that does not run must not keep its last good value.
    const oldest = new Gauge({
      name: 'gateway_oldest_expired_ciphertext_seconds',
      help: 'How long ago the oldest ciphertext still stored has expired; 0 when there is none, NaN when the database cannot be asked.',
      registers: [],
      async collect() {
        const rows = await statements.run<{ seconds: number }>(OLDEST, []).catch(() => []);
        this.set(rows[0]?.seconds ?? Number.NaN);
      },
    });
    registry.registerMetric(oldest);
  }

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Deletes every secret that has expired by now, and resolves to their number. Ends early after a stop. */
  async deleteExpired(): Promise<number> {
    let total = 0;
    let count = BATCH_ROWS;
    while (count === BATCH_ROWS && !this.#loop.isStopped) {
      const [row] = await this.statements.run<{ count: number }>(DELETE_EXPIRED, []);
      count = row?.count ?? 0;
      total += count;
    }
    return total;
  }
}
