import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { BackgroundJob } from '../database/background-job.js';
import { DueLoop } from '../database/due-loop.js';
import { type Statement, Statements } from '../database/statements.js';
import { SECOND } from '../shared/durations.js';
import { EVENT_COLUMNS, receiptEvent } from './secret-events.js';

const INTERVAL = 15 * SECOND;
const BATCH_ROWS = 500;

// All processes delete: one of them in some seconds is enough to say so.
const RECORD: Statement = {
  name: 'purges_record',
  text: "update purges set purged_at = now() where purged_at < now() - interval '5 seconds'",
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
 * Deletes expired secrets and the secret key sealed in their receipts, within 15 seconds of the expiry. Keeps no state:
 * the processes share the work, because each skips the rows that another one has locked.
 */
@Injectable()
export class ExpiredSecretsJob extends BackgroundJob implements OnModuleDestroy {
  readonly #loop = new DueLoop({
    name: ExpiredSecretsJob.name,
    round: async () => {
      await this.deleteExpired();
    },
    everyMs: INTERVAL,
  });

  constructor(private readonly statements: Statements) {
    super();
  }

  protected override begin(): void {
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
    if (count < BATCH_ROWS) await this.statements.run(RECORD, []);
    return total;
  }
}
