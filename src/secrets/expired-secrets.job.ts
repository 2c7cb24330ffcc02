import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Gauge, Registry } from 'prom-client';
import { DueLoop } from '../database/due-loop.js';
import { type Statement, Statements } from '../database/statements.js';
import { SECOND } from '../shared/durations.js';

const INTERVAL = 15 * SECOND;
const BATCH_ROWS = 500;

// All partitions: the oldest expiry in each is one look into its index, and a day's partition also
// holds what expires on another day by the database's clock.
const OLDEST: Statement = {
  name: 'secrets_oldest_expired',
  text: `
    select coalesce(extract(epoch from now() - min(expires_at)), 0)::float8 as seconds
    from secrets where expires_at <= now()`,
};

// Secrets before receipts, as in the claim. Rows that somebody is claiming are left to them.
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
    )
    select count(*)::int as count from removed`,
};

/**
 * Deletes the ciphertext that is past its expiry, and the key sealed in its receipt, within seconds.
 * Like PartitionsJob it keeps no state and runs in every process; they share the work by skipping locked rows.
 */
@Injectable()
export class ExpiredSecretsJob implements OnModuleInit, OnModuleDestroy {
  readonly #oldest: Gauge;
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
    this.#oldest = new Gauge({
      name: 'gateway_oldest_expired_ciphertext_seconds',
      help: 'How long ago the oldest ciphertext still stored has expired; 0 when there is none.',
      registers: [registry],
    });
  }

  onModuleInit(): void {
    this.#loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#loop.stop();
  }

  /** Deletes all that has expired by now; resolves to the number of secrets. */
  async deleteExpired(): Promise<number> {
    const [oldest] = await this.statements.run<{ seconds: number }>(OLDEST, []);
    this.#oldest.set(oldest?.seconds ?? 0);
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
